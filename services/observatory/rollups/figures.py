"""Reads a page of SDMX-CSV 2.0 that a node answered: what rolls up, and nothing else. Pure."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from observatory.nodes.certification import line
from observatory.observations import periods
from observatory.observations.parts import SUPPRESSED
from observatory.releases.checking import RATIO_TOLERANCE
from observatory.structures.catalogue import MEASURE, TIME

_LARGEST: Final = 1e15
"""Of a total or an error: nothing that a country counts is more, and sums of it stay finite."""

Place = tuple[str, str]
"""Codes of a cell but that of the area, joined by dots, and its period."""


class FiguresRefused(Exception):
    """The node's figures cannot be added to others; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Expected:
    """What the figures of an area must be."""

    dimensions: Mapping[str, Collection[str]]
    """Codes by dimension, in the order of the key."""
    dimension: str
    area: str
    method: str
    version: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What an area brings to a cell; nothing where it hides it."""

    numerator: float | None = None
    denominator: float | None = None
    se: float | None = None

    @property
    def hidden(self) -> bool:
        """Tell whether the region hides it."""
        return self.numerator is None


@dataclass(slots=True)
class Batch:
    """The figures of a page; None for a cell that has none any longer."""

    lines: int = 0
    cells: dict[Place, Figure | None] = field(default_factory=dict)


def read(body: bytes, expected: Expected) -> Batch:
    """Read a page, or raise FiguresRefused: one line that does not add up refuses them all."""
    try:
        rows = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
        header = next(rows, [])
        columns = _Columns(header, expected)
        found = Batch()
        for row in rows:
            if len(row) != len(header):
                raise FiguresRefused("lines-malformed")
            found.lines += 1
            place, figure = columns.read(row)
            found.cells[place] = figure
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise FiguresRefused("lines-malformed") from wrong
    return found


class _Columns:
    """Where the columns are, and what each line must fulfil."""

    def __init__(self, header: list[str], expected: Expected) -> None:
        places = {name: place for place, name in enumerate(header)}
        if len(places) < len(header):
            raise FiguresRefused("columns-twice")
        if not {*expected.dimensions, TIME, MEASURE, "METHOD_VERSION"} <= places.keys():
            raise FiguresRefused("columns-missing")
        if not {"NUMERATOR", "DENOMINATOR"} <= places.keys():
            raise FiguresRefused("average-of-averages")
        self._expected = expected
        self._area = places[expected.dimension]
        self._codes = [
            (places[name], codes)
            for name, codes in expected.dimensions.items()
            if name != expected.dimension
        ]
        self._time, self._value = places[TIME], places[MEASURE]
        self._numerator, self._denominator = places["NUMERATOR"], places["DENOMINATOR"]
        self._method = places["METHOD_VERSION"]
        self._action, self._se = places.get("ACTION"), places.get("SE")
        self._status, self._conf = places.get("OBS_STATUS"), places.get("CONF_STATUS")
        self._periods: dict[str, str] = {}

    def read(self, row: list[str]) -> tuple[Place, Figure | None]:
        """Read a line, or raise FiguresRefused."""
        if row[self._area] != self._expected.area:
            raise FiguresRefused("area-differs")
        codes = []
        for place, known in self._codes:
            if row[place] not in known:
                raise FiguresRefused("code-unknown")
            codes.append(row[place])
        return (".".join(codes), self._period(row[self._time])), self._figure(row)

    def _period(self, text: str) -> str:
        """Return a period in the one form that is ours: `2025-M03` of a node is `2025-03`."""
        found = self._periods.get(text)
        if found is None:
            period = periods.parse(text)
            if period is None:
                raise FiguresRefused("period-malformed")
            found = self._periods[text] = period.text
        return found

    def _figure(self, row: list[str]) -> Figure | None:
        if self._action is not None and row[self._action] == "D":
            return None
        if not row[self._value]:
            return Figure() if self._is_hidden(row) else None
        method, _, version = row[self._method].rpartition("/")
        if method != self._expected.method or line(version) != self._expected.version:
            raise FiguresRefused("method-differs")
        try:
            value, numerator, denominator = (
                float(row[place]) for place in (self._value, self._numerator, self._denominator)
            )
            told = row[self._se] if self._se is not None else ""
            se = float(told) if told else None
        except ValueError as wrong:
            raise FiguresRefused("average-of-averages") from wrong
        if not (isfinite(numerator) and isfinite(denominator) and denominator > 0):
            raise FiguresRefused("average-of-averages")
        if not abs(value - numerator / denominator) <= RATIO_TOLERANCE:
            raise FiguresRefused("ratio-unfounded")
        if se is not None and not (isfinite(se) and se >= 0):
            raise FiguresRefused("error-malformed")
        if max(abs(numerator), denominator, se or 0.0) > _LARGEST:
            raise FiguresRefused("number-absurd")
        return Figure(numerator, denominator, se)

    def _is_hidden(self, row: list[str]) -> bool:
        """Tell a value that is suppressed from one that is missing or withdrawn."""
        status = row[self._status] if self._status is not None else ""
        conf = row[self._conf] if self._conf is not None else ""
        return status == SUPPRESSED or conf not in {"", "F"}
