"""HTTP of the ledger: entries are added and corrected by further ones, never changed."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from observatory.programme import ledger, reading
from observatory.programme.calendar import today
from observatory.programme.ledger_schemas import (
    CommitmentDraft,
    EntryMade,
    EntryRead,
    PaymentDraft,
    PublicEntry,
    ReversalDraft,
)
from observatory.programme.problems import (
    EntryFinal,
    LineNotFunded,
    OverCommitted,
    OverPaid,
    PartUnknown,
    ProgrammeFull,
    ProgrammeRefused,
    ProgrammeUnknown,
)
from observatory.programme.routes import CSV, ProgrammePath, Steering
from platformkit import open_data
from platformkit.auth import public
from platformkit.db import Session, driver
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/programmes", tags=["programme"], route_class=IdempotentRoute)

_Line = Annotated[str | None, Query(max_length=40, description="code of a line")]
_Funder = Annotated[str | None, Query(max_length=40, description="code of a funder")]
_ENTERED: Final = problems(ProgrammeUnknown, PartUnknown, ProgrammeRefused, ProgrammeFull)


async def _made(session: Session, response: Response, programme: str, entry: UUID) -> EntryMade:
    response.headers["location"] = f"/v1/programmes/{programme}/ledger"
    return await reading.made(await driver(session), programme, entry)


@router.post(
    "/{programme}/commitments",
    status_code=201,
    responses=_ENTERED | problems(LineNotFunded, OverCommitted),
)
async def commit_programme_money(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    body: CommitmentDraft,
) -> EntryMade:
    """Promise money of a funder on a line to an organisation, as far as there is any left."""
    entry = await ledger.commit(session, caller, programme, body, today())
    return await _made(session, response, programme, entry)


@router.post(
    "/{programme}/commitments/{commitment}/payments",
    status_code=201,
    responses=_ENTERED | problems(OverPaid),
)
async def pay_programme_money(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    commitment: UUID,
    body: PaymentDraft,
) -> EntryMade:
    """Pay against a commitment, no more than it has left."""
    entry = await ledger.pay(session, caller, programme, commitment, body, today())
    return await _made(session, response, programme, entry)


@router.post(
    "/{programme}/entries/{entry}/reversals",
    status_code=201,
    responses=_ENTERED | problems(OverPaid, EntryFinal),
)
async def reverse_programme_entry(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    entry: UUID,
    body: ReversalDraft,
) -> EntryMade:
    """Take back all or part of a commitment or a payment by an entry of its own."""
    known = await ledger.take_back(session, caller, programme, entry, body, today())
    return await _made(session, response, programme, known)


@router.get(
    "/{programme}/entries",
    response_model=Page[PublicEntry],
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown, CursorRefused),
)
async def list_programme_entries(
    request: Request,
    reads: Reads,
    paging: Paging,
    programme: ProgrammePath,
    line: _Line = None,
    funder: _Funder = None,
) -> Response:
    """List entries as open data, the oldest first: never why, and who above 23,000 EUR a year."""
    await reading.known(reads, programme)
    rows, total = await reading.rows(reads, paging, programme, line, funder)
    body = page(paging, rows, lambda row: [row["seq"]], reading.public_entry, total)
    return open_data.answer(request, body.model_dump_json().encode(), seconds=0)


@router.get(
    "/{programme}/entries.csv",
    response_class=Response,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown) | {200: {"content": {"text/csv": {}}}},
)
async def download_programme_entries(
    request: Request, reads: Reads, programme: ProgrammePath
) -> Response:
    """Download all entries as open data."""
    await reading.known(reads, programme)
    body = await reading.entries_csv(reads, programme)
    return open_data.answer(request, body, seconds=0, media_type=CSV)


@router.get("/{programme}/ledger", responses=problems(ProgrammeUnknown, CursorRefused))
async def list_programme_ledger(
    reads: Reads,
    caller: Steering,
    paging: Paging,
    programme: ProgrammePath,
    line: _Line = None,
    funder: _Funder = None,
) -> Page[EntryRead]:
    """List all entries of a programme of yours, with reasons, payees and who entered them."""
    await reading.known(reads, programme, caller)
    rows, total = await reading.rows(reads, paging, programme, line, funder)
    return page(paging, rows, lambda row: [row["seq"]], reading.entry_read, total)
