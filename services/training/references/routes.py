"""HTTP of the nomenclatures: open data, read by anyone."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.paris import day_in_paris
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from platformkit.wire import Day
from training.certifications import lifecycle
from training.references import service as references
from training.references.concepts import Scheme
from training.references.schemas import ConceptRead, ConceptSummary, RomeRead, VersionRead
from training.references.service import (
    Filters,
    ReferenceCodeUnknown,
    ReferenceCodeWithdrawn,
    ReferenceVersionUnknown,
    RomeUnknown,
)


class _RomeCode(Convertor[str]):
    """Tells `/rome/M1805`, a job, from `/rome/460`, a version."""

    regex = "[A-Na-n][0-9]{4}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("rome", _RomeCode())

router = APIRouter(prefix="/v1/references", tags=["references"], dependencies=[public()])

Version = Annotated[
    str, Path(max_length=40, description="`latest`, or as the list says it", examples=["latest"])
]
On = Annotated[
    Day | None,
    Query(
        description="as of that day: `latest` is the release then out, codes are judged by their"
        " dates; today by default"
    ),
]


def _day(on: date | None) -> tuple[date, int]:
    """Return the day that is asked, and how many seconds its answer stays true."""
    now = datetime.now(UTC)
    if on is None:
        return day_in_paris(now), lifecycle.seconds_left(now)
    return on, open_data.LONGEST_SECONDS


def _filters(
    *,
    q: Annotated[
        str | None, Query(max_length=200, description="part of a code or of words of the label")
    ] = None,
    broader: Annotated[str | None, Query(max_length=40, examples=["DEP-59"])] = None,
    kind: Annotated[str | None, Query(max_length=40, examples=["commune"])] = None,
    ended: Annotated[bool, Query(description="also codes that are not valid on the day")] = False,
) -> Filters:
    return Filters(q, broader, kind, ended)


@router.get(
    "",
    response_model=Page[VersionRead],
    responses=open_data.KEPT | problems(CursorRefused, FieldUnknown),
)
async def list_references(
    request: Request,
    reads: Reads,
    paging: Paging,
    sparse: Annotated[Sparse, fields_of(VersionRead)],
) -> Response:
    """List the nomenclatures that are held, each release with its date and licence."""
    return open_data.answer(request, sparse.page(await references.versions(reads, paging)))


@router.get(
    "/rome/{code:rome}",
    response_model=RomeRead,
    responses=open_data.KEPT | problems(RomeUnknown, FieldUnknown),
)
async def read_rome_job(
    request: Request,
    reads: Reads,
    code: Annotated[str, Path(pattern=r"^[A-Na-n][0-9]{4}$", examples=["M1805"])],
    sparse: Annotated[Sparse, fields_of(RomeRead)],
) -> Response:
    """Read the label of a job of ROME 4, and the ROME 3 job that it comes from."""
    return open_data.answer(request, sparse.document(await references.read_rome(reads, code)))


@router.get(
    "/{scheme}/{version}",
    response_model=Page[ConceptSummary],
    responses=open_data.KEPT | problems(ReferenceVersionUnknown, CursorRefused, FieldUnknown),
)
async def list_reference_concepts(
    request: Request,
    reads: Reads,
    paging: Paging,
    filters: Annotated[Filters, Depends(_filters)],
    scheme: Scheme,
    version: Version,
    sparse: Annotated[Sparse, fields_of(ConceptSummary)],
    on: On = None,
) -> Response:
    """List or search the codes of a version; accents and case do not matter."""
    day, seconds = _day(on)
    body = await references.listed(reads, scheme, version, filters, paging, day)
    return open_data.answer(request, sparse.page(body), seconds=seconds)


@router.get(
    "/{scheme}/{version}/{code}",
    response_model=ConceptRead,
    responses=open_data.KEPT
    | problems(ReferenceVersionUnknown, ReferenceCodeUnknown, ReferenceCodeWithdrawn, FieldUnknown),
)
async def read_reference_concept(
    request: Request,
    reads: Reads,
    scheme: Scheme,
    version: Version,
    code: Annotated[str, Path(max_length=40, examples=["M1805"])],
    sparse: Annotated[Sparse, fields_of(ConceptRead)],
    on: On = None,
) -> Response:
    """Read a code with its place in the tree; an obsolete one says what replaces it."""
    day, seconds = _day(on)
    body = await references.read(reads, scheme, version, code, day)
    return open_data.answer(request, sparse.document(body), seconds=seconds)
