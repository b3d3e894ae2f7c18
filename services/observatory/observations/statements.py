"""Makes the one SQL statement of a selection. Pure: nothing is read here.

Names in the statement are our own columns, the number of the flow is written into it so that
PostgreSQL plans for one partition; whatever came with the request is an argument.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from observatory.observations.readings import READING_KEY, Wording, expression
from observatory.observations.selection import Comparison, Selection
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import (
    MEASURE,
    OBSERVED,
    OF_RELEASE,
    TIME,
    Attribute,
    Dimension,
)
from platformkit.i18n import Language

_STORED: Final = {TIME: "o.period_id", "ACTION": "o.deleted", "VALID_FROM": "o.rel_from"}
"""What rows can be sorted by, besides codes and what is observed."""

_WORDS: Final = {"status", "conf"}
_KEY: Final = ("o.series_id", "o.period_id", "o.rel_from")
NAMED: Final = "_NAME"
"""Ends the name of a column of names, beside that of the codes (labels `split`)."""

WITHDRAWN: Final = "O"
SUPPRESSED: Final = "Q"
"""OBS_STATUS of a value that is hidden, because its release was withdrawn or by disclosure
control (CL_OBS_STATUS: missing value; missing value, suppressed)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, its arguments, and what its columns are."""

    sql: str
    arguments: tuple[object, ...]
    columns: tuple[str, ...]
    planned: Mapping[str, str] | None = None
    """Settings of the planner for this statement."""


@dataclass(slots=True)
class _Parts:
    """A statement in the making."""

    selection: Selection
    vintages: Vintages
    arguments: list[object] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def bind(self, value: object, kind: str) -> str:
        """Add an argument; the cast tells PostgreSQL, and asyncpg, its type."""
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    @property
    def masked(self) -> bool:
        """Tell whether any cell of the flow is suppressed."""
        return self.vintages.mask_revision > 0

    @property
    def mask(self) -> str:
        """Join of the suppression of a cell, where any is suppressed."""
        if not self.masked:
            return ""
        return (
            "LEFT JOIN observatory.suppression m"
            " ON m.series_id = o.series_id AND m.period_id = o.period_id"
            f" AND m.since <= {self.vintages.newest}"
        )

    @property
    def withdrawn(self) -> str | None:
        """Condition of a version whose release was withdrawn, where there is such a release."""
        ordinals = [n for n in self.vintages.withdrawn if n <= self.selection.as_of]
        return f"o.rel_from IN ({', '.join(map(str, ordinals))})" if ordinals else None

    def shown(self, column: str) -> str:
        """Expression of a stored column as it may be seen."""
        cases = ["WHEN o.deleted THEN NULL"] if self.selection.tells_deletions else []
        if self.masked:
            hidden = {"status": f"'{SUPPRESSED}'", "conf": "m.conf"}.get(column, "NULL")
            cases.append(f"WHEN m.series_id IS NOT NULL THEN {hidden}")
        if self.withdrawn is not None:
            hidden = {"status": f"'{WITHDRAWN}'", "conf": "o.conf"}.get(column, "NULL")
            cases.append(f"WHEN {self.withdrawn} THEN {hidden}")
        return f"CASE {' '.join(cases)} ELSE o.{column} END" if cases else f"o.{column}"


def observations(selection: Selection, vintages: Vintages, language: Language) -> Statement:
    """Make the statement that reads the observations of a selection, row by row."""
    parts = _Parts(selection, vintages)
    columns = _columns(parts, language)
    named = [f'{expression} AS "{name}"' for name, expression in columns.items()]
    sql = _read(parts, named)
    streams = selection.is_whole and not selection.sort
    return Statement(
        sql, tuple(parts.arguments), tuple(columns), {"enable_sort": "off"} if streams else None
    )


def continuation(selection: Selection, vintages: Vintages) -> Statement:
    """Make the statement that finds the last row of a page and, if there is one, that after it."""
    page = replace(selection, offset=selection.offset + (selection.limit or 0) - 1, limit=2)
    parts = _Parts(page, vintages)
    key = _KEY if selection.include_history else _KEY[:2]
    return Statement(_read(parts, key), tuple(parts.arguments), key)


def _read(parts: _Parts, columns: Sequence[str]) -> str:
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
  {parts.mask} {" ".join(parts.joins)}
 WHERE {" AND ".join([*where, *tests])}
 ORDER BY {_order(parts)}{_cut(parts)}"""  # noqa: S608  # our own names, all else is bound


def _measured(parts: _Parts, component: str, test: Comparison) -> str:
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


def _time_conditions(parts: _Parts) -> list[str]:
    return [
        any_of(time_test(test, parts.bind) for test in each.tests)
        for each in parts.selection.conditions
        if each.component == TIME
    ]


def _versions(parts: _Parts) -> list[str]:
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


def _source(parts: _Parts, conditions: list[str]) -> str:
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


def _columns(parts: _Parts, language: Language) -> dict[str, str]:
    """Name the columns of the answer, in its order, with their expressions."""
    selection = parts.selection
    columns = {}
    for each in selection.flow.dimensions:
        code = f"s.{each.column}"
        if selection.labels != "id":
            name = _name(parts, each, language)
            if selection.labels == "split":
                columns[each.id], columns[each.id + NAMED] = code, name
                continue
            code = name if selection.labels == "name" else f"{code} || ': ' || {name}"
        columns[each.id] = code
    columns[TIME] = "p.text"
    columns[MEASURE] = parts.shown("value")
    for attribute in selection.flow.attributes:
        if selection.wants(attribute.id):
            columns[attribute.id] = _attribute(parts, attribute)
    return columns | _more(parts, language)


def _more(parts: _Parts, language: Language) -> dict[str, str]:
    """Name the columns that only some questions have."""
    selection = parts.selection
    columns = {}
    if selection.tells_deletions:
        columns["ACTION"] = "CASE WHEN o.deleted THEN 'D' ELSE 'R' END"
    if selection.include_history or selection.initial:
        instants = parts.bind(
            [each.published_at for each in parts.vintages.releases], "timestamptz[]"
        )
        written = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        columns["VALID_FROM"] = written.format(f"({instants})[o.rel_from]")
    if selection.include_history:
        until = f"CASE WHEN o.rel_to <= {selection.as_of} THEN ({instants})[o.rel_to] END"
        columns["VALID_TO"] = written.format(until)
    if selection.tells_release:
        columns["RELEASE"] = "o.rel_from"
    if selection.reads is not None:
        columns["READING_KEY"] = parts.bind(READING_KEY, "text")
        columns["READING"] = _reading(parts, selection.reads, language)
    return columns


def _name(parts: _Parts, dimension: Dimension, language: Language) -> str:
    """Expression of the name of a code; its list is joined once."""
    join = f"c_{dimension.column}"
    found = (
        f"LEFT JOIN observatory.code {join} ON {join}.codelist = {dimension.codelist.number}"
        f" AND {join}.code = s.{dimension.column}"
    )
    if found not in parts.joins:
        parts.joins.append(found)
    return f"{join}.name_{language}"


def _reading(parts: _Parts, wording: Wording, language: Language) -> str:
    return expression(
        wording,
        language,
        [
            _name(parts, each, language)
            for each in parts.selection.flow.dimensions
            if each.id not in wording.unsaid
        ],
        parts.shown("value"),
        parts.shown("status"),
        {SUPPRESSED: "hidden", WITHDRAWN: "withdrawn"},
        parts.bind,
    )


def _attribute(parts: _Parts, attribute: Attribute) -> str:
    if attribute.level == "dataflow":
        return parts.bind(attribute.values[""], "text")
    if attribute.level == "dimension":
        dimension = parts.selection.flow.dimension(attribute.dimension or "")
        assert dimension is not None  # noqa: S101  # publishing refuses others
        codes = parts.bind(list(attribute.values), "text[]")
        values = parts.bind(list(attribute.values.values()), "text[]")
        return f"({values})[array_position({codes}, s.{dimension.column})]"
    if attribute.id in OF_RELEASE:
        told = [getattr(each, OF_RELEASE[attribute.id]) for each in parts.vintages.releases]
        return f"({parts.bind(told, 'text[]')})[o.rel_from]"
    return parts.shown(OBSERVED[attribute.id])


def _order(parts: _Parts) -> str:
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


def _cut(parts: _Parts) -> str:
    selection = parts.selection
    cut = f" LIMIT {selection.limit}" if selection.limit is not None else ""
    return cut + (f" OFFSET {selection.offset}" if selection.offset else "")
