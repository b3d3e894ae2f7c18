"""HTTP of SDMX structure queries: REST 2.2.2 under `/sdmx/v2`, REST 1.x under `/sdmx/v1`."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from observatory.observations import parsing
from observatory.sdmx import addresses, identification, selecting, structure_messages
from observatory.sdmx.artefact_types import ALIASES, CLASSES, EVERY, HELD_NOT, WITH_ITEMS
from observatory.sdmx.identification import PathMalformed
from observatory.sdmx.negotiation import NotAcceptable, negotiate
from observatory.sdmx.selecting import WALKS, Detail
from observatory.sdmx.structure_answers import answer
from observatory.sdmx.structure_messages import StructuresNotFound
from observatory.structures.library import Structures
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import Fault, Invalid, problems
from platformkit.i18n import Text
from platformkit.reads import Reads

router = APIRouter(tags=["sdmx"], dependencies=[public(), counted_as("sdmx")])

_V2: Final = (
    structure_messages.JSON_2_0,
    structure_messages.JSON_2_1,
    structure_messages.XML_3_0,
)
_V1: Final = (structure_messages.XML_2_1,)

_LAST: Final = (
    ("agency", "Ids of agencies, separated by commas; `*` any"),
    ("resource", "Ids of artefacts, separated by commas; `*` any"),
    ("version", "`1.0.0`, `~` newest, `+` newest stable, `*` all, `1.2+.0`; commas are or"),
    ("item", "Ids of items, of schemes only"),
)
_SEGMENTS: Final = (("type", "`codelist`, `dataflow`, …; `*` any"), *_LAST)


async def _query(
    request: Request,
    detail: Annotated[Detail, Query(description="how much of each artefact")] = "full",
    references: Annotated[
        str,
        Query(
            max_length=500,
            description="`none`, `children`, `descendants`, `parents`, `parentsandsiblings`,"
            " `ancestors`, `all`, or types of artefacts",
        ),
    ] = "none",
    asOf: Annotated[  # noqa: N803  # SDMX's name
        str | None, Query(max_length=40, description="as it was at that instant")
    ] = None,
) -> selecting.Query:
    is_2_1 = request.url.path.startswith("/sdmx/v1/")
    segments = request.path_params
    types = _types(segments.get("type", "*"))
    pattern = identification.parse(segments, newest="+" if is_2_1 else "~")
    if pattern.items and (types is None or not types <= WITH_ITEMS | HELD_NOT):
        raise _malformed("item", "Ce type n’a pas d’éléments.", "This type has no items.")
    faults: list[Fault] = []
    as_of = parsing.instant(asOf, "asOf", faults) if asOf is not None else None
    wanted = _references(references, faults)
    if faults:
        raise Invalid(faults)
    return selecting.Query(types, pattern, detail, wanted, as_of, drafts=not is_2_1)


def _types(given: str) -> frozenset[str] | None:
    if given in EVERY:
        return None
    found = ALIASES.get(given, given)
    if found not in CLASSES and found not in HELD_NOT:
        raise _malformed(
            "type", "Ce type d’artefact n’existe pas.", "There is no such type of artefact."
        )
    return frozenset({found})


def _references(given: str, faults: list[Fault]) -> frozenset[str]:
    wanted = frozenset(ALIASES.get(each, each) for each in given.split(","))
    if not wanted <= WALKS | CLASSES.keys() | HELD_NOT:
        message = Text("Valeur inconnue de SDMX-REST.", "A value that SDMX-REST does not know.")
        faults.append(Fault("/references", "sdmx-references-unknown", message, where="query"))
    return wanted


def _malformed(segment: str, fr: str, en: str) -> PathMalformed:
    problem = PathMalformed()
    problem.faults = [Fault(f"/{segment}", PathMalformed.code, Text(fr, en), where="path")]
    return problem


Asked = Annotated[selecting.Query, Depends(_query)]


async def read_sdmx_structures(
    request: Request, reads: Reads, structures: Structures, query: Asked
) -> Response:
    """Read structures by SDMX-REST 2.2.2; parts left out of the address are wildcards.

    SDMX-JSON 2.0 unless `Accept` says 2.1 or SDMX-ML 3.0. Nothing found is a 404.
    """
    form = negotiate(request.headers.get("accept"), _V2).format
    return await answer(request, reads, structures, query, form)


async def read_sdmx_2_1_structures(
    request: Request, reads: Reads, structures: Structures, query: Asked
) -> Response:
    """Read structures by SDMX-REST 1.x, in SDMX-ML 2.1; drafts have no version there.

    Nothing found is a 404.
    """
    form = negotiate(request.headers.get("accept"), _V1).format
    return await answer(request, reads, structures, query, form)


_RESPONSES: Final = open_data.KEPT | problems(
    PathMalformed, NotAcceptable, StructuresNotFound, Invalid
)
addresses.register(
    router,
    "/sdmx/v2/structure",
    _SEGMENTS,
    read_sdmx_structures,
    response_class=Response,
    responses=_RESPONSES,
)
addresses.register(
    router,
    "/sdmx/v1",
    _SEGMENTS,
    read_sdmx_2_1_structures,
    required=1,
    response_class=Response,
    responses=_RESPONSES,
)
