"""Turns what is staged into versions of observations, set by set, in the caller's transaction.

What is equal to the live version is left alone. What differs closes it (`rel_to`) and begins a new
one (`rel_from`); what a complete file lacks ends with a deletion. The first release: `beginning`.
"""

from collections.abc import Mapping
from typing import Any, Final

from observatory.observations.models import MEASURED
from observatory.releases.staging import LOAD_SECONDS, DataInvalid
from observatory.structures.catalogue import Flow
from platformkit.errors import Fault
from platformkit.i18n import Text

_COLUMNS: Final = ", ".join(MEASURED)
"""What is stored of an observation."""

_DEFAULTS: Final = {"status": "coalesce(f.status, 'A')", "conf": "coalesce(f.conf, 'F')"}
_INCOMING: Final = ", ".join(f"{_DEFAULTS.get(name, f'f.{name}')} AS {name}" for name in MEASURED)
"""What the file says of an observation; A is normal, F is free."""

_SHOWN: Final = 100

_STATS_CLOSED: Final = """
UPDATE observatory.series_stat t SET rel_to = {ordinal}
  FROM (SELECT DISTINCT series_id FROM observatory.staged_change) c
 WHERE t.flow = {flow} AND t.series_id = c.series_id AND t.rel_to IS NULL
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
INSERT INTO observatory.obs (series_id, period_id, rel_from, flow, deleted, {_COLUMNS})
SELECT series_id, period_id, {{ordinal}}, {{flow}}, action = 'D', {_COLUMNS}
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

GATHER_STAGED: Final = "SELECT observatory.gather_staged($1)"


def _match(flow: Flow, left: str, right: str) -> str:
    return " AND ".join(f"{left}.{each.column} = {right}.{each.column}" for each in flow.dimensions)


async def bring_series(connection: Any, flow: Flow, ordinal: int) -> None:  # noqa: ANN401  # asyncpg's, untyped
    """Write the series that the file is the first to have, numbered in the order of their keys."""
    columns = ", ".join(each.column for each in flow.dimensions)
    whole = " AND ".join(f"{each.column} IS NOT NULL" for each in flow.dimensions)
    await connection.fetchval(GATHER_STAGED, flow.number, timeout=LOAD_SECONDS)
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
    await connection.fetchval(GATHER_STAGED, flow.number, timeout=LOAD_SECONDS)


def lines(flow: Flow, series: str) -> str:
    """Join the staged lines (`f`) with their series (`s`) and their periods (`p`)."""
    same = " AND ".join(
        f"s.{each.column} = coalesce(f.{each.column}, '')" for each in flow.dimensions
    )
    # coalesce, of which no statistics are kept: series are hashed, not the lines, which are ten
    # times as many, and the lines keep the order that they have in the file
    return f"""
        observatory.staged_observation f
        JOIN {series} s ON {same}
        JOIN unnest($1::text[], $2::int[]) AS p (text, number) ON p.text = f.period"""


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
    given = (list(periods), list(periods.values()))
    of_flow = f"(SELECT * FROM observatory.series WHERE flow = {flow.number})"  # noqa: S608  # our own number
    incoming = lines(flow, of_flow)
    if await connection.fetchval(
        f"""
        SELECT EXISTS (SELECT FROM {incoming} GROUP BY s.series_id, p.number HAVING count(*) > 1)
        """,  # noqa: S608  # our own names and numbers
        *given,
        timeout=LOAD_SECONDS,
    ):
        raise DataInvalid(await twice(connection, incoming, given))
    differs = " OR ".join(f"i.{name} IS DISTINCT FROM l.{name}" for name in MEASURED)
    values = ", ".join(f"i.{name}" for name in MEASURED)
    join = "FULL" if complete else "LEFT"
    # what a deletion or a partial file leaves alone, a complete one ends
    await connection.execute(
        f"""
        INSERT INTO observatory.staged_change (series_id, period_id, action, delta, {_COLUMNS})
        SELECT coalesce(i.series_id, l.series_id), coalesce(i.period_id, l.period_id),
               CASE WHEN i.series_id IS NULL OR i.action = 'D' THEN 'D'
                    WHEN l.series_id IS NULL THEN 'A' ELSE 'R' END,
               abs(i.value - l.value), {values}
          FROM (SELECT s.series_id, p.number AS period_id, coalesce(f.action, '') AS action,
                       {_INCOMING}
                  FROM {incoming}) i
          {join} JOIN (SELECT * FROM observatory.obs
                      WHERE flow = {flow.number} AND rel_to IS NULL AND NOT deleted) l
            ON l.series_id = i.series_id AND l.period_id = i.period_id
         WHERE CASE WHEN i.series_id IS NULL THEN $4::boolean
                    WHEN i.action = 'D' THEN l.series_id IS NOT NULL
                    ELSE l.series_id IS NULL OR {differs} OR l.rel_from <> ALL($3::int[]) END""",  # noqa: S608  # likewise
        *given,
        same_method,
        complete,
        timeout=LOAD_SECONDS,
    )
    await connection.fetchval(GATHER_STAGED, flow.number, timeout=LOAD_SECONDS)
    fit = {"flow": flow.number, "ordinal": ordinal, "live": "o.rel_to IS NULL AND NOT o.deleted"}
    for statement in (_STATS_CLOSED, _CLOSE, _BEGIN, _STATS_BEGUN):
        await connection.execute(statement.format(**fit), timeout=LOAD_SECONDS)
    return dict(await connection.fetchrow(_DIFF, timeout=LOAD_SECONDS))


async def twice(
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
