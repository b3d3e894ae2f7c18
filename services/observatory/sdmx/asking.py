"""Reads what a data query asks: which observations, and which of their components where.

SDMX-REST 2.2.2, `data.md`; the parameters of 1.x are read into the same. All faults at once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from observatory.observations import parsing
from observatory.observations.selection import Selection
from observatory.observations.vintages import Vintages
from observatory.sdmx import keys
from observatory.sdmx.layout import FLAT, Layout
from observatory.structures.catalogue import MEASURE, OBSERVED, TIME, Attribute, Flow
from platformkit.errors import BadRequest, Fault
from platformkit.i18n import Text

CALENDAR: Final = "--01-01"
"""The one `reportingYearStartDay` that our periods have."""

_LEVELS: Final = {"dataset": "dataflow", "series": "dimension", "obs": "observation"}
_DETAILS: Final = {
    "full": ("all", "all"),
    "dataonly": ("none", "all"),
    "serieskeysonly": ("none", "none"),
    "nodata": ("dataset,series", "none"),
}


class SdmxQueryMalformed(BadRequest):
    """A data query does not comply with SDMX-REST: each fault is named in `errors`."""

    code = "sdmx-query-malformed"
    title = Text("Requête SDMX mal formée", "Malformed SDMX query")

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a data query, as they came."""

    key: str = "*"
    items: tuple[tuple[str, str], ...] = ()
    start: str | None = None
    end: str | None = None
    updated_after: str | None = None
    first_n: int | None = None
    last_n: int | None = None
    at: str | None = None
    attributes: str = "dsd"
    measures: str = "all"
    include_history: bool = False
    offset: int = 0
    limit: int | None = None
    sort: str | None = None
    as_of: str | None = None
    year_start: str | None = None
    detail: str | None = None
    """Of 1.x; it stands for `attributes` and `measures`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a flow, and how it is to be shown."""

    selection: Selection
    layout: Layout
    as_of: str | None
    """The instant, as it was understood, where one was asked for."""


def ask(flow: Flow, known: Vintages, query: Query) -> Asked:
    """Read a query, or raise SdmxQueryMalformed with all faults."""
    faults: list[Fault] = []
    key = keys.parse(query.key, flow.dimensions, faults)
    conditions = parsing.conditions(query.items, faults)
    conditions += parsing.bounds(query.start, query.end, faults)
    as_of = parsing.instant(query.as_of, "asOf", faults)
    updated_after = parsing.instant(query.updated_after, "updatedAfter", faults)
    if as_of is not None and updated_after is not None and as_of < updated_after:
        _fault(
            faults,
            "asOf",
            "as-of-before-updated-after",
            "asOf précède updatedAfter.",
            "asOf is before updatedAfter.",
        )
    if query.year_start not in (None, CALENDAR):
        _fault(
            faults,
            "reportingYearStartDay",
            "reporting-year-unknown",
            f"Les périodes sont civiles : seul {CALENDAR} existe.",
            f"Periods are those of the calendar: there is only {CALENDAR}.",
        )
    shown = _layout(flow, query, faults)
    sort = _sorted(shown, query.sort, faults)
    if faults:
        raise SdmxQueryMalformed(faults)
    selection = Selection(
        flow=flow,
        as_of=known.newest if as_of is None else known.at(as_of),
        conditions=(*key.conditions, *conditions),
        keys=key.alternatives,
        updated_after=None if updated_after is None else known.at(updated_after),
        include_history=query.include_history and not shown.keys_only,
        first_n=None if shown.keys_only else query.first_n,
        last_n=1 if shown.keys_only else query.last_n,  # a row stands for its series
        limit=query.limit,
        offset=query.offset,
        sort=sort,
    )
    return Asked(selection, shown, None if as_of is None else as_of.isoformat())


def layout(flow: Flow, query: Query) -> Layout:
    """Read what a message of a flow shows, or raise SdmxQueryMalformed."""
    faults: list[Fault] = []
    found = _layout(flow, query, faults)
    if faults:
        raise SdmxQueryMalformed(faults)
    return found


def _layout(flow: Flow, query: Query, faults: list[Fault]) -> Layout:
    """Read what is shown at which level."""
    at = query.at or TIME
    if at not in {FLAT, TIME} and flow.dimension(at) is None:
        known = ", ".join([*(each.id for each in flow.dimensions), TIME, FLAT])
        _unknown(faults, "dimensionAtObservation", at, known)
        at = TIME
    wanted, measures = query.attributes, query.measures
    if query.detail is not None:
        if query.detail not in _DETAILS:
            _unknown(faults, "detail", query.detail, ", ".join(_DETAILS))
        wanted, measures = _DETAILS.get(query.detail, ("all", "all"))
    attributes = tuple(_attributes(flow, wanted, faults))
    has_measure = _has_measure(measures, faults)
    shows_keys = not has_measure and not any(each.level == "observation" for each in attributes)
    return Layout(
        flow=flow,
        at=at,
        attributes=attributes,
        has_measure=has_measure,
        keys_only=shows_keys and at == TIME,
        is_part=not has_measure or len(attributes) < len(flow.attributes),
    )


def _attributes(flow: Flow, text: str, faults: list[Fault]) -> list[Attribute]:
    """Attributes named by id or by level, in the order of the structure."""
    wanted = set(text.split(","))
    known = {each.id for each in flow.attributes}
    for each in sorted(wanted - known - {"dsd", "msd", "all", "none", *_LEVELS}):
        words = ("dsd", "msd", "all", "none", *_LEVELS, *sorted(known))
        _unknown(faults, "attributes", each, ", ".join(words))
    if wanted & {"dsd", "all"}:
        return list(flow.attributes)
    levels = {_LEVELS[each] for each in wanted & _LEVELS.keys()}
    return [each for each in flow.attributes if each.id in wanted or each.level in levels]


def _has_measure(text: str, faults: list[Fault]) -> bool:
    wanted = set(text.split(","))
    for each in sorted(wanted - {"all", "none", MEASURE}):
        _unknown(faults, "measures", each, f"all, none, {MEASURE}")
    return bool(wanted & {"all", MEASURE})


def _sorted(layout: Layout, text: str | None, faults: list[Fault]) -> tuple[tuple[str, bool], ...]:
    """Read `series_key:asc+TIME_PERIOD:desc`; each component counts where it first stands."""
    found: dict[str, bool] = {}
    for part in [] if text is None else re.split(r"[+ ,]", text):
        name, _, way = part.partition(":")
        if way not in {"", "asc", "desc"}:
            _unknown(faults, "sort", way, "asc, desc")
        for each in _sort_components(layout, name, faults):
            found.setdefault(each, way == "desc")
    return tuple(found.items())


def _sort_components(layout: Layout, name: str, faults: list[Fault]) -> tuple[str, ...]:
    """Components that a word of `sort` means."""
    if name == "*":
        return layout.dimensions
    if name == "series_key" and layout.at != FLAT:
        return layout.series
    known = {*layout.dimensions, MEASURE, *(each.id for each in layout.flow.attributes)}
    if name in known & {*layout.dimensions, MEASURE, *OBSERVED}:
        return (name,)
    words = ("*", *(("series_key",) if layout.at != FLAT else ()), *layout.dimensions, MEASURE)
    _unknown(faults, "sort", name, ", ".join(words))
    return ()


def _unknown(faults: list[Fault], parameter: str, word: str, known: str) -> None:
    _fault(
        faults,
        parameter,
        f"{parameter.lower()}-unknown",
        f"« {word[:64]} » n’est pas de : {known}.",
        f"“{word[:64]}” is none of: {known}.",
    )


def _fault(faults: list[Fault], parameter: str, code: str, french: str, english: str) -> None:
    faults.append(Fault(f"/{parameter}", code, Text(french, english), where="query"))
