"""HTTP of new jobs and skills: signals are open data, counts and decisions have a scope."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from observatory.emergence import loading, reading, service, survey, texts, track_record
from observatory.emergence.loading import Loaded
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
    SourceRead,
    SurveyRead,
    ThresholdsRead,
)
from observatory.emergence.service import DecisionRefused, SignalUnknown
from observatory.emergence.sources import RESERVED, SURVEY, Source
from observatory.emergence.states import State
from observatory.formulas.thresholds import RULES, VERSION, Family
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.shipped.emergence import FLOWS
from observatory.structures.library import Structures
from platformkit import etags, open_data, preferences
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, PreconditionRequired, ProblemError, problems
from platformkit.etags import IfMatch, Stale
from platformkit.i18n import Text
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import file_body
from platformkit.pagination import Page, Paging, page
from platformkit.streaming import received

router = APIRouter(prefix="/v1/emergence", tags=["emergence"], route_class=IdempotentRoute)

Publisher = Annotated[Principal, needs("observatory:publish")]
_Source = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9-]{1,39}$", description="where ads are counted")
]
_Signal = Annotated[int, Path(ge=1, le=2**31 - 1)]


class CountsMediaTypeUnread(ProblemError):
    """Counts are loaded from CSV, the survey from its workbook."""

    status = 415
    code = "counts-media-type-unread"
    title = Text("Type de fichier non lu", "Unread kind of file")
    detail = Text("Envoyez {wanted}.", "Send {wanted}.")


class SourceReserved(Conflict):
    """The name is that of a source that has a reader of its own."""

    code = "source-reserved"
    title = Text("Nom de source réservé", "Reserved name of a source")
    detail = Text(
        "L’enquête de recrutement et les besoins des diagnostics ont leur propre lecture.",
        "The recruitment survey and the needs of diagnostics are read in their own way.",
    )


@router.put(
    "/sources/{source}/{kind}/counts",
    openapi_extra=file_body(("text/csv",), reading.LARGEST_BYTES),
    responses=problems(CountsMediaTypeUnread, CountsInvalid, SourceReserved, ReferenceMissing),
)
async def load_emergence_counts(
    request: Request,
    session: Session,
    facts: CurrentFacts,
    structures: Structures,
    caller: Publisher,
    source: _Source,
    kind: Kind,
) -> LoadedRead:
    """Load how many ads of each quarter ask for each term, and judge them at once.

    Columns CODE, LABEL_FR, LABEL_EN, TIME_PERIOD (2026-Q3), COUNT, EMPLOYERS, LARGEST (the share of
    the employer with most of these ads); code `_T` counts all ads of the quarter. A quarter of the
    file replaces what was known of it; the same file again changes nothing.
    """
    _want(request, "text/csv")
    if source.startswith(RESERVED):
        raise SourceReserved
    counted = await asyncio.to_thread(reading.read, await request.body())
    found = await loading.load(session, facts, structures, caller, Source(source, kind), counted)
    return _loaded(found)


def _want(request: Request, *wanted: str) -> None:
    """Raise CountsMediaTypeUnread for another kind of file."""
    media_type = preferences.media_type(request.headers.get("content-type", ""))
    if media_type not in wanted or "content-encoding" in request.headers:
        raise CountsMediaTypeUnread(wanted=wanted[0])


def _loaded(found: Loaded) -> LoadedRead:
    return LoadedRead(
        quarters=[quarter_text(one) for one in found.quarters],
        terms=found.terms,
        silent=[quarter_text(one) for one in found.silent],
        steps=found.steps,
    )


@router.put(
    "/surveys/bmo/{region}",
    openapi_extra=file_body(survey.MEDIA_TYPES, survey.LARGEST_BYTES),
    responses=problems(CountsMediaTypeUnread, CountsInvalid, ReferenceMissing),
)
async def load_recruitment_survey(
    request: Request,
    session: Session,
    facts: CurrentFacts,
    structures: Structures,
    caller: Publisher,
    region: Annotated[str, Path(pattern="^[0-9]{2}$", description="INSEE’s code, as 32")],
) -> SurveyRead:
    """Load the yearly survey of recruitment (BMO) as France Travail gives it, for one region.

    Its jobs are counted as the source `bmo-32`, years in their first quarter. What the file hides
    (`*`) is not taken for zero; a region that it does not tell of is refused.
    """
    _want(request, *survey.MEDIA_TYPES)
    async with received(request) as file:
        found = await asyncio.to_thread(survey.read, file, region)
    source = Source(SURVEY + region, "job")
    done = await loading.load(session, facts, structures, caller, source, found.counted)
    told = {"year": found.year, "figures": found.told, "hidden": found.hidden}
    return SurveyRead(**_loaded(done).model_dump(), **told, regions=found.regions)


@router.get("/sources", dependencies=[public()], response_model=Page[SourceRead])
async def list_emergence_sources(request: Request, session: Session, paging: Paging) -> Response:
    """List who sends counts, with the periods of which they said nothing: those are not zero."""
    rows, total = await track_record.sources(session, paging)
    made = page(
        paging,
        rows,
        key=lambda one: [one.source, one.kind],
        render=track_record.source,
        total=total,
    )
    return open_data.answer(request, made.model_dump_json().encode(), seconds=0, translated=True)


@router.get("/signals", dependencies=[public()], response_model=Page[SignalRead])
async def list_emergence_signals(
    request: Request,
    session: Session,
    paging: Paging,
    kind: Kind | None = None,
    source: Annotated[str | None, Query(max_length=200)] = None,
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
    families = {one: ThresholdsRead(**rule._asdict()) for one, rule in RULES.items()}
    found = MethodRead(
        version=VERSION,
        formula=texts.FORMULA(),
        test=texts.TEST(),
        thresholds=families[Family.ADS],
        families=families,
        indicators=[name for flow in FLOWS for name in flow.indicators],
        states=[Labelled(code=state, label=label()) for state, label in texts.STATES.items()],
        references=list(texts.REFERENCES),
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/backtests", dependencies=[public()], response_model=Page[BacktestRead])
async def list_emergence_backtests(request: Request, session: Session, paging: Paging) -> Response:
    """List how the alerts of each source fared, as of each quarter that was loaded (B7)."""
    rows, total = await track_record.backtests(session, paging)
    made = page(
        paging,
        rows,
        key=lambda one: [one.quarter, one.source, one.kind, one.rule],
        render=track_record.backtest,
        total=total,
    )
    return open_data.answer(request, made.model_dump_json().encode(), seconds=0, translated=True)
