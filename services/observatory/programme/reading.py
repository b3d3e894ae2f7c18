"""Reads of programmes, their budgets and their ledgers."""

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson

from observatory.programme import ledger_queries, queries
from observatory.programme.ledger_schemas import (
    MOST_ENTRIES,
    NAMED_ABOVE_CENTS,
    EntryMade,
    EntryRead,
    PayeeRead,
    PublicEntry,
)
from observatory.programme.money import euros
from observatory.programme.problems import ProgrammeUnknown
from observatory.programme.quarters import quarter_of
from observatory.programme.schemas import (
    AllowanceRead,
    Bilingual,
    BudgetRead,
    FunderRead,
    LineRead,
    ProgrammeRead,
    TrancheRead,
)
from platformkit.auth import Principal
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool

_CSV: Final = (
    *("number", "id", "kind", "line", "funder", "amount", "unit", "dated_on", "commitment"),
    *("reverses", "payee_siren", "payee_name"),
)


async def known(reads: ReadPool, code: str, who: Principal | None = None) -> ProgrammeRead:
    """Read a programme, of this organisation where one is given; raises ProgrammeUnknown."""
    row = await reads.fetchrow("programme", queries.ONE, code)
    if row is None or (who is not None and row["tenant"] != who.tenant):
        raise ProgrammeUnknown
    return programme_read(row)


def programme_read(row: Mapping[str, Any]) -> ProgrammeRead:
    """Wire form of a programme."""
    return ProgrammeRead(
        code=row["code"],
        title=Bilingual.model_validate_json(row["title"]),
        region=row["region"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        budget=euros(row["budget_cents"]),
        version=row["version"],
    )


async def listed(reads: ReadPool, paging: PageRequest) -> Page[ProgrammeRead]:
    """List programmes by code."""
    (after,) = paging.after or (None,)
    rows = await reads.fetch("programmes", queries.LIST, after, paging.limit + 1)
    total = await reads.fetchval("programmes count", queries.COUNT) if paging.count else None
    return page(paging, rows, lambda row: [row["code"]], programme_read, total)


async def budget(reads: ReadPool, code: str) -> BudgetRead:
    """Read lines and funders; raises ProgrammeUnknown."""
    programme = await known(reads, code)
    lines = await reads.fetch("programme lines", queries.LINES, code)
    funders = await reads.fetch("programme funders", queries.FUNDERS, code)
    return BudgetRead(
        programme=programme,
        lines=[line_read(row) for row in lines],
        funders=[funder_read(row) for row in funders],
    )


def line_read(row: Mapping[str, Any]) -> LineRead:
    """Wire form of a line."""
    return LineRead(
        code=row["code"],
        name=Bilingual.model_validate_json(row["name"]),
        planned=euros(row["planned_cents"]),
        committed=euros(row["committed_cents"]),
        paid=euros(row["paid_cents"]),
        plan=[
            TrancheRead(
                quarter=quarter_of(date.fromisoformat(one["quarter"])), amount=euros(one["cents"])
            )
            for one in orjson.loads(row["plan"])
        ],
        version=row["version"],
    )


def funder_read(row: Mapping[str, Any]) -> FunderRead:
    """Wire form of a funder."""
    return FunderRead(
        code=row["code"],
        kind=row["kind"],
        name=Bilingual.model_validate_json(row["name"]),
        contribution=euros(row["contribution_cents"]),
        committed=euros(row["committed_cents"]),
        paid=euros(row["paid_cents"]),
        may_fund=[
            AllowanceRead(
                line=one["line"],
                ceiling=None if one["ceiling"] is None else euros(one["ceiling"]),
                committed=euros(one["committed"]),
            )
            for one in orjson.loads(row["allowances"] or "[]")
        ],
        version=row["version"],
    )


def _shared(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "number": row["seq"],
        "kind": row["kind"],
        "line": row["line"],
        "funder": row["funder"],
        "amount": euros(row["amount_cents"]),
        "dated_on": row["dated_on"],
        "commitment": row["commitment"],
        "reverses": row["reverses"],
    }


def public_entry(row: Mapping[str, Any]) -> PublicEntry:
    """Wire form for everybody: who gets over 23,000 EUR a year, never a sole trader, never why."""
    payee = PayeeRead.model_validate_json(row["payee"]) if row["payee"] else None
    if payee and (payee.kind == "sole_trader" or row["granted_cents"] <= NAMED_ABOVE_CENTS):
        payee = None
    return PublicEntry(**_shared(row), payee=payee)


def entry_read(row: Mapping[str, Any]) -> EntryRead:
    """Wire form for those who steer."""
    return EntryRead(
        **_shared(row),
        payee=PayeeRead.model_validate_json(row["payee"]) if row["payee"] else None,
        **{name: row[name] for name in ("reason", "client", "subject", "recorded_at")},
    )


async def made(raw: Any, code: str, entry: uuid.UUID) -> EntryMade:  # noqa: ANN401  # asyncpg's, untyped
    """Read a new entry with the balance of its commitment, in the transaction that added it."""
    row = await raw.fetchrow(ledger_queries.ONE, code, entry)
    balance = await raw.fetchrow(ledger_queries.BALANCE, row["commitment"] or entry)
    return EntryMade(
        **entry_read(row).model_dump(),
        committed=euros(balance["committed"]),
        paid=euros(balance["paid"]),
    )


async def rows(
    reads: ReadPool, paging: PageRequest, code: str, line: str | None, funder: str | None
) -> tuple[Sequence[Mapping[str, Any]], int | None]:
    """Read one entry more than the page holds, oldest first, and how many there are if asked."""
    (after,) = paging.after or (None,)
    chosen = (code, after, line, funder, paging.limit + 1)
    found = await reads.fetch("ledger", ledger_queries.LIST, *chosen)
    total = None
    if paging.count:
        total = await reads.fetchval("ledger count", ledger_queries.COUNT, code, line, funder)
    return found, total


async def entries_csv(reads: ReadPool, code: str) -> bytes:
    """Write all entries as everybody may read them; a ledger has at most 20,000."""
    found = await reads.fetch("ledger", ledger_queries.LIST, code, None, None, None, MOST_ENTRIES)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_CSV)
    for row in found:
        told = public_entry(row)
        payee = (told.payee.siren, told.payee.name) if told.payee else ("", "")
        facts = [told.number, told.id, told.kind, told.line, told.funder, told.amount, "EUR"]
        writer.writerow([*facts, told.dated_on, told.commitment, told.reverses, *payee])
    return text.getvalue().encode()
