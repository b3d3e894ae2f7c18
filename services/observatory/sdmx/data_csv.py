"""Makes SDMX-CSV 1.0 and 2.0: one statement, which PostgreSQL itself writes as CSV (COPY).

SDMX-CSV data field guide: columns, `labels`, `timeFormat` and `keys`. What SDMX-CSV 1.0 has no
column for (actions, validity) follows at the end, as columns of our own that it allows.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from observatory.observations import statements
from observatory.observations.selection import Labels as LabelStyle
from observatory.observations.selection import Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintages
from observatory.sdmx.graph import TIME_NAME
from observatory.sdmx.layout import FLAT, Layout
from observatory.sdmx.message import Labels
from observatory.structures.catalogue import MEASURE, TIME, Attribute
from platformkit.i18n import language

Keys = Literal["none", "obs", "series", "both"]
_LONGEST_LIST = 1_000
"""Codes of an attribute's list that are labelled; longer lists are read elsewhere."""


@dataclass(frozen=True, slots=True)
class Style:
    """The version, and the parameters of the media type."""

    version: int = 2
    labels: LabelStyle = "id"
    keys: Keys = "none"
    normalized: bool = False
    """Times as the first day of their period."""


@dataclass(slots=True)
class _Columns:
    """Columns in the making: their headers and expressions, the arguments of the statement."""

    style: Style
    arguments: list[object]
    headers: list[str] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)

    def bind(self, value: object, kind: str = "text") -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    def add(self, header: str, expression: str) -> None:
        self.headers.append(header)
        self.expressions.append(expression)

    def component(self, name: str, label: str, code: str, text: str | None = None) -> None:
        """Add a component: `text` is the expression of its value's name, where it has names."""
        if self.style.labels == "id":
            self.add(name, code)
        elif self.style.labels == "both":
            self.add(f"{name}: {label}", code if text is None else f"{code} || ': ' || {text}")
        else:
            self.add(name, code)
            self.add(label, "NULL" if text is None else text)


def statement(
    selection: Selection, layout: Layout, vintages: Vintages, style: Style, labels: Labels
) -> tuple[bytes, Statement]:
    """Make the header line, and the statement of the lines that follow it."""
    selection = replace(
        selection,
        labels="id" if style.labels == "id" else "both",
        attributes=frozenset(each.id for each in layout.attributes),
    )
    inner = statements.observations(selection, vintages, language())
    made = _Columns(style, list(inner.arguments))
    codes = {each.id: _code(each.id, style) for each in layout.flow.dimensions}
    codes[TIME] = _time(style)
    _identification(made, selection, layout, codes)
    for each in layout.flow.dimensions:
        made.component(each.id, each.name(), codes[each.id], _text(each.id))
    if not layout.keys_only:
        made.component(TIME, TIME_NAME(), codes[TIME])
        if layout.has_measure:
            made.component(MEASURE, layout.flow.measure(), f'r."{MEASURE}"')
        for attribute in layout.attributes:
            _attribute(made, attribute, labels, deletes=selection.tells_deletions)
    if style.version == 1 and selection.tells_deletions:
        made.add("ACTION", 'r."ACTION"')
    if selection.include_history:
        made.add("VALID_FROM", 'r."VALID_FROM"')
        made.add("VALID_TO", 'r."VALID_TO"')
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(made.headers)
    sql = f"SELECT {', '.join(made.expressions)} FROM ({inner.sql}) r"  # noqa: S608  # our own names
    columns = tuple(made.headers)
    return header.getvalue().encode(), Statement(sql, tuple(made.arguments), columns, inner.planned)


def _identification(
    made: _Columns, selection: Selection, layout: Layout, codes: Mapping[str, str]
) -> None:
    """Add the columns that say what the line is of, and what is to be done with it."""
    flow, style = layout.flow.artefact, made.style
    reference = flow.reference
    if style.labels == "both":
        reference += f": {flow.name()}"
    if style.version == 1:
        made.add("DATAFLOW", made.bind(reference))
        return
    made.add("STRUCTURE", "'dataflow'")
    made.add("STRUCTURE_ID", made.bind(reference))
    if style.labels == "name":
        made.add("STRUCTURE_NAME", made.bind(flow.name()))
    whole = "'I'" if layout.is_part else "'R'"
    made.add(
        "ACTION",
        f"CASE r.\"ACTION\" WHEN 'D' THEN 'D' ELSE {whole} END"
        if selection.tells_deletions
        else whole,
    )
    series = [
        each for each in layout.dimensions if each != (TIME if layout.at == FLAT else layout.at)
    ]
    if style.keys in {"series", "both"}:
        made.add("SERIES_KEY", f"concat_ws('.', {', '.join(codes[each] for each in series)})")
    if style.keys in {"obs", "both"} and not layout.keys_only:
        every = ", ".join(codes[each] for each in layout.dimensions)
        made.add("OBS_KEY", f"concat_ws('.', {every})")


def _code(name: str, style: Style) -> str:
    """Code of a dimension; with labels the statement gives `code: name`, no code has a blank."""
    return f'r."{name}"' if style.labels == "id" else f"split_part(r.\"{name}\", ': ', 1)"


def _text(name: str) -> str:
    return f'substr(r."{name}", strpos(r."{name}", \': \') + 2)'


def _time(style: Style) -> str:
    if style.normalized:
        return f'(SELECT x.first FROM observatory.period x WHERE x.text = r."{TIME}")'  # noqa: S608  # likewise
    return f'r."{TIME}"'


def _attribute(made: _Columns, attribute: Attribute, labels: Labels, *, deletes: bool) -> None:
    """Add an attribute; a line that deletes an observation leaves it empty."""
    code = f'r."{attribute.id}"'
    if deletes:
        code = f"CASE r.\"ACTION\" WHEN 'D' THEN NULL ELSE {code} END"
    known = labels.get(attribute.id, {})
    text = None
    if 0 < len(known) <= _LONGEST_LIST and made.style.labels != "id":
        ids = made.bind(list(known), "text[]")
        names = made.bind([each.name() for each in known.values()], "text[]")
        text = f"({names})[array_position({ids}, {code})]"
        if made.style.labels == "both":
            text = f"coalesce({text}, '')"
    made.component(attribute.id, attribute.name(), code, text)
