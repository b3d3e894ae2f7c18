"""Loads the counts of some quarters, and has them judged, in one transaction."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.emergence import queries, reading, resembling
from observatory.emergence.reading import Counted
from observatory.emergence.schemas import Kind
from observatory.emergence.states import State
from observatory.formulas.thresholds import Rule
from observatory.references.facts import Facts
from platformkit.auth import Principal
from platformkit.db import driver

RULE: Final = Rule()
_COUNTS: Final = ("term", "quarter", "count", "employers", "largest")


@dataclass(frozen=True, slots=True)
class Source:
    """Where ads are counted, and of what."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file has brought, and the steps that followed, by the state they led to."""

    quarters: list[int]
    terms: int
    silent: list[int]
    steps: dict[State, int]


async def load(
    session: AsyncSession, facts: Facts, caller: Principal, source: Source, content: bytes
) -> Loaded:
    """Replace the quarters that the file has; raises CountsInvalid and then changes nothing."""
    counted = await asyncio.to_thread(reading.read, content)
    connection = await driver(session)
    key = (source.name, source.kind)
    await connection.execute(queries.LOCK, *key)
    terms = await _store(connection, key, counted)
    totals = {row["quarter"]: row["count"] for row in await connection.fetch(queries.TOTALS, *key)}
    rows = await connection.fetch(queries.COUNTS, *key)
    quarters = sorted(counted.totals)
    steps, tested = await asyncio.to_thread(_judged, rows, totals, terms, quarters)
    await _take(connection, caller, steps)
    await _name_nearest(connection, facts, source.kind, steps)
    await connection.execute(
        queries.BACKTEST,
        *key,
        max(totals),
        tested.alerts,
        tested.decided,
        tested.right,
        list(tested.leads),
    )
    told: dict[State, int] = {}
    for step in steps:
        told[step.target] = told.get(step.target, 0) + 1
    silent = [one for one in range(min(totals), max(totals)) if not totals.get(one)]
    return Loaded(quarters, len(counted.labels), silent, told)


def _judged(rows: Any, totals: dict[int, int], terms: Any, quarters: list[int]) -> Any:  # noqa: ANN401  # asyncpg's, and numpy's
    from observatory.emergence import assessing  # noqa: PLC0415  # brings numpy

    standings = {
        row["id"]: assessing.Standing(State(row["state"]) if row["state"] else None, row["since"])
        for row in terms
    }
    return assessing.assess([tuple(row) for row in rows], totals, standings, quarters, RULE)


async def _store(connection: Any, key: tuple[str, str], counted: Counted) -> Any:  # noqa: ANN401  # asyncpg's
    """Keep what the file says, and return all terms of the source."""
    codes = list(counted.labels)
    french, english = [[one[place] for one in counted.labels.values()] for place in (0, 1)]
    await connection.execute(queries.NAME, *key, codes, french, english)
    quarters = list(counted.totals)
    await connection.execute(queries.FORGET, *key, quarters)
    await connection.execute(queries.TOTAL, *key, quarters, list(counted.totals.values()))
    terms = await connection.fetch(queries.TERMS, *key)
    ids = {row["code"]: row["id"] for row in terms}
    await connection.copy_records_to_table(
        "emergence_count",
        schema_name="observatory",
        columns=_COUNTS,
        records=[(ids[code], quarter, *told) for (code, quarter), told in counted.counts.items()],
    )
    return terms


async def _take(connection: Any, caller: Principal, steps: list[Any]) -> None:  # noqa: ANN401  # asyncpg's
    if steps:
        await connection.execute(
            queries.MOVE,
            [one.term for one in steps],
            [one.origin for one in steps],
            [one.target for one in steps],
            [one.quarter for one in steps],
            [orjson.dumps(one.evidence).decode() for one in steps],
            caller.tenant,
            caller.client,
            caller.subject,
        )


async def _name_nearest(connection: Any, facts: Facts, kind: Kind, steps: list[Any]) -> None:  # noqa: ANN401  # asyncpg's
    """Say of each new candidate which known label it resembles most."""
    new = sorted({one.term for one in steps if one.origin is None})
    if not new:
        return
    rows = await connection.fetch(
        "SELECT id, label_fr FROM observatory.emergence_term WHERE id = ANY ($1::int[])", new
    )
    known = (
        facts.skills if kind == "skill" else {one.code: one.label for one in facts.jobs.values()}
    )
    labels = [row["label_fr"] for row in rows]
    found = await asyncio.to_thread(resembling.nearest, labels, known)
    told = [None if one is None else orjson.dumps(one).decode() for one in found]
    await connection.execute(queries.NOVEL, [row["id"] for row in rows], told)
