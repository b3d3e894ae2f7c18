"""How far the data of a release reach: observations, series, periods, codes that have some."""

from collections.abc import Iterable
from typing import Any, Final

import orjson

from observatory.releases.staging import LOAD_SECONDS
from observatory.structures.catalogue import Flow

_TOTALS: Final = """
SELECT coalesce(sum(n_obs), 0)::int AS n_obs, count(*) FILTER (WHERE n_obs > 0)::int AS n_series,
       min(first_period) AS first_period, max(last_period) AS last_period
  FROM observatory.series_stat WHERE flow = {flow} AND rel_to IS NULL
"""
_CODES: Final = "SELECT {columns} FROM {series} WHERE n_obs > 0 GROUP BY GROUPING SETS ({sets})"
"""A row per code of each dimension: the other columns are null."""

_STORED: Final = """
(SELECT s.*, t.n_obs FROM observatory.series s
   JOIN observatory.series_stat t USING (flow, series_id)
  WHERE s.flow = {flow} AND t.rel_to IS NULL) s"""
_STAGED: Final = "observatory.staged_series"

_PERIODS: Final = """
SELECT p.text AS code FROM (
  SELECT DISTINCT period_id FROM observatory.obs
   WHERE flow = {flow} AND rel_to IS NULL AND NOT deleted) o
  JOIN observatory.period p ON p.number = o.period_id
 ORDER BY p.number
"""
_TEXTS: Final = (
    "SELECT text AS code FROM observatory.period WHERE number = ANY($1::int[]) ORDER BY number"
)


async def read(
    raw: Any,  # noqa: ANN401  # asyncpg's, untyped
    flow: Flow,
    *,
    is_first: bool,
    all_periods: Iterable[int] | None,
) -> tuple[Any, ...]:
    """Return observations, series, first and last period, and the codes that have data.

    The series of a first release are still staged; `all_periods` are those that have data, where
    that is known already.
    """
    columns = [each.column for each in flow.dimensions]
    codes = _CODES.format(
        series=_STAGED if is_first else _STORED.format(flow=flow.number),
        columns=", ".join(columns),
        sets=", ".join(f"({name})" for name in columns),
    )
    rows = await raw.fetch(codes, timeout=LOAD_SECONDS)
    present = {
        each.id: sorted(row[place] for row in rows if row[place] is not None)
        for place, each in enumerate(flow.dimensions)
    }
    if all_periods is None:
        periods = _PERIODS.format(flow=flow.number)
        found = await raw.fetch(periods, timeout=LOAD_SECONDS)
    else:
        found = await raw.fetch(_TEXTS, list(all_periods))
    present["TIME_PERIOD"] = [row["code"] for row in found]
    totals = await raw.fetchrow(_TOTALS.format(flow=flow.number), timeout=LOAD_SECONDS)
    return (*totals, orjson.dumps(present).decode())
