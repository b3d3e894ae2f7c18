"""Conditions of a selection in SQL. Pure; whatever came with the request is bound."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from observatory.observations.periods import first_number
from observatory.observations.selection import Comparison, Selection, period
from observatory.structures.catalogue import MEASURE, OBSERVED, TIME

Bind = Callable[[object, str], str]
"""Adds an argument and returns its place, with a cast to the type named."""


@dataclass(slots=True)
class Bound:
    """Arguments of a statement in the making; a `Bind`."""

    arguments: list[object]

    def __call__(self, value: object, kind: str) -> str:
        """Add an argument."""
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"


COMPARED: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_TEXTS: Final[Mapping[str, str]] = {
    "co": "position({it} IN {name}) > 0",
    "nc": "position({it} IN {name}) = 0",
    "sw": "starts_with({name}, {it})",
    "ew": "right({name}, length({it})) = {it}",
}


def series_conditions(selection: Selection, bind: Bind) -> list[str]:
    """Conditions on the table of series (`s`): the flow, and the codes of its dimensions."""
    found = [f"s.flow = {selection.flow.number}"]
    for each in selection.conditions:
        dimension = selection.flow.dimension(each.component)
        if dimension is not None:
            column = f"s.{dimension.column}"
            if all(test.operator == "eq" for test in each.tests):
                codes = [test.value for test in each.tests]
                among = (
                    f"= {bind(codes[0], 'text')}"
                    if len(codes) == 1
                    else f"= ANY({bind(codes, 'text[]')})"
                )
                # the second half lets the planner use the partial index of the column
                found.append(f"{column} {among} AND {column} <> ''")
            else:
                found.append(any_of(compared(column, test, bind) for test in each.tests))
        elif not _is_of_observations(each.component):
            found.append("false")  # a component that the flow has not, has no value to select
    if selection.keys:
        found.append(f"({' OR '.join(_key(selection, key, bind) for key in selection.keys)})")
    return found


def _key(selection: Selection, key: Mapping[str, str], bind: Bind) -> str:
    columns = {each.id: each.column for each in selection.flow.dimensions}
    tests = [
        f"s.{columns[name]} = {bind(code, 'text')}" if name in columns else "false"
        for name, code in key.items()
    ]
    return f"({' AND '.join(tests) or 'true'})"


def _is_of_observations(component: str) -> bool:
    return component in {TIME, MEASURE} or component in OBSERVED


def any_of(tests: Iterable[str]) -> str:
    """Join conditions of which one must hold; none holds where there is none."""
    return f"({' OR '.join(tests) or 'false'})"


def compared(name: str, test: Comparison, bind: Bind) -> str:
    """Compare a text."""
    it = bind(test.value, "text")
    if test.operator in COMPARED:
        return f"{name} {COMPARED[test.operator]} {it}"
    return _TEXTS[test.operator].format(name=name, it=it)


def time_test(test: Comparison, bind: Bind, number: str = "o.period_id") -> str:
    """Compare periods by their first and last days, not by their texts.

    `ge:2020` are those that begin in 2020 or later, `le:2020` those that end in 2020 or earlier:
    with days, `le:2020` reaches to 31 December (SDMX-REST 2, startPeriod and endPeriod).
    """
    of_text = "(SELECT x.number FROM observatory.period x WHERE {})"
    if test.operator in _TEXTS:
        fits = _TEXTS[test.operator].format(name="x.text", it=bind(test.value, "text"))
        return f"{number} IN {of_text.format(fits)}"
    given = period(test.value)
    if given is None:
        return "true" if test.operator == "ne" else "false"
    if test.operator in {"eq", "ne"}:
        return f"{number} {COMPARED[test.operator]} {bind(given.number, 'int')}"
    try:
        behind = first_number(given.last + timedelta(days=1))
    except OverflowError:  # the end of the year 9999
        behind = first_number(given.last)
    if test.operator in {"ge", "gt"}:
        begin = first_number(given.first) if test.operator == "ge" else behind
        return f"{number} >= {bind(begin, 'int')}"
    if test.operator == "le":
        end, last = behind, f"x.last <= {bind(given.last, 'date')}"
    else:
        end, last = first_number(given.first), f"x.last < {bind(given.first, 'date')}"
    # the first half bounds the index, the second is the rule
    return f"({number} < {bind(end, 'int')} AND {number} IN {of_text.format(last)})"


SERIES_WITH_STAT: Final = (
    "observatory.series s"
    " JOIN observatory.series_stat t ON t.flow = s.flow AND t.series_id = s.series_id"
)
"""Each series (`s`) with what is told of it (`t`): by release, see `live_at`."""


def live_at(alias: str, ordinal: int) -> str:
    """Condition of a version that is live in a release: it is in [rel_from, rel_to)."""
    return (
        f"{alias}.rel_from <= {ordinal} AND ({alias}.rel_to IS NULL OR {alias}.rel_to > {ordinal})"
    )
