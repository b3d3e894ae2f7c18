"""The rules of the ledger: entries are added, never changed, and nothing is spent twice.

Whoever writes holds programme, line, funder and agreement in this order, so that of two writers the
second sees what the first has taken; constraints of the database say the same once more.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.programme import ledger_queries, queries
from observatory.programme.ledger_schemas import (
    MOST_ENTRIES,
    CommitmentDraft,
    EntryKind,
    PaymentDraft,
)
from observatory.programme.money import cents, euros
from observatory.programme.problems import (
    EntryFinal,
    LineNotFunded,
    OverCommitted,
    OverPaid,
    PartUnknown,
    ProgrammeFull,
    ProgrammeRefused,
)
from observatory.programme.service import held, outside, refuse_ahead
from observatory.programme.telling import tell
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text

_SHORT: Final = Text("Il reste {left} €.", "{left} EUR are left.")
_SIGNS: Final[Mapping[EntryKind, tuple[int, int]]] = {
    "commitment": (1, 0),
    "commitment_reversal": (-1, 0),
    "payment": (0, 1),
    "payment_reversal": (0, -1),
}
"""What each kind adds to what is committed, and to what is paid."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to be added."""

    kind: EntryKind
    line: str
    funder: str
    amount: int
    dated_on: dt.date
    reason: str
    payee: str | None = None
    commitment: uuid.UUID | None = None
    reverses: uuid.UUID | None = None


def short(pointer: str, code: str, asked: int, left: int) -> Iterable[Fault]:
    """Say that less is left than is asked, in cents."""
    if asked > left:
        fact = euros(left)
        yield Fault(pointer, code, Text(_SHORT.fr.format(left=fact), _SHORT.en.format(left=fact)))


async def commit(
    session: AsyncSession, who: Principal, code: str, given: CommitmentDraft, today: dt.date
) -> uuid.UUID:
    """Promise money of a funder on a line; every limit that it breaks is told at once.

    Raises ProgrammeUnknown, ProgrammeRefused, PartUnknown, LineNotFunded or OverCommitted.
    """
    raw = await driver(session)
    programme = await held(raw, who, code, queries.SHARE)
    if not programme["starts_on"] <= given.dated_on <= programme["ends_on"]:
        raise ProgrammeRefused([outside(programme, "/dated_on")])
    refuse_ahead("/dated_on", given.dated_on, today)
    line, funder = await _locked(raw, code, given.line, given.funder)
    agreed = await raw.fetchrow(ledger_queries.HOLD_ALLOWANCE, code, given.funder, given.line)
    if agreed is None:
        raise LineNotFunded(funder=given.funder, line=given.line)
    asked = cents(given.amount)
    faults = [
        *short("/line", "line-short", asked, line["planned_cents"] - line["committed_cents"]),
        *short(
            "/funder",
            "funder-short",
            asked,
            funder["contribution_cents"] - funder["committed_cents"],
        ),
    ]
    if agreed["ceiling_cents"] is not None:
        left = agreed["ceiling_cents"] - agreed["committed_cents"]
        faults += short("/amount", "ceiling-short", asked, left)
    if faults:
        raise OverCommitted(faults)
    payee = given.payee.model_dump_json()
    made = Entry("commitment", given.line, given.funder, asked, given.dated_on, given.reason, payee)
    return await _added(session, raw, who, code, made)


async def pay(
    session: AsyncSession,
    who: Principal,
    code: str,
    commitment: uuid.UUID,
    given: PaymentDraft,
    today: dt.date,
) -> uuid.UUID:
    """Pay against a commitment, no more than it has left.

    Raises ProgrammeUnknown, PartUnknown, ProgrammeRefused or OverPaid.
    """
    raw = await driver(session)
    await held(raw, who, code, queries.SHARE)
    found = await _entry(raw, code, commitment, given, today)
    if found["kind"] != "commitment":
        raise PartUnknown(part="commitment", code=commitment)
    await _locked(raw, code, found["line"], found["funder"])
    balance = await raw.fetchrow(ledger_queries.BALANCE, commitment)
    asked = cents(given.amount)
    faults = [*short("/amount", "commitment-short", asked, balance["committed"] - balance["paid"])]
    if faults:
        raise OverPaid(faults)
    same = found["line"], found["funder"], asked, given.dated_on, given.reason
    return await _added(session, raw, who, code, Entry("payment", *same, commitment=commitment))


async def take_back(
    session: AsyncSession,
    who: Principal,
    code: str,
    entry: uuid.UUID,
    given: PaymentDraft,
    today: dt.date,
) -> uuid.UUID:
    """Correct an entry by one that takes back all of it or a part; what is paid stays committed.

    Raises ProgrammeUnknown, PartUnknown, ProgrammeRefused, EntryFinal or OverPaid.
    """
    raw = await driver(session)
    await held(raw, who, code, queries.SHARE)
    found = await _entry(raw, code, entry, given, today)
    if found["reverses"] is not None:
        raise EntryFinal
    await _locked(raw, code, found["line"], found["funder"])
    asked = cents(given.amount)
    kind: EntryKind
    if found["kind"] == "commitment":
        kind, commitment = "commitment_reversal", entry
        await raw.fetchrow(ledger_queries.HOLD_ALLOWANCE, code, found["funder"], found["line"])
        balance = await raw.fetchrow(ledger_queries.BALANCE, entry)
        left = balance["committed"] - balance["paid"]
    else:
        kind, commitment = "payment_reversal", found["commitment"]
        left = found["amount_cents"] - await raw.fetchval(
            ledger_queries.TAKEN_BACK, commitment, entry
        )
    faults = [*short("/amount", "entry-short", asked, left)]
    if faults:
        raise OverPaid(faults)
    same = found["line"], found["funder"], asked, given.dated_on, given.reason
    made = Entry(kind, *same, commitment=commitment, reverses=entry)
    return await _added(session, raw, who, code, made)


async def _entry(
    raw: Any,  # noqa: ANN401  # asyncpg's, untyped
    code: str,
    entry: uuid.UUID,
    given: PaymentDraft,
    today: dt.date,
) -> Any:  # noqa: ANN401  # likewise
    """Find the entry that another one follows, which is not of an earlier day."""
    found = await raw.fetchrow(ledger_queries.ONE, code, entry)
    if found is None:
        raise PartUnknown(part="entry", code=entry)
    refuse_ahead("/dated_on", given.dated_on, today)
    if given.dated_on < found["dated_on"]:
        sentence = Text(
            f"L’écriture est du {found['dated_on']}.", f"The entry is of {found['dated_on']}."
        )
        raise ProgrammeRefused([Fault("/dated_on", "before-its-entry", sentence)])
    return found


async def _locked(raw: Any, code: str, line: str, funder: str) -> tuple[Any, Any]:  # noqa: ANN401  # likewise
    """Hold the line, then the funder, until the commit."""
    held_line = await raw.fetchrow(queries.HOLD_LINE, code, line)
    held_funder = await raw.fetchrow(queries.HOLD_FUNDER, code, funder)
    if held_line is None:
        raise PartUnknown(part="line", code=line)
    if held_funder is None:
        raise PartUnknown(part="funder", code=funder)
    return held_line, held_funder


async def _added(
    session: AsyncSession,
    raw: Any,  # noqa: ANN401  # likewise
    who: Principal,
    code: str,
    made: Entry,
) -> uuid.UUID:
    """Add an entry and move the balances of what is held; tell it, but neither payee nor reason."""
    if await raw.fetchval(ledger_queries.COUNT, code, None, None) >= MOST_ENTRIES:
        raise ProgrammeFull(most=MOST_ENTRIES, parts="entries")
    known: uuid.UUID = await raw.fetchval(
        ledger_queries.ADD,
        code,
        made.kind,
        made.line,
        made.funder,
        made.amount,
        made.dated_on,
        made.payee,
        made.reason,
        made.commitment,
        made.reverses,
        who.client,
        who.subject,
    )
    committed, paid = (sign * made.amount for sign in _SIGNS[made.kind])
    await raw.execute(ledger_queries.MOVE_LINE, code, made.line, committed, paid)
    await raw.execute(ledger_queries.MOVE_FUNDER, code, made.funder, committed, paid)
    if committed:
        await raw.execute(ledger_queries.MOVE_ALLOWANCE, code, made.funder, made.line, committed)
    told = {
        "kind": made.kind,
        "line": made.line,
        "funder": made.funder,
        "amount": euros(made.amount),
        "dated_on": made.dated_on.isoformat(),
        "commitment": made.commitment and str(made.commitment),
        "reverses": made.reverses and str(made.reverses),
    }
    await tell(session, who, code, made.kind, "entry", str(known), told=told)
    return known
