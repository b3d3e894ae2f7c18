"""Turns what is staged into versions of observations, set by set, in the caller's transaction.

What is equal to the live version is left alone. What differs closes it (`rel_to`) and begins a new
one (`rel_from`); what a complete file lacks ends with a deletion.
"""

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from observatory.observations.models import MEASURED
from observatory.releases.staging import LOAD_SECONDS, DataInvalid
from observatory.structures.catalogue import Flow
from platformkit.errors import Fault
from platformkit.i18n import Text

_MEASURED: Final = ", ".join(MEASURED)
_DEFAULTS: Final = {"status": "coalesce(f.status, 'A')", "conf": "coalesce(f.conf, 'F')"}
_INCOMING: Final = ", ".join(f"{_DEFAULTS.get(name, f'f.{name}')} AS {name}" for name in MEASURED)
"""What the file says of an observation; A is normal, F is free."""

_SHOWN: Final = 100

_STATS_OF_FIRST: Final = """
INSERT INTO observatory.series_stat
  (series_id, rel_from, flow, n_obs, n_versions, first_period, last_period)
SELECT series_id, {ordinal}, {flow}, count(*), count(*), min(period_id), max(period_id)
  FROM observatory.obs WHERE flow = {flow} AND rel_from = {ordinal}
 GROUP BY series_id
"""
_STATS_CLOSED: Final = """
UPDATE observatory.series_stat t SET rel_to = {ordinal}
  FROM (SELECT DISTINCT series_id FROM observatory.staged_change) c
 WHERE t.series_id = c.series_id AND t.rel_to IS NULL
"""
_STATS_BEGUN: Final = """
INSERT INTO observatory.series_stat
  (series_id, rel_from, flow, n_obs, n_versions, first_period, last_period)
SELECT o.series_id, {ordinal}, {flow}, count(*) FILTER (WHERE {live}), count(*),
       min(period_id) FILTER (WHERE {live}), max(period_id) FILTER (WHERE {live})
  FROM observatory.obs o
  JOIN (SELECT DISTINCT series_id FROM observatory.staged_change) c USING (series_id)
 WHERE o.flow = {flow}
 GROUP BY o.series_id
"""
_CLOSE: Final = """
UPDATE observatory.obs o SET rel_to = {ordinal}
  FROM observatory.staged_change c
 WHERE o.flow = {flow} AND o.series_id = c.series_id AND o.period_id = c.period_id
   AND o.rel_to IS NULL
"""
_BEGIN: Final = f"""
INSERT INTO observatory.obs (series_id, period_id, rel_from, flow, deleted, {_MEASURED})
SELECT series_id, period_id, {{ordinal}}, {{flow}}, action = 'D', {_MEASURED}
  FROM observatory.staged_change
 ORDER BY series_id, period_id
"""  # noqa: S608  # our own columns
_DIFF: Final = """
SELECT count(*) FILTER (WHERE action = 'A') AS added,
       count(*) FILTER (WHERE action = 'R') AS revised,
       count(*) FILTER (WHERE action = 'D') AS deleted,
       max(delta) AS max_delta
  FROM observatory.staged_change
"""
_UNDO: Final = (
    "DELETE FROM observatory.obs WHERE flow = {flow} AND rel_from = {ordinal}",
    "UPDATE observatory.obs SET rel_to = NULL WHERE flow = {flow} AND rel_to = {ordinal}",
    "DELETE FROM observatory.series_stat WHERE flow = {flow} AND rel_from = {ordinal}",
    "UPDATE observatory.series_stat SET rel_to = NULL WHERE flow = {flow} AND rel_to = {ordinal}",
    "DELETE FROM observatory.series WHERE flow = {flow} AND since = {ordinal}",
)

_FRESH: Final = "SELECT observatory.fresh_partition($1)"
_JOIN: Final = "SELECT observatory.join_partition($1)"
_HASH: Final = """
SELECT set_config('enable_nestloop', $1, true), set_config('enable_mergejoin', $1, true)"""
"""A first file has all the series of its flow: they are hashed, not looked up one by one. The
planner, which takes their codes for independent, expects a fraction of them."""

_IS_SORTED: Final = """
SELECT coalesce(bool_and(place >= before), false)
  FROM (SELECT place, lag(place, 1, place) OVER () AS before
          FROM (SELECT ROW({key}) AS place FROM observatory.staged_observation
                TABLESAMPLE SYSTEM (1)) f) g"""
"""Whether the file has the order of its keys, by a hundredth of its pages: hashing keeps it, and
ten million rows need not be sorted. Where it errs, series lie scattered, nothing else."""
_GATHER_STAGED: Final = "SELECT observatory.gather_staged()"


def _match(flow: Flow, left: str, right: str) -> str:
    return " AND ".join(f"{left}.{each.column} = {right}.{each.column}" for each in flow.dimensions)


async def bring_series(connection: Any, flow: Flow, ordinal: int) -> None:  # noqa: ANN401  # asyncpg's, untyped
    """Write the series that the file is the first to have, numbered in the order of their keys."""
    columns = ", ".join(each.column for each in flow.dimensions)
    whole = " AND ".join(f"{each.column} IS NOT NULL" for each in flow.dimensions)
    await connection.fetchval(_GATHER_STAGED, timeout=LOAD_SECONDS)
    await connection.execute(
        f"""
        INSERT INTO observatory.series (flow, since, {columns})
        SELECT {flow.number}, {ordinal}, {columns}
          FROM (SELECT DISTINCT {columns} FROM observatory.staged_observation WHERE {whole}) f
         WHERE NOT EXISTS (SELECT FROM observatory.series s
                            WHERE s.flow = {flow.number} AND {_match(flow, "s", "f")})
         ORDER BY {columns}""",  # noqa: S608  # our own names and numbers
        timeout=LOAD_SECONDS,
    )
    await connection.fetchval(_GATHER_STAGED, timeout=LOAD_SECONDS)


async def merge(
    connection: Any,  # noqa: ANN401  # likewise
    flow: Flow,
    ordinal: int,
    periods: Mapping[str, int],
    same_method: list[int],
    *,
    complete: bool,
) -> dict[str, Any]:
    """Write the versions of a release and return its difference to the one before.

    `same_method` are the ordinals of releases made by the same method: an equal value of another
    method is a new version. Raises DataInvalid for a cell that is given twice.
    """
    fit: dict[str, Any] = {"flow": flow.number, "ordinal": ordinal}
    given = (list(periods), list(periods.values()))
    same = " AND ".join(
        f"s.{each.column} = coalesce(f.{each.column}, '')" for each in flow.dimensions
    )
    # coalesce, of which no statistics are kept: series are hashed, not the lines, which are ten
    # times as many, and the lines keep the order that they have in the file
    incoming = f"""
        observatory.staged_observation f
        JOIN observatory.series s ON s.flow = {flow.number} AND {same}
        JOIN unnest($1::text[], $2::int[]) AS p (text, number) ON p.text = f.period"""
    diff: dict[str, Any] | None
    try:
        if ordinal == 1:
            diff = await _first(connection, flow, ordinal, incoming, given)
        else:
            diff = await _next(connection, incoming, given, fit, same_method, complete=complete)
    except asyncpg.UniqueViolationError:
        diff = None
    if diff is None:
        raise DataInvalid(await _twice(connection, incoming, given))
    return diff


async def _first(
    connection: Any,  # noqa: ANN401  # likewise
    flow: Flow,
    ordinal: int,
    incoming: str,
    given: tuple[list[str], list[int]],
) -> dict[str, Any]:
    """Insert all lines at once: there is nothing to compare with.

    A partition made for them has its indexes built when it is full, a third of the work of
    keeping them meanwhile.
    """
    number = flow.number
    key = ", ".join([*(each.column for each in flow.dimensions), "period"])
    is_sorted = await connection.fetchval(_IS_SORTED.format(key=key), timeout=LOAD_SECONDS)
    order = "" if is_sorted else "ORDER BY s.series_id, p.number"
    async with connection.transaction():  # a savepoint: a cell given twice is still to be named
        is_fresh = await connection.fetchval(_FRESH, number)
        table = f"obs_p{number}" if is_fresh else "obs"
        await connection.fetchval(_HASH, "off")
        added = await connection.execute(
            f"""
            INSERT INTO observatory.{table} (series_id, period_id, rel_from, flow, {_MEASURED})
            SELECT s.series_id, p.number, {ordinal}, {number}, {_INCOMING}
              FROM {incoming}
             WHERE coalesce(f.action, '') <> 'D'
             {order}""",  # noqa: S608  # our own names and numbers
            *given,
            timeout=LOAD_SECONDS,
        )
        await connection.fetchval(_HASH, "on")
        if is_fresh:
            await connection.fetchval(_JOIN, number, timeout=LOAD_SECONDS)
    told = _STATS_OF_FIRST.format(flow=number, ordinal=ordinal)
    await connection.execute(told, timeout=LOAD_SECONDS)
    count = int(added.rpartition(" ")[2])
    return {"added": count, "revised": 0, "deleted": 0, "max_delta": None}


async def _next(
    connection: Any,  # noqa: ANN401  # likewise
    incoming: str,
    given: tuple[list[str], list[int]],
    fit: Mapping[str, Any],
    same_method: list[int],
    *,
    complete: bool,
) -> dict[str, Any] | None:
    """Compare with what is live; None where a cell is given twice."""
    if await connection.fetchval(
        f"""
        SELECT EXISTS (SELECT FROM {incoming} GROUP BY s.series_id, p.number HAVING count(*) > 1)
        """,  # noqa: S608  # our own names and numbers
        *given,
        timeout=LOAD_SECONDS,
    ):
        return None
    differs = " OR ".join(f"i.{name} IS DISTINCT FROM l.{name}" for name in MEASURED)
    values = ", ".join(f"i.{name}" for name in MEASURED)
    join = "FULL" if complete else "LEFT"
    # what a deletion or a partial file leaves alone, a complete one ends
    await connection.execute(
        f"""
        INSERT INTO observatory.staged_change (series_id, period_id, action, delta, {_MEASURED})
        SELECT coalesce(i.series_id, l.series_id), coalesce(i.period_id, l.period_id),
               CASE WHEN i.series_id IS NULL OR i.action = 'D' THEN 'D'
                    WHEN l.series_id IS NULL THEN 'A' ELSE 'R' END,
               abs(i.value - l.value), {values}
          FROM (SELECT s.series_id, p.number AS period_id, coalesce(f.action, '') AS action,
                       {_INCOMING}
                  FROM {incoming}) i
          {join} JOIN (SELECT * FROM observatory.obs
                      WHERE flow = {fit["flow"]} AND rel_to IS NULL AND NOT deleted) l
            ON l.series_id = i.series_id AND l.period_id = i.period_id
         WHERE CASE WHEN i.series_id IS NULL THEN $4::boolean
                    WHEN i.action = 'D' THEN l.series_id IS NOT NULL
                    ELSE l.series_id IS NULL OR {differs} OR l.rel_from <> ALL($3::int[]) END""",  # noqa: S608  # likewise
        *given,
        same_method,
        complete,
        timeout=LOAD_SECONDS,
    )
    await connection.fetchval(_GATHER_STAGED, timeout=LOAD_SECONDS)
    for statement in (_STATS_CLOSED, _CLOSE, _BEGIN, _STATS_BEGUN):
        live = "o.rel_to IS NULL AND NOT o.deleted"
        await connection.execute(statement.format(**fit, live=live), timeout=LOAD_SECONDS)
    return dict(await connection.fetchrow(_DIFF, timeout=LOAD_SECONDS))


async def _twice(
    connection: Any,  # noqa: ANN401  # likewise
    incoming: str,
    given: tuple[list[str], list[int]],
) -> list[Fault]:
    """Name the cells that the file gives more than once."""
    rows = await connection.fetch(
        f"""
        SELECT max(f.line) AS line, count(*) AS lines
          FROM {incoming}
         GROUP BY s.series_id, p.number HAVING count(*) > 1 ORDER BY 1 LIMIT {_SHOWN}""",  # noqa: S608  # our own names and numbers
        *given,
        timeout=LOAD_SECONDS,
    )
    return [
        Fault(
            "",
            "cell-twice",
            Text(
                f"Cette cellule est donnée {row['lines']} fois.",
                f"This cell is given {row['lines']} times.",
            ),
            place=str(row["line"] + 1),
        )
        for row in rows
    ]


async def undo(connection: Any, flow: int, ordinal: int) -> None:  # noqa: ANN401  # likewise
    """Take back the versions of a release that nobody has seen."""
    for statement in _UNDO:
        await connection.execute(statement.format(flow=flow, ordinal=ordinal), timeout=LOAD_SECONDS)
