"""HTTP of the certifications: open data, read by anyone."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.wire import Day, Instant
from training.certifications import lifecycle
from training.certifications import service as certifications
from training.certifications.lifecycle import State
from training.certifications.numbers import Directory
from training.certifications.records import Audience, Theme
from training.certifications.schemas import (
    BlocsRead,
    CertificationRead,
    CertificationSummary,
    ContinuityRead,
)
from training.certifications.service import (
    BatchTooLarge,
    CertificationAmbiguous,
    CertificationNumberInvalid,
    CertificationUnknown,
    Filters,
)

router = APIRouter(prefix="/v1/certifications", tags=["certifications"], dependencies=[public()])

Number = Annotated[
    str,
    Path(max_length=100, description="`RNCP37827`, `rncp 37827`, `37827`", examples=["RS7423"]),
]
At = Annotated[
    Instant | None,
    Query(
        ge=datetime(1970, 1, 1, tzinfo=UTC),
        le=datetime(2200, 1, 1, tzinfo=UTC),
        description="the state at that instant, in the legal time of Paris; now by default",
    ),
]
_ONE = open_data.KEPT | problems(
    CertificationUnknown, CertificationAmbiguous, CertificationNumberInvalid
)


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
        need_any=match == "any",
    )


def _day(at: datetime | None) -> tuple[date, int]:
    """Return the legal day that is asked, and how many seconds its answer stays true."""
    now = datetime.now(UTC)
    if at is None:
        return lifecycle.legal_day(now), lifecycle.seconds_left(now)
    return lifecycle.legal_day(at), open_data.MAX_AGE_SECONDS


@router.get(
    "",
    response_model=Page[CertificationSummary],
    responses=open_data.KEPT | problems(CertificationNumberInvalid, BatchTooLarge, CursorRefused),
)
async def list_certifications(
    request: Request,
    reads: Reads,
    paging: Paging,
    filters: Annotated[Filters, Depends(_filters)],
    at: At = None,
) -> Response:
    """List certifications: the RS before the RNCP, the newest number first."""
    day, seconds = _day(at)
    body = await certifications.listed(reads, filters, paging, day)
    return open_data.answer(request, body, seconds=seconds)


@router.get("/{number}", response_model=CertificationRead, responses=_ONE)
async def read_certification(
    request: Request, reads: Reads, number: Number, at: At = None
) -> Response:
    """Read a certification, also one that has ended: its state and its successors say so."""
    day, seconds = _day(at)
    body = await certifications.read(reads, number, day)
    return open_data.answer(request, body, seconds=seconds)


@router.get("/{number}/blocs", response_model=BlocsRead, responses=_ONE)
async def read_certification_blocs(request: Request, reads: Reads, number: Number) -> Response:
    """Read the competency blocs of a certification, in the order of the fiche."""
    return open_data.answer(request, await certifications.blocs(reads, number))


@router.get("/{number}/continuity", response_model=ContinuityRead, responses=_ONE)
async def read_certification_continuity(
    request: Request,
    reads: Reads,
    number: Number,
    on: Annotated[Day | None, Query(description="the day, in France; today by default")] = None,
) -> Response:
    """Say whether one may enrol and be certified on a day, and what replaces the certification."""
    today, seconds = _day(None)
    body = await certifications.continuity(reads, number, on or today)
    return open_data.answer(request, body, seconds=seconds, translated=True)


async def hot_certification(request: Request, number: str) -> Response:
    """Read a certification as `read_certification` does, now and without its machinery."""
    day, seconds = _day(None)
    body = await certifications.read(request.app.state.reads, number, day)
    return open_data.answer(request, body, seconds=seconds)
