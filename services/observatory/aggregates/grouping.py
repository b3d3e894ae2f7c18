"""Makes the statement of an aggregate, for PostgreSQL or for DuckDB on a release's file. Pure.

Both read rows as anybody may see them: PostgreSQL those of `observations.statements`, DuckDB the
same rows as the bulk file keeps them. What is hidden is in neither, so it is in no difference of
two aggregates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final, Literal

from observatory.observations import statements
from observatory.observations.conditions import COMPARED, Bound, any_of, compared
from observatory.observations.parts import SUPPRESSED
from observatory.observations.selection import Condition, Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import MEASURE, OBSERVED, TIME

Function = Literal["mean", "sum", "min", "max", "count"]

MOST_GROUPS: Final = 10_000

_DIGITS: Final = 12
_WORDS: Final = {"OBS_STATUS", "CONF_STATUS"}
_SQL: Final[dict[Function, str]] = {
    "mean": "avg",
    "sum": "sum",
    "min": "min",
    "max": "max",
    "count": "count",
}


@dataclass(frozen=True, slots=True)
class Aggregation:
    """A function of the values, for each combination of the codes of some components."""

    function: Function
    by: tuple[str, ...]


def told(value: float) -> float:
    """Round as aggregates are told, to 12 significant digits: floats add up in any order."""
    return float(f"{value:.{_DIGITS}g}")


def _told(selection: Selection, name: str) -> bool:
    return any(each.id == name for each in selection.flow.attributes)


def _grouped(selection: Selection, asked: Aggregation, rows: str) -> str:
    """Group rows: the codes, the value, how many cells, with a value, and suppressed."""
    names = [f'"{name}"' for name in asked.by]
    hidden = "NULL"
    if _told(selection, "OBS_STATUS"):
        hidden = f'count(*) FILTER (WHERE "OBS_STATUS" = \'{SUPPRESSED}\' AND "{MEASURE}" IS NULL)'
    columns = [
        *names,
        f'{_SQL[asked.function]}("{MEASURE}")',
        "count(*)",
        f'count("{MEASURE}")',
        hidden,
    ]
    group = f" GROUP BY {', '.join(names)} LIMIT {MOST_GROUPS + 1}" if names else ""
    return f"SELECT {', '.join(columns)} FROM ({rows}) r{group}"  # noqa: S608  # our own names


def of_rows(selection: Selection, known: Vintages, asked: Aggregation) -> Statement:
    """Make the statement for PostgreSQL."""
    read = replace(selection, attributes=frozenset({"OBS_STATUS"}))
    rows = statements.observations(read, known, "fr")
    return replace(rows, sql=_grouped(selection, asked, rows.sql))


def of_file(
    selection: Selection, asked: Aggregation, periods: Sequence[str] | None
) -> tuple[str, list[object]]:
    """Make the statement for DuckDB and its arguments; the first one, None, is for the path.

    `periods` are those that the selection allows, in their order; None where it allows all.
    """
    bind = Bound([None])
    where = [_of_series(selection, each, bind) for each in selection.conditions]
    seen = [_measured(each, bind) for each in selection.conditions]
    source = "SELECT * FROM read_parquet($1) f"
    cut = ""
    if periods is not None:
        listed = bind(list(periods), "text[]")
        source += (
            f" JOIN (SELECT unnest({listed}) AS named, unnest(range(len({listed}))) AS place) p"
            f' ON p.named = f."{TIME}"'
        )
        if selection.is_cut:
            cut = _cut(selection)
    if selection.mrnev is not None:
        where.append(f'"{MEASURE}" IS NOT NULL')
    rows = f"{source} WHERE {_all(where)}{cut}"
    rows = f"SELECT * FROM ({rows}) c WHERE {_all(seen)}"  # noqa: S608  # our own names
    return _grouped(selection, asked, rows), bind.arguments


def _all(tests: Sequence[str]) -> str:
    return " AND ".join(each for each in tests if each) or "true"


def _of_series(selection: Selection, condition: Condition, bind: Bound) -> str:
    """Condition on the codes of a series; empty for one on periods or on what is observed."""
    name = condition.component
    if selection.flow.dimension(name) is None:
        return "" if name in {TIME, MEASURE} or name in OBSERVED else "false"
    if all(test.operator == "eq" for test in condition.tests):
        codes = bind([test.value for test in condition.tests], "text[]")
        return f'"{name}" IN (SELECT unnest({codes}))'
    return any_of(compared(f'"{name}"', test, bind) for test in condition.tests)


def _measured(condition: Condition, bind: Bound) -> str:
    """Condition on what is observed, as `statements` compares it; empty for others."""
    name = condition.component
    if name in _WORDS:
        return any_of(compared(f'"{name}"', test, bind) for test in condition.tests)
    if name != MEASURE and name not in OBSERVED:
        return ""
    tests = []
    for test in condition.tests:
        try:
            number = float(test.value)
        except ValueError:
            continue
        if test.operator in COMPARED and isfinite(number):
            tests.append(f'"{name}" {COMPARED[test.operator]} {bind(number, "float8")}')
    return any_of(tests)


def _cut(selection: Selection) -> str:
    """Keep the first and the last periods of each series."""
    names = ", ".join(f'"{each.id}"' for each in selection.flow.dimensions)
    last = selection.last_n if selection.mrnev is None else selection.mrnev
    tests = [
        f"row_number() OVER (PARTITION BY {names} ORDER BY place {way}) <= {count}"
        for way, count in (("ASC", selection.first_n), ("DESC", last))
        if count is not None
    ]
    return f" QUALIFY {' OR '.join(tests)}"
