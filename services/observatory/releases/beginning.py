"""Writes the first release of a dataflow at once: there is nothing to compare it with.

Its series, their figures and its versions each go into a table of their own, which has its indexes
built when it is full, a third of the work of keeping them meanwhile, and is a partition from then
on. What was begun before and rejected left the partitions: then rows go in one by one.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from observatory.releases import merging
from observatory.releases.staging import LOAD_SECONDS, DataInvalid
from observatory.structures.catalogue import Flow

ORDINAL: Final = 1

_FORGET: Final = "DELETE FROM observatory.series WHERE flow = $1 AND since = $2"
"""A file that only deleted left its series, of which nothing came."""

_FRESH: Final = "SELECT observatory.fresh_partition($1, $2)"
_JOIN: Final = "SELECT observatory.join_partition($1, $2)"
_STAGE: Final = "SELECT observatory.stage_series($1, $2, $3)"
_VERSIONS: Final = "SELECT observatory.begin_versions($1, $2, $3, $4, $5)"
_FIGURES: Final = """
INSERT INTO observatory.{table}
  (series_id, rel_from, flow, n_obs, n_versions, first_period, last_period)
SELECT series_id, {ordinal}, {flow}, n_obs, n_obs, first_period, last_period
  FROM observatory.staged_series WHERE n_obs > 0
"""
_IS_SORTED: Final = """
SELECT coalesce(bool_and(place >= before), false)
  FROM (SELECT place, lag(place, 1, place) OVER () AS before
          FROM (SELECT ROW({key}) AS place FROM observatory.staged_observation
                TABLESAMPLE SYSTEM (1)) f) g"""
"""Whether the file has the order of its keys, by a hundredth of its pages: hashing keeps it, but
for pages that several processes read in turns, and ten million rows need not be sorted. Where it
errs, series lie scattered, nothing else."""


@asynccontextmanager
async def _filled(connection: Any, parent: str, flow: int) -> AsyncIterator[str]:  # noqa: ANN401  # asyncpg's, untyped
    """Name the table to fill, and join it to its parent when it is."""
    is_fresh = await connection.fetchval(_FRESH, parent, flow)
    yield f"{parent}_p{flow}" if is_fresh else parent
    if is_fresh:
        await connection.fetchval(_JOIN, parent, flow, timeout=LOAD_SECONDS)


async def bring_series(connection: Any, flow: Flow, periods: Mapping[str, int]) -> None:  # noqa: ANN401  # likewise
    """Write the series of the file, numbered in the order of their keys."""
    columns = ", ".join(each.column for each in flow.dimensions)
    given = (list(periods), list(periods.values()))
    await connection.fetchval(merging.GATHER_STAGED, flow.number, timeout=LOAD_SECONDS)
    await connection.fetchval(_STAGE, len(flow.dimensions), *given, timeout=LOAD_SECONDS)
    await connection.execute(_FORGET, flow.number, ORDINAL, timeout=LOAD_SECONDS)
    async with _filled(connection, "series", flow.number) as table:
        await connection.execute(
            f"""
            INSERT INTO observatory.{table} (series_id, flow, since, {columns})
            SELECT series_id, {flow.number}, {ORDINAL}, {columns} FROM observatory.staged_series
            """,  # noqa: S608  # our own names and numbers
            timeout=LOAD_SECONDS,
        )
    await connection.fetchval(merging.GATHER_STAGED, flow.number, timeout=LOAD_SECONDS)


async def begin(connection: Any, flow: Flow, periods: Mapping[str, int]) -> dict[str, Any]:  # noqa: ANN401  # likewise
    """Write the versions and the figures of the series, and return the difference to nothing.

    Raises DataInvalid for a cell that is given twice.
    """
    given = (list(periods), list(periods.values()))
    key = ", ".join([*(each.column for each in flow.dimensions), "period"])
    is_sorted = await connection.fetchval(_IS_SORTED.format(key=key), timeout=LOAD_SECONDS)
    asked = (flow.number, len(flow.dimensions), *given, is_sorted)
    try:
        async with connection.transaction():  # a savepoint: a cell given twice is still to be named
            count = await connection.fetchval(_VERSIONS, *asked, timeout=LOAD_SECONDS)
    except asyncpg.UniqueViolationError:
        lines = merging.lines(flow, "observatory.staged_series")
        raise DataInvalid(await merging.twice(connection, lines, given)) from None
    async with _filled(connection, "series_stat", flow.number) as table:
        figures = _FIGURES.format(table=table, ordinal=ORDINAL, flow=flow.number)
        await connection.execute(figures, timeout=LOAD_SECONDS)
    return {"added": count, "revised": 0, "deleted": 0, "max_delta": None}
