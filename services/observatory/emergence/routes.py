"""HTTP of new jobs and skills: signals are open data, counts and decisions have a scope."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from observatory.emergence import loading, reading, service, texts
from observatory.emergence.loading import RULE, Source
from observatory.emergence.reading import CountsInvalid, quarter_text
from observatory.emergence.schemas import (
    BacktestRead,
    DecisionRequest,
    Kind,
    Labelled,
    LoadedRead,
    MethodRead,
    SignalRead,
    SignalWhole,
    ThresholdsRead,
)
from observatory.emergence.service import DecisionRefused, SignalUnknown
from observatory.emergence.states import State
from observatory.references.library import CurrentFacts, ReferenceMissing
from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionRequired, ProblemError, problems
from platformkit.etags import IfMatch, Stale
from platformkit.i18n import Text
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import file_body
from platformkit.pagination import Page, Paging, page

router = APIRouter(prefix="/v1/emergence", tags=["emergence"], route_class=IdempotentRoute)

Publisher = Annotated[Principal, needs("observatory:publish")]
_Source = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9-]{1,39}$", description="where ads are counted")
]
_Signal = Annotated[int, Path(ge=1, le=2**31 - 1)]
_VERSION = "1.0.0"


class CountsMediaTypeUnread(ProblemError):
    """Counts are loaded from CSV."""

    status = 415
    code = "counts-media-type-unread"
    title = Text("Type de fichier non lu", "Unread kind of file")
    detail = Text("Envoyez text/csv.", "Send text/csv.")


@router.put(
    "/sources/{source}/{kind}/counts",
    openapi_extra=file_body(("text/csv",), reading.LARGEST_BYTES),
    responses=problems(CountsMediaTypeUnread, CountsInvalid, ReferenceMissing),
)
async def load_emergence_counts(
    request: Request,
    session: Session,
    facts: CurrentFacts,
    caller: Publisher,
    source: _Source,
    kind: Kind,
) -> LoadedRead:
    """Load how many ads of each quarter ask for each term, and judge them at once.

    Columns CODE, LABEL_FR, LABEL_EN, TIME_PERIOD (2026-Q3), COUNT, EMPLOYERS, LARGEST (the share of
    the employer with most of these ads); code `_T` counts all ads of the quarter. A quarter of the
    file replaces what was known of it; the same file again changes nothing.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "text/csv" or "content-encoding" in request.headers:
        raise CountsMediaTypeUnread
    content = await request.body()
    found = await loading.load(session, facts, caller, Source(source, kind), content)
    return LoadedRead(
        quarters=[quarter_text(one) for one in found.quarters],
        terms=found.terms,
        silent=[quarter_text(one) for one in found.silent],
        steps=found.steps,
    )


@router.get("/signals", dependencies=[public()], response_model=Page[SignalRead])
async def list_emergence_signals(
    request: Request,
    session: Session,
    paging: Paging,
    kind: Kind | None = None,
    source: Annotated[str | None, Query(max_length=40)] = None,
    state: State | None = None,
) -> Response:
    """List skills and jobs that are or were asked for more and more, the last changed first."""
    rows, total = await service.listed(session, paging, kind=kind, source=source, state=state)
    made = page(
        paging,
        rows,
        key=lambda one: [one.updated_at.isoformat(), one.id],
        render=service.shown,
        total=total,
    )
    return open_data.answer(request, made.model_dump_json().encode(), seconds=0, translated=True)


@router.get(
    "/signals/{signal_id}",
    dependencies=[public()],
    response_model=SignalWhole,
    responses=open_data.KEPT | problems(SignalUnknown),
)
async def read_emergence_signal(request: Request, session: Session, signal_id: _Signal) -> Response:
    """Read a signal with its figures per quarter, and who took which step on what evidence."""
    found = await service.one(session, signal_id)
    body = (await service.whole(session, found)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@router.post(
    "/signals/{signal_id}/decisions",
    responses=problems(
        SignalUnknown, DecisionRefused, Invalid, Stale, PreconditionRequired, ReferenceMissing
    ),
)
async def decide_emergence_signal(
    session: Session,
    facts: CurrentFacts,
    caller: Publisher,
    signal_id: _Signal,
    if_match: IfMatch,
    body: DecisionRequest,
    response: Response,
) -> SignalRead:
    """Confirm a watched signal, map a confirmed one to ROME, or reject it; with reason and proof.

    `If-Match` is the version of the signal, as `"3"`.
    """
    found = await service.decide(session, facts, caller, signal_id, body, if_match)
    etags.tagged(response, found.version)
    return service.shown(found)


@router.get("/method", dependencies=[public()], response_model=MethodRead)
async def read_emergence_method(request: Request) -> Response:
    """Read the formula, the test and every threshold by which a term emerges."""
    found = MethodRead(
        version=_VERSION,
        formula=texts.FORMULA(),
        test=texts.TEST(),
        thresholds=ThresholdsRead(**RULE._asdict()),
        states=[Labelled(code=state, label=label()) for state, label in texts.STATES.items()],
        references=list(texts.REFERENCES),
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/backtests", dependencies=[public()], response_model=Page[BacktestRead])
async def list_emergence_backtests(request: Request, session: Session, paging: Paging) -> Response:
    """List how the alerts of each source fared, as of each quarter that was loaded (B7)."""
    rows, total = await service.backtests(session, paging)
    made = page(
        paging,
        rows,
        key=lambda one: [one.quarter, one.source, one.kind],
        render=service.backtest,
        total=total,
    )
    return open_data.answer(request, made.model_dump_json().encode(), seconds=0, translated=True)
