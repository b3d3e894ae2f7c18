"""Loads the counts of some quarters, and has them judged, in one transaction."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.emergence import publishing, queries, resembling
from observatory.emergence.reading import Counted, CountsInvalid
from observatory.emergence.schemas import Kind
from observatory.emergence.sources import Source
from observatory.emergence.states import State
from observatory.formulas.thresholds import VERSION
from observatory.references.facts import Facts
from observatory.structures.catalogue import Catalogue
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text

_MOST_CELLS: Final = 4_000_000
"""Terms by periods of a source; the design has 20,000 skills over 40 quarters."""

_COUNTS: Final = ("term", "quarter", "count", "employers", "largest", "hidden")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file has brought, and the steps that followed, by the state they led to."""

    quarters: list[int]
    terms: int
    silent: list[int]
    steps: dict[State, int]


async def load(
    session: AsyncSession,
    facts: Facts,
    structures: Catalogue,
    caller: Principal,
    source: Source,
    counted: Counted,
) -> Loaded:
    """Replace the quarters that were counted, have them judged, and publish how alerts fare.

    Raises CountsInvalid where there would be too much to judge at once.
    """
    connection = await driver(session)
    key = (source.name, source.kind)
    await connection.execute(queries.LOCK, *key)
    terms = await _store(connection, key, counted)
    totals = {
        row["quarter"]: (row["count"], row["hidden"])
        for row in await connection.fetch(queries.TOTALS, *key)
    }
    rows = await connection.fetch(queries.COUNTS, *key)
    quarters = sorted(counted.totals)
    _check_size(len(terms), totals, source)
    steps, tested = await asyncio.to_thread(_judged, rows, totals, terms, quarters, source)
    await _take(connection, caller, steps)
    await _name_nearest(connection, facts, source.kind, steps)
    await _keep(connection, key, tested)
    await publishing.publish(session, structures)
    told: dict[State, int] = {}
    for step in steps:
        told[step.target] = told.get(step.target, 0) + 1
    between = range(min(totals), max(totals), source.step)
    return Loaded(
        quarters,
        len(counted.labels),
        [one for one in between if not totals.get(one, (0, 0))[0]],
        told,
    )


def _check_size(terms: int, totals: Mapping[int, object], source: Source) -> None:
    """Raise CountsInvalid for more than can be judged at once."""
    periods = (max(totals) - min(totals)) // source.step + 1
    if terms * periods > _MOST_CELLS:
        told = Text(
            f"{terms} termes sur {periods} périodes : plus de {_MOST_CELLS} cases.",
            f"{terms} terms over {periods} periods: more than {_MOST_CELLS} cells.",
        )
        raise CountsInvalid([Fault("", "panel-too-large", told)])


def _judged(
    rows: Any,  # noqa: ANN401  # asyncpg's, and numpy's
    totals: dict[int, tuple[int, int]],
    terms: Any,  # noqa: ANN401  # likewise
    quarters: list[int],
    source: Source,
) -> Any:  # noqa: ANN401  # likewise
    from observatory.emergence import assessing  # noqa: PLC0415  # brings numpy

    standings = {
        row["id"]: assessing.Standing(State(row["state"]) if row["state"] else None, row["since"])
        for row in terms
    }
    told = [tuple(row) for row in rows]
    return assessing.assess(told, totals, standings, quarters, source.rule, source.step)


async def _keep(connection: Any, key: tuple[str, str], tested: Any) -> None:  # noqa: ANN401  # asyncpg's, and numpy's
    found = list(tested.values())
    await connection.execute(
        queries.BACKTEST,
        *key,
        VERSION,
        list(tested),
        [one.alerts for one in found],
        [one.decided for one in found],
        [one.right for one in found],
        [orjson.dumps(one.leads).decode() for one in found],
        [one.emerged for one in found],
        [one.recalled for one in found],
    )


async def _store(connection: Any, key: tuple[str, str], counted: Counted) -> Any:  # noqa: ANN401  # asyncpg's
    """Keep what the file says, and return all terms of the source."""
    codes = list(counted.labels)
    french, english = [[one[place] for one in counted.labels.values()] for place in (0, 1)]
    await connection.execute(queries.NAME, *key, codes, french, english)
    quarters = list(counted.totals)
    await connection.execute(queries.FORGET, *key, quarters)
    spare = [counted.spare.get(one, 0) for one in quarters]
    await connection.execute(queries.TOTAL, *key, quarters, list(counted.totals.values()), spare)
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
