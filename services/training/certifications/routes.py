"""HTTP of the certifications: open data, read by anyone."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import moments
from training.certifications import service as certifications
from training.certifications.lifecycle import State
from training.certifications.moments import Asked, MomentAmbiguous
from training.certifications.numbers import Directory
from training.certifications.records import Audience, Theme
from training.certifications.schemas import (
    BlocsRead,
    CertificationRead,
    CertificationSummary,
    DescriptionRead,
    QualityRead,
)
from training.certifications.service import (
    BatchTooLarge,
    CertificationAmbiguous,
    CertificationNumberInvalid,
    CertificationUnknown,
    CertificationWithdrawn,
    Filters,
)

router = APIRouter(prefix="/v1/certifications", tags=["certifications"], dependencies=[public()])

Number = Annotated[
    str,
    Path(max_length=100, description="`RNCP37827`, `rncp 37827`, `37827`", examples=["RS7423"]),
]
Licences = Annotated[
    list[Annotated[str, Query(max_length=100)]] | None,
    Query(
        max_length=10,
        description="of the source of the facts, as each record says it",
        examples=[["Licence Ouverte 2.0"]],
    ),
]
NAMED: Final = (CertificationUnknown, CertificationAmbiguous, CertificationNumberInvalid)
"""What a route may answer that names one certification."""


def _filters(
    *,
    q: Annotated[str | None, Query(max_length=200, description="words, accents ignored")] = None,
    directory: Annotated[Directory | None, Query()] = None,
    level: Annotated[list[Annotated[int, Query(ge=1, le=8)]] | None, Query()] = None,
    audience: Annotated[list[Audience] | None, Query()] = None,
    state: Annotated[list[State] | None, Query(description="derived from the dates")] = None,
    numbers: Annotated[
        list[str] | None,
        Query(description="at most 50, repeated or separated by commas; unknown ones are left out"),
    ] = None,
    theme: Annotated[list[Theme] | None, Query(description="one of them is enough")] = None,
    rome: Annotated[
        list[Annotated[str, Query(pattern=r"^[A-Na-n][0-9]{4}$")]] | None,
        Query(max_length=50, description="the job, or the ROME 3 job it comes from"),
    ] = None,
    licence: Licences = None,
    match: Annotated[
        Literal["all", "any"],
        Query(description="`any`: one of `numbers`, `theme` and `rome` is enough"),
    ] = "all",
) -> Filters:
    given = [part for value in numbers or () for part in value.split(",") if part.strip()]
    return Filters(
        words=q,
        directory=directory,
        levels=level or (),
        audience=audience or (),
        states=state or (),
        numbers=given,
        themes=theme or (),
        jobs=rome or (),
        licences=licence or (),
        need_any=match == "any",
    )


@router.get(
    "",
    response_model=Page[CertificationSummary],
    responses=open_data.KEPT
    | problems(
        CertificationNumberInvalid, BatchTooLarge, CursorRefused, MomentAmbiguous, FieldUnknown
    ),
)
async def list_certifications(
    request: Request,
    reads: Reads,
    paging: Paging,
    filters: Annotated[Filters, Depends(_filters)],
    asked: Asked,
    sparse: Annotated[Sparse, fields_of(CertificationSummary)],
) -> Response:
    """List certifications: the RS before the RNCP, the newest number first."""
    body = await certifications.listed(reads, filters, paging, asked.day)
    return open_data.answer(request, sparse.page(body), seconds=asked.seconds)


@router.get(
    "/{number}",
    response_model=CertificationRead,
    responses=open_data.KEPT
    | problems(*NAMED, CertificationWithdrawn, MomentAmbiguous, FieldUnknown),
)
async def read_certification(
    request: Request,
    reads: Reads,
    number: Number,
    asked: Asked,
    sparse: Annotated[Sparse, fields_of(CertificationRead)],
) -> Response:
    """Read a certification, also one that has ended: its state and its successors say so."""
    body = await certifications.read(reads, number, asked.day)
    return open_data.answer(request, sparse.document(body), seconds=asked.seconds)


@router.get(
    "/{number}/blocs",
    response_model=BlocsRead,
    responses=open_data.KEPT | problems(*NAMED, CertificationWithdrawn, FieldUnknown),
)
async def read_certification_blocs(
    request: Request, reads: Reads, number: Number, sparse: Annotated[Sparse, fields_of(BlocsRead)]
) -> Response:
    """Read the competency blocs of a certification, in the order of the fiche."""
    return open_data.answer(request, sparse.document(await certifications.blocs(reads, number)))


@router.get(
    "/{number}/description",
    response_model=DescriptionRead,
    responses=open_data.KEPT | problems(*NAMED, CertificationWithdrawn, FieldUnknown),
)
async def read_certification_description(
    request: Request,
    reads: Reads,
    number: Number,
    sparse: Annotated[Sparse, fields_of(DescriptionRead)],
) -> Response:
    """Read what the directory tells of a certification in prose and figures."""
    body = await certifications.description(reads, number)
    return open_data.answer(request, sparse.document(body))


@router.get(
    "/{number}/quality",
    response_model=QualityRead,
    responses=open_data.KEPT | problems(*NAMED, CertificationWithdrawn, FieldUnknown),
)
async def read_certification_quality(
    request: Request,
    reads: Reads,
    number: Number,
    sparse: Annotated[Sparse, fields_of(QualityRead)],
) -> Response:
    """Say how completely the directory informs about a certification, and what is missing."""
    found = QualityRead.of(await certifications.judged(reads, number))
    return open_data.answer(request, sparse.document(found.model_dump_json().encode()))


async def hot_certification(request: Request, number: str) -> Response:
    """Read a certification as `read_certification` does, now and without its machinery."""
    asked = moments.now()
    body = await certifications.read(request.app.state.reads, number, asked.day)
    return open_data.answer(request, body, seconds=asked.seconds)
