"""What the addresses of keys, grids and sheets have in common: lists, one version, citations."""

from typing import Annotated, Final, Literal

import orjson
from fastapi import Path, Query, Request, Response

from observatory.keys import citing, drafting, service
from observatory.keys.drafting import VersionPublished
from observatory.keys.schemas import Listing
from observatory.keys.service import CitedKind, CitedUnknown
from observatory.structures.catalogue import Catalogue
from observatory.structures.service import (
    ArtefactForeign,
    StructureInvalid,
    VersionIncompatible,
)
from platformkit import etags, open_data
from platformkit.auth import Principal, needs
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import Stale
from platformkit.pagination import PageRequest, paged

Publisher = Annotated[Principal, needs("observatory:publish")]
AgencyPath = Annotated[str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
IdPath = Annotated[str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
VersionPath = Annotated[
    str,
    Path(
        max_length=60,
        description="`1.0.0`, `latest` the newest published, `1.0+` from there on, `~` drafts too",
    ),
]
AgencyAsked = Annotated[str, Query(max_length=64, description="`*` is any")]
VersionsAsked = Annotated[str, Query(max_length=60, description="`*` all of them, drafts too")]
CitationFormat = Literal["txt", "json", "bib"]

_MEDIA_TYPES: Final = {
    "txt": "text/plain; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex; charset=utf-8",
}
CITATIONS: Final = open_data.KEPT | {
    200: {
        "description": "The citation: a sentence, CSL-JSON or BibTeX",
        "content": {each.partition(";")[0]: {} for each in _MEDIA_TYPES.values()},
    }
}

DRAFTED: Final = problems(
    ArtefactForeign,
    StructureInvalid,
    VersionPublished,
    VersionIncompatible,
    Stale,
    PreconditionRequired,
)
"""What the writing of a draft may be answered with."""

PUBLISHED: Final = DRAFTED | problems(CitedUnknown)
"""What its publication may be answered with."""


def listing(
    request: Request,
    structures: Catalogue,
    kind: CitedKind,
    paging: PageRequest,
    asked: tuple[str, str],
    indicator: str | None = None,
) -> Response:
    """Answer with a page; `asked` are agency and version, with an indicator those about it."""
    agency, version = asked
    rows = list(structures.listed(kind, agency, version=version))
    if indicator is not None:
        rows = service.about(structures, rows, indicator)
    found = paged(
        paging,
        rows,
        lambda each: [each.agency, each.id, list(each.version.order)],
        service.listed,
    )
    body = Listing(**dict(found)).model_dump_json().encode()
    return open_data.answer(request, body, translated=True)


def one(
    request: Request, structures: Catalogue, kind: CitedKind, agency: str, name: str, version: str
) -> Response:
    """Answer with one version in both languages; its tag is what a change must name."""
    found = service.cited(structures, kind, agency, name, version)
    return open_data.answer(request, drafting.shown(structures, kind, found), seconds=0)


def citation(
    request: Request,
    structures: Catalogue,
    kind: CitedKind,
    place: tuple[str, str, str],
    suffix: CitationFormat,
) -> Response:
    """Answer with the citation of one version."""
    found = service.citation(structures, kind, service.cited(structures, kind, *place))
    if suffix == "json":
        body = orjson.dumps(citing.csl(found))
    else:
        body = (citing.sentence(found) if suffix == "txt" else citing.bibtex(found)).encode()
    return open_data.answer(request, body, translated=True, media_type=_MEDIA_TYPES[suffix])


def kept(body: bytes) -> Response:
    """Answer a write with what was kept, and its tag."""
    headers = {"etag": etags.of_bytes(body)}
    return Response(body, media_type="application/json", headers=headers)
