"""Makes the one SQL statement of a selection. Pure: nothing is read here.

Names in the statement are our own columns, the number of the flow is written into it so that
PostgreSQL plans for one partition; whatever came with the request is an argument.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from observatory.observations.conditions import (
    COMPARED,
    any_of,
    compared,
    live_at,
    series_conditions,
    time_test,
)
from observatory.observations.parts import SUPPRESSED, WITHDRAWN, Parts
from observatory.observations.selection import Comparison, Selection
from observatory.observations.shown import columns
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import (
    MEASURE,
    OBSERVED,
    TIME,
)
from platformkit.i18n import Language

_STORED: Final = {TIME: "o.period_id", "ACTION": "o.deleted", "VALID_FROM": "o.rel_from"}
"""What rows can be sorted by, besides codes and what is observed."""

_WORDS: Final = {"status", "conf"}
_KEY: Final = ("o.series_id", "o.period_id", "o.rel_from")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, its arguments, and what its columns are."""

    sql: str
    arguments: tuple[object, ...]
    columns: tuple[str, ...]
    planned: Mapping[str, str] | None = None
    """Settings of the planner for this statement."""


def observations(
    selection: Selection,
    vintages: Vintages,
    language: Language,
    before: Sequence[object] = (),
) -> Statement:
    """Make the statement that reads the observations of a selection, row by row.

    `before` are the arguments of statements that stand before it in the same one.
    """
    parts = Parts(selection, vintages, [*before])
    told = columns(parts, language)
    named = [f'{expression} AS "{name}"' for name, expression in told.items()]
    sql = _read(parts, named)
    streams = selection.is_whole and not selection.sort
    return Statement(
        sql, tuple(parts.arguments), tuple(told), {"enable_sort": "off"} if streams else None
    )


def continuation(selection: Selection, vintages: Vintages) -> Statement:
    """Make the statement that finds the last row of a page and, if there is one, that after it."""
    page = replace(selection, offset=selection.offset + (selection.limit or 0) - 1, limit=2)
    parts = Parts(page, vintages)
    key = _KEY if selection.include_history else _KEY[:2]
    return Statement(_read(parts, key), tuple(parts.arguments), key)


def _read(parts: Parts, columns: Sequence[str]) -> str:
    """Write the statement that reads these columns of what is selected."""
    selection = parts.selection
    where = [*series_conditions(selection, parts.bind)]
    inner = [*_versions(parts), *_time_conditions(parts)]
    tests = [
        any_of(_measured(parts, each.component, test) for test in each.tests)
        for each in selection.conditions
        if each.component == MEASURE or each.component in OBSERVED
    ]
    source = _source(parts, inner)
    if selection.after is not None:
        place = [parts.bind(each, "int") for each in selection.after]
        where.append(f"({', '.join(_KEY[: len(place)])}) > ({', '.join(place)})")
    return f"""
SELECT {", ".join(columns)}
  FROM observatory.series s
  {source}
  JOIN observatory.period p ON p.number = o.period_id
  {parts.mask} {" ".join(parts.joins)} {_earlier(parts)}
 WHERE {" AND ".join([*where, *tests])}
 ORDER BY {_order(parts)}{_cut(parts)}"""  # noqa: S608  # our own names, all else is bound


def _measured(parts: Parts, component: str, test: Comparison) -> str:
    """Comparison what is shown, never what is hidden behind it."""
    column = "value" if component == MEASURE else OBSERVED[component]
    shown = f"({parts.shown(column)})"
    if column in _WORDS:
        return compared(shown, test, parts.bind)
    try:
        number = float(test.value)
    except ValueError:
        return "false"
    if test.operator not in COMPARED or not isfinite(number):
        return "false"
    return f"{shown} {COMPARED[test.operator]} {parts.bind(number, 'float8')}"


def _time_conditions(parts: Parts) -> list[str]:
    return [
        any_of(time_test(test, parts.bind) for test in each.tests)
        for each in parts.selection.conditions
        if each.component == TIME
    ]


def _versions(parts: Parts) -> list[str]:
    """Conditions that choose the versions."""
    selection = parts.selection
    if selection.include_history:
        found = [f"o.rel_from <= {selection.as_of}"]
    elif selection.initial:
        earlier = (
            f"SELECT FROM observatory.obs b WHERE b.flow = {selection.flow.number}"
            " AND b.series_id = o.series_id AND b.period_id = o.period_id"
            " AND b.rel_from < o.rel_from AND NOT b.deleted"
        )
        found = [f"o.rel_from <= {selection.as_of}", f"NOT EXISTS ({earlier})"]
    else:
        found = [live_at("o", selection.as_of)]
    if selection.updated_after is not None:
        before = selection.updated_after
        changed = f"o.rel_from > {before}"
        if parts.masked:  # what was hidden since has changed for whoever holds a copy
            changed = (
                f"({changed} OR (o.series_id, o.period_id) IN (SELECT h.series_id, h.period_id"  # noqa: S608  # our own numbers
                f" FROM observatory.suppression h WHERE h.flow = {selection.flow.number}"
                f" AND h.since > {before} AND h.since <= {parts.vintages.newest}))"
            )
        found.append(changed)
        # whoever has never seen it need not delete it
        found.append(
            "(NOT o.deleted OR EXISTS (SELECT FROM observatory.obs b"
            f" WHERE b.flow = {selection.flow.number} AND b.series_id = o.series_id"
            f" AND b.period_id = o.period_id AND NOT b.deleted AND {live_at('b', before)}))"
        )
    elif not selection.include_history:
        found.append("NOT o.deleted")
    return found


def _source(parts: Parts, conditions: list[str]) -> str:
    """Join the observations; first and last N per series look each series up by itself."""
    selection, flow = parts.selection, parts.selection.flow.number
    wheres = " AND ".join(conditions)
    last = selection.last_n if selection.mrnev is None else selection.mrnev
    mask, picked = "", wheres
    if selection.mrnev is not None:
        mask, picked = parts.mask, f"{wheres} AND ({parts.shown('value')}) IS NOT NULL"
    if selection.first_n is None and last is None:
        return (
            f"JOIN observatory.obs o ON o.series_id = s.series_id AND o.flow = {flow} AND {wheres}"
        )
    picks = [
        f"(SELECT DISTINCT o.period_id FROM observatory.obs o {mask} WHERE o.flow = {flow}"  # noqa: S608  # likewise
        f" AND o.series_id = s.series_id AND {picked} ORDER BY o.period_id {way} LIMIT {count})"
        for way, count in (("ASC", selection.first_n), ("DESC", last))
        if count is not None
    ]
    return (
        f"CROSS JOIN LATERAL ({' UNION '.join(picks)}) n\n"
        f"  JOIN observatory.obs o ON o.series_id = s.series_id AND o.flow = {flow}"
        f" AND o.period_id = n.period_id AND {wheres}"
    )


def _earlier(parts: Parts) -> str:
    """Join the nearest earlier value that may be seen, for a figure that is missing.

    What is hidden is not missing: it is filled by nothing, and fills nothing.
    """
    if not parts.selection.fills_gaps:
        return ""
    tests = [
        f"g.flow = {parts.selection.flow.number}",
        "g.series_id = o.series_id",
        "g.period_id < o.period_id",
        "q.frequency = p.frequency",
        "NOT g.deleted",
        "g.value IS NOT NULL",
        live_at("g", parts.selection.as_of),
    ]
    hidden = ""
    if parts.masked:
        hidden = parts.mask_of("h", "g")
        tests.append("h.series_id IS NULL")
    withdrawn = parts.withdrawn_of("g")
    if withdrawn is not None:
        tests.append(f"NOT {withdrawn}")
    return (
        "LEFT JOIN LATERAL (SELECT g.value, q.text FROM observatory.obs g"  # noqa: S608  # likewise
        f" JOIN observatory.period q ON q.number = g.period_id {hidden}"
        f" WHERE {' AND '.join(tests)} ORDER BY g.period_id DESC LIMIT 1) e"
        f" ON ({parts.shown('value')}) IS NULL"
        f" AND coalesce({parts.shown('status')}, '') NOT IN ('{SUPPRESSED}', '{WITHDRAWN}')"
    )


def _order(parts: Parts) -> str:
    """Order by what was asked, then by series and period: every row has one place."""
    keys = []
    for name, descends in parts.selection.sort:
        dimension = parts.selection.flow.dimension(name)
        if dimension is not None:
            key = f"s.{dimension.column}"
        elif name in _STORED:
            key = _STORED[name]
        else:
            key = parts.shown("value" if name == MEASURE else OBSERVED[name])
        keys.append(f"{key} {'DESC' if descends else 'ASC'}")
    return ", ".join([*keys, *_KEY])


def _cut(parts: Parts) -> str:
    selection = parts.selection
    cut = f" LIMIT {selection.limit}" if selection.limit is not None else ""
    return cut + (f" OFFSET {selection.offset}" if selection.offset else "")
