"""Reads a flow: its vintages, how much a selection would be, what there is, and the rows.

How a reader of any format goes about it:

1. `vintages(reads, flow)`: one small statement, the only one that an answer 304 needs;
2. `Selection(flow=flow, as_of=vintages.newest, ...)`, and its entity tag
   (`service.etag(selection, vintages, media_type, language)`);
3. `estimate(...)` without touching an observation, and `service.check_size`;
4. `statements.observations(selection, vintages, language)` is the statement; then one of
   `csv` (bytes as COPY writes them, the fastest), `json_rows` (bytes, one object per line) or
   `batches` (records, for whoever writes another format). All of them stream.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
import orjson

from observatory.observations.conditions import (
    SERIES_WITH_STAT,
    Bound,
    live_at,
    series_conditions,
    time_test,
)
from observatory.observations.selection import Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintage, Vintages, state
from observatory.structures.catalogue import TIME, Flow
from platformkit.copying import LONGEST_SECONDS, RAW, copied
from platformkit.reads import ReadPool

BATCH: Final = 5_000
"""Rows of one batch of records."""

PLANNED: Final = {
    "enable_seqscan": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "plan_cache_mode": "force_custom_plan",
}
"""Settings of connections that read observations: index scans, and a plan for the codes asked."""

MASK_REVISION: Final = """
(SELECT coalesce(max(d.number), 0) FROM observatory.disclosure_run d
  WHERE d.flow = {flow} AND d.newly_hidden > 0
    AND EXISTS (SELECT FROM observatory.release n
                 WHERE n.flow = {flow} AND n.ordinal = d.since
                   AND n.published_at <= statement_timestamp()))"""
"""Number of the last judgement that hid something of a flow, of those that hold by now."""

_VISIBLE: Final = f"""
SELECT f.number AS flow, r.ordinal, r.published_at, r.withdrawn_at IS NOT NULL AS is_withdrawn,
       r.method, r.source,
       (r.diff ->> 'added')::int + (r.diff ->> 'revised')::int + (r.diff ->> 'deleted')::int
         AS changed,
       r.n_obs AS observations, r.n_series AS series,
       a.text AS first_period, z.text AS last_period,
       {MASK_REVISION.format(flow="f.number")} AS mask_revision
  FROM observatory.flow f
  LEFT JOIN observatory.release r ON r.flow = f.number AND r.published_at <= statement_timestamp()
  LEFT JOIN observatory.period a ON a.number = r.first_period
  LEFT JOIN observatory.period z ON z.number = r.last_period
"""  # noqa: S608  # our own expression
VINTAGES: Final = f"{_VISIBLE} WHERE f.number = $1 ORDER BY r.ordinal"
_OF_SEVERAL: Final = f"{_VISIBLE} WHERE f.number = ANY($1::int[]) ORDER BY f.number, r.ordinal"
_BULK: Final = """
SELECT 'releases/' || r.id || '/data.parquet' AS path, b.sha256, b.size
  FROM observatory.release r
  LEFT JOIN observatory.bulk_file b ON b.release = r.id AND b.state = $3
 WHERE r.flow = $1 AND r.ordinal = $2
"""
_PRESENT: Final = "SELECT present::text FROM observatory.release WHERE flow = $1 AND ordinal = $2"


async def vintages(reads: ReadPool, flow: Flow) -> Vintages:
    """Return the releases of a flow that can be seen now."""
    return _visible(flow.number, await reads.fetch("vintages", VINTAGES, flow.number))


async def vintages_of(reads: ReadPool, flows: Iterable[Flow]) -> dict[int, Vintages]:
    """Return those of several flows at one moment, by the number of the flow."""
    numbers = sorted({each.number for each in flows})
    found: dict[int, list[asyncpg.Record]] = {number: [] for number in numbers}
    for row in await reads.fetch("vintages of several", _OF_SEVERAL, numbers):
        found[row["flow"]].append(row)
    return {number: _visible(number, rows) for number, rows in found.items()}


def _visible(flow: int, rows: Sequence[asyncpg.Record]) -> Vintages:
    return Vintages(
        flow,
        rows[0]["mask_revision"] if rows else 0,
        [Vintage(*tuple(row)[1:-1]) for row in rows if row["ordinal"] is not None],
    )


@dataclass(frozen=True, slots=True)
class Bulk:
    """The file of a release: its address, and what it is once it was made."""

    path: str
    sha256: str | None
    size: int | None


async def bulk(reads: ReadPool, flow: Flow, known: Vintages, ordinal: int) -> Bulk | None:
    """Return what is known of the file of a release; None before the first."""
    row = await reads.fetchrow("bulk", _BULK, flow.number, ordinal, state(flow, known, ordinal))
    return None if row is None else Bulk(*row)


def _periods(selection: Selection, bind: Bound) -> str:
    """Condition on periods (`x`) of the release; empty where the selection does not restrict time.

    The table of periods is that of all flows.
    """
    tests = [
        "(" + " OR ".join(time_test(test, bind, "x.number") for test in each.tests) + ")"
        for each in selection.conditions
        if each.component == TIME
    ]
    if not tests:
        return ""
    release = f"{bind(selection.flow.number, 'int')} AND r.ordinal = {bind(selection.as_of, 'int')}"
    present = (
        "SELECT jsonb_array_elements_text(r.present -> 'TIME_PERIOD')"  # noqa: S608  # all is bound
        f" FROM observatory.release r WHERE r.flow = {release}"
    )
    return " AND ".join([*tests, f"x.text IN ({present})"])


async def periods(reads: ReadPool, selection: Selection) -> list[str] | None:
    """List the periods that a selection allows, in their order; None where it is about none."""
    bind = Bound([])
    times = _periods(selection, bind)
    if not times and not selection.is_cut:
        return None
    sql = f"SELECT x.text FROM observatory.period x WHERE {times or 'true'} ORDER BY x.number"  # noqa: S608  # all else is bound
    return [row["text"] for row in await reads.fetch("periods", sql, *bind.arguments)]


def _stats(selection: Selection, bind: Bound) -> tuple[str, str]:
    """Return the join of the series with their figures, and the most observations of one."""
    times = _periods(selection, bind)
    most = "t.n_versions" if selection.looks_back else "t.n_obs"
    bounds, where = [most], [*series_conditions(selection, bind), live_at("t", selection.as_of)]
    where.append(f"{most} > 0")
    if times and not selection.looks_back:
        of_period = f"FROM observatory.period x WHERE {times}"
        bounds.append(f"(SELECT count(*) {of_period})")
        where.append(f"t.first_period <= (SELECT max(x.number) {of_period})")
        where.append(f"t.last_period >= (SELECT min(x.number) {of_period})")
    if selection.is_cut and not selection.include_history:
        last = selection.last_n or selection.mrnev or 0
        bounds.append(str((selection.first_n or 0) + last))
    return f"{SERIES_WITH_STAT} WHERE {' AND '.join(where)}", f"least({', '.join(bounds)})"


async def estimate(reads: ReadPool, selection: Selection, known: Vintages) -> int:
    """Return at most how many rows a selection has, from the figures kept of series: no COUNT.

    Without a condition it takes no statement at all; with `updated_after` it is what the releases
    in between have changed.
    """
    release = known.get(selection.as_of)
    if release is None:
        return 0
    bounds = [] if selection.limit is None else [selection.limit]
    if selection.updated_after is not None and not known.mask_revision:
        bounds.append(known.changed_between(selection.updated_after, selection.as_of))
    elif selection.looks_back and selection.is_whole and not selection.is_cut:
        bounds.append(known.changed_between(0, selection.as_of))
    elif selection.is_whole and not selection.is_cut:
        bounds.append(release.observations)
    else:
        bind = Bound([])
        source, most = _stats(selection, bind)
        sql = f"SELECT coalesce(sum({most}), 0)::bigint FROM {source}"  # noqa: S608  # all else is bound
        bounds.append(await reads.fetchval("estimate", sql, *bind.arguments))
    return min(bounds)


@dataclass(frozen=True, slots=True)
class Availability:
    """What a selection has: the codes by dimension, and upper bounds of how much.

    Series are counted by the periods that they reach over: one with a gap just there is in, and so
    is one whose values or attributes do not answer to a condition on them. No observation is read.
    """

    observations: int
    series: int
    codes: Mapping[str, list[str]]
    first_period: str | None
    last_period: str | None


async def availability(reads: ReadPool, selection: Selection, known: Vintages) -> Availability:
    """Return what there is; for a whole flow it was written down when the release was loaded."""
    release = known.get(selection.as_of)
    if release is None:
        empty: dict[str, list[str]] = {each.id: [] for each in selection.flow.dimensions}
        return Availability(0, 0, {**empty, TIME: []}, None, None)
    if selection.is_whole and selection.updated_after is None:
        present = await reads.fetchval(
            "present codes", _PRESENT, selection.flow.number, selection.as_of
        )
        return Availability(
            release.observations,
            release.series,
            orjson.loads(present),
            release.first_period,
            release.last_period,
        )
    bind = Bound([])
    source, most = _stats(selection, bind)
    if selection.updated_after is not None:  # a series has new figures with each change
        source += f" AND t.rel_from > {selection.updated_after}"
    times = _periods(selection, bind) or "true"
    columns = [f"s.{each.column}" for each in selection.flow.dimensions]
    sql = f"""
    SELECT {", ".join(columns)}, count(*) AS series, sum({most})::bigint AS observations,
           (SELECT x.text FROM observatory.period x WHERE x.number >= min(t.first_period)
               AND {times} ORDER BY x.number LIMIT 1) AS first,
           (SELECT x.text FROM observatory.period x WHERE x.number <= max(t.last_period)
               AND {times} ORDER BY x.number DESC LIMIT 1) AS last,
           grouping({", ".join(columns)}) AS level
      FROM {source}
     GROUP BY GROUPING SETS ((), {", ".join(f"({column})" for column in columns)})"""  # noqa: S608  # all else is bound
    codes: dict[str, list[str]] = {each.id: [] for each in selection.flow.dimensions}
    every = (1 << len(columns)) - 1
    total = None
    for row in await reads.fetch("availability", sql, *bind.arguments):
        if row["level"] == every:
            total = row
            continue
        place = next(n for n in range(len(columns)) if not row["level"] >> len(columns) - 1 - n & 1)
        codes[selection.flow.dimensions[place].id].append(row[place])
    return Availability(
        observations=int(total["observations"] or 0) if total else 0,
        series=total["series"] if total else 0,
        codes={name: sorted(each) for name, each in codes.items()},
        first_period=total["first"] if total else None,
        last_period=total["last"] if total else None,
    )


async def batches(
    pool: ReadPool, statement: Statement, size: int = BATCH
) -> AsyncIterator[list[asyncpg.Record]]:
    """Yield the rows in batches, by a cursor: the server holds the rest."""
    async with (
        pool.connection("observations") as connection,
        connection.transaction(readonly=True),
    ):
        cursor = await connection.cursor(
            statement.sql, *statement.arguments, timeout=LONGEST_SECONDS
        )
        while rows := await cursor.fetch(size, timeout=LONGEST_SECONDS):
            yield rows


async def csv(
    pool: ReadPool, statement: Statement, *, header: bool = True, delimiter: str = ","
) -> AsyncIterator[bytes]:
    """Yield the rows as COPY writes them: RFC 4180 but for its line ends, which are LF."""
    async for piece in copied(
        pool,
        statement.sql,
        *statement.arguments,
        planned=statement.planned,
        format="csv",
        delimiter=delimiter,
        header=header,
    ):
        yield piece


async def json_rows(pool: ReadPool, statement: Statement) -> AsyncIterator[bytes]:
    """Yield the rows as JSON objects with the names of the columns, one per line."""
    sql = f"SELECT row_to_json(r)::text FROM ({statement.sql}) r"  # noqa: S608  # our own statement
    async for piece in copied(pool, sql, *statement.arguments, planned=statement.planned, **RAW):
        yield piece
