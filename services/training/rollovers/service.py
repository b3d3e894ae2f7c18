"""Copies a provider's year to the next, batch by batch in one transaction, and reports each offer.

What counts is the new year: whatever it does not have yet is copied, so that what was published
after a first rollover comes with a second one, and nothing comes twice (DFE-Digital/
publish-teacher-training, PR #6409, where nothing below the page stopped a second copy).
"""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool
from training.audit import service as audit
from training.certifications.lifecycle import Validity
from training.certifications.service import validity_of
from training.expiries import replacements
from training.offers.lheo import identity
from training.rollovers import queries
from training.rollovers.copying import LONGEST_NUMBER, Copied, Outcome, Year, copied
from training.rollovers.problems import (
    ProviderOffersUnknown,
    RolloverTooLarge,
    RolloverUnknown,
    RolloverYearInvalid,
)
from training.rollovers.schemas import LineRead, RolloverAsked, RolloverRead

MOST_FORMATIONS: Final = 20_000
LONGEST_DAYS: Final = 366
_BATCH: Final = 200
"""Documents in memory at once."""

_LINE: Final = (
    "rollover_id",
    "position",
    "formation_id",
    "title",
    "former_number",
    "number",
    "outcome",
    "draft_id",
    "sessions",
    "sessions_left",
    "certification",
    "starts_on",
)
_DRAFT: Final = (
    "id",
    "tenant",
    "provider_siret",
    "number",
    "title",
    "formation_id",
    "rollover_id",
    "licence",
    "document",
)


async def roll_over(session: AsyncSession, caller: Principal, asked: RolloverAsked) -> RolloverRead:
    """Copy the year into drafts, or only say what would become of it.

    Raises RolloverYearInvalid, ProviderOffersUnknown, RolloverTooLarge.
    """
    if not 0 <= (asked.last - asked.first).days < LONGEST_DAYS:
        raise RolloverYearInvalid
    year = Year(asked.first, asked.last)
    raw = await driver(session)
    await raw.execute(queries.ALONE, asked.provider)
    whose = (asked.provider, caller.tenant)
    size = await raw.fetchrow(queries.SIZE, *whose, year.first, year.last)
    if not size["offers"]:
        raise ProviderOffersUnknown(siret=asked.provider)
    if size["formations"] > MOST_FORMATIONS:
        raise RolloverTooLarge(size["formations"], MOST_FORMATIONS)
    began = (caller.tenant, caller.client, asked.provider, year.first, year.last, asked.dry_run)
    rollover: uuid.UUID = await raw.fetchval(queries.BEGIN, *began)
    known = {
        row["code"]: validity_of(row) for row in await raw.fetch(queries.CERTIFICATIONS, *whose)
    }
    chosen = await raw.fetch(queries.OF_YEAR, *whose, year.first, year.last)
    ids = [row["id"] for row in chosen]
    for position in range(0, len(ids), _BATCH):
        rows = await raw.fetch(queries.FORMATIONS, ids[position : position + _BATCH])
        made = await asyncio.to_thread(_copied, rows, year, known)
        await _keep(raw, caller, asked, rollover, position, rows, made)
    deed = f"{asked.provider} {year.first} {year.last}{' dry run' if asked.dry_run else ''}"
    await audit.record(raw, caller, "roll_over", "rollover", str(rollover), deed)
    return _read(await raw.fetchrow(queries.ONE, rollover, caller.tenant))


def _copied(
    rows: Sequence[Mapping[str, Any]], year: Year, known: Mapping[str, Validity]
) -> list[Copied]:
    return [
        copied(
            orjson.loads(row["document"]),
            year,
            {code: known.get(code) for code in row["certifications"]},
        )
        for row in rows
    ]


async def _keep(
    raw: Any,  # noqa: ANN401  # asyncpg's, which has no types
    caller: Principal,
    asked: RolloverAsked,
    rollover: uuid.UUID,
    position: int,
    rows: Sequence[Mapping[str, Any]],
    made: Sequence[Copied],
) -> None:
    """Write the lines of one batch, and its drafts unless it is a dry run."""
    ids = [uuid.UUID(identity(asked.provider, one.number)) for one in made]
    there = {row["id"] for row in await raw.fetch(queries.THERE, ids)}
    lines, drafts = [], []
    for place, (row, one, known) in enumerate(zip(rows, made, ids, strict=True), position + 1):
        outcome = _outcome(one, is_there=known in there)
        is_made = outcome is Outcome.CREATED
        draft = known if is_made and not asked.dry_run else None
        lines.append(
            (
                rollover,
                place,
                row["id"],
                row["title"],
                row["number"],
                one.number,
                outcome.value,
                draft,
                one.sessions if is_made else 0,
                one.left,
                one.certification,
                one.starts_on,
            )
        )
        if draft:
            document = orjson.dumps(one.document).decode()
            copy = (asked.provider, one.number, row["title"], row["id"], rollover, row["licence"])
            drafts.append((draft, caller.tenant, *copy, document))
    for table, columns, records in (
        ("rollover_line", _LINE, lines),
        ("rollover_draft", _DRAFT, drafts),
    ):
        await raw.copy_records_to_table(
            table, schema_name="training", columns=columns, records=records
        )


def _outcome(one: Copied, *, is_there: bool) -> Outcome:
    if len(one.number) > LONGEST_NUMBER:
        return Outcome.NUMBER_TOO_LONG
    if is_there:
        return Outcome.ALREADY_THERE
    return Outcome.CERTIFICATION_ENDED if one.document is None else Outcome.CREATED


async def read(reads: ReadPool, caller: Principal, rollover: uuid.UUID) -> RolloverRead:
    """Return a rollover of the caller's organisation; raises RolloverUnknown."""
    row = await reads.fetchrow("rollover", queries.ONE, rollover, caller.tenant)
    if row is None:
        raise RolloverUnknown
    return _read(row)


async def listed(reads: ReadPool, caller: Principal, paging: PageRequest) -> Page[RolloverRead]:
    """Return a page of them, the newest first."""
    after = paging.after or [None, None]
    rows = await reads.fetch("rollovers", queries.LIST, caller.tenant, *after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("rollovers count", queries.COUNT, caller.tenant)
    return page(
        paging, rows, lambda row: [row["created_at"].isoformat(), str(row["id"])], _read, total
    )


async def lines(
    reads: ReadPool,
    caller: Principal,
    rollover: uuid.UUID,
    paging: PageRequest,
    outcome: Outcome | None,
) -> Page[LineRead]:
    """Return a page of what became of each formation; raises RolloverUnknown."""
    await read(reads, caller, rollover)
    after = (paging.after or [0])[0]
    asked = (rollover, outcome and outcome.value)
    rows = await reads.fetch("rollover lines", queries.LINES, *asked, after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("rollover lines count", queries.LINES_COUNT, *asked)
    ended: dict[int, tuple[str, date]] = {
        row["position"]: (row["certification"], row["starts_on"])
        for row in rows[: paging.limit]
        if row["certification"]
    }
    proposed = await replacements.proposed(reads.fetch, ended.values())

    def rendered(row: Any) -> LineRead:  # noqa: ANN401  # an asyncpg record
        ending = ended.get(row["position"])
        same = ("position", "title", "former_number", "number", "outcome", "sessions")
        more = ("sessions_left", "certification", "starts_on")
        return LineRead(
            **{name: row[name] for name in (*same, *more)},
            formation=row["formation_id"],
            draft=row["draft_id"],
            replacement=proposed[ending] if ending else None,
        )

    return page(paging, rows, lambda row: [row["position"]], rendered, total)


def _read(row: Any) -> RolloverRead:  # noqa: ANN401  # an asyncpg record
    year = Year(row["first"], row["last"])
    return RolloverRead(
        id=row["id"],
        provider=row["provider_siret"],
        first=year.first,
        last=year.last,
        to_first=year.following.first,
        to_last=year.following.last,
        dry_run=row["dry_run"],
        created_at=row["created_at"],
        counts=orjson.loads(row["counts"]),
        sessions=row["sessions"],
    )
