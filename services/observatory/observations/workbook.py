"""Figures as a workbook: typed cells, codes as text, and a sheet that says what they are."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC
from typing import IO, TYPE_CHECKING, Any, Final

from observatory.observations import describing, queries
from observatory.observations.describing import Reading
from observatory.structures.catalogue import MEASURE, Code
from platformkit.i18n import Text

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 40_000
"""A sheet holds a million, but each takes a tenth of a millisecond to write: CSV is for more."""

_BATCH: Final = 256 * 1024
"""Bytes of rows that are written at once."""

_INERT: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST: Final = 32_767
"""Characters of a cell."""

_WIDTHS: Final = {"name": 34, "double": 14, "single": 11, "instant": 28, "READING": 90}
_DATA: Final = Text("Données", "Data")
_NOTES: Final = Text("Notes", "Notes")
_LEGEND: Final = Text("Légende", "Legend")
_LEGENDS: Final = ("OBS_STATUS", "CONF_STATUS")


async def write(reading: Reading) -> AsyncIterator[bytes]:
    """Yield a workbook; rows are written in a thread, and wait in a file of XlsxWriter's."""
    legends = {name: await describing.legend(reading, name) for name in _LEGENDS}
    file = io.BytesIO()
    book = await asyncio.to_thread(_Book, file, reading)
    held = bytearray()
    async for piece in queries.csv(reading.pool, reading.statement, header=False):
        held += piece
        if len(held) >= _BATCH:
            await asyncio.to_thread(book.add, bytes(held))
            held.clear()
    await asyncio.to_thread(book.add, bytes(held))
    await asyncio.to_thread(book.finish, legends)
    yield file.getvalue()


class _Book:
    """The workbook in the making."""

    def __init__(self, file: IO[bytes], reading: Reading) -> None:
        import xlsxwriter  # noqa: PLC0415  # only who asks for a workbook

        self._reading = reading
        self._book: Workbook = xlsxwriter.Workbook(file, _INERT)
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        release = reading.vintages.get(reading.selection.as_of)
        told: dict[str, Any] = {"title": reading.indicator.artefact.name(), "author": "Vigie"}
        if release is not None:  # the same release gives the same bytes
            told["created"] = release.published_at.astimezone(UTC).replace(tzinfo=None)
        self._book.set_properties(told)
        self._row = 0
        self._example: dict[str, str] = {}
        self._sheet = self._data_sheet()

    def _data_sheet(self) -> Worksheet:
        sheet: Worksheet = self._book.add_worksheet(_DATA())
        sheet.freeze_panes(1, 0)
        decimals = self._reading.content["decimals"]
        measured = "0." + "0" * decimals if decimals else "0"
        figure = self._book.add_format({"num_format": measured})
        for place, column in enumerate(self._reading.columns):
            shown = figure if column.id == MEASURE else None
            width = max(
                _WIDTHS.get(column.kind, _WIDTHS.get(column.id, 12)),
                min(len(column.title()), 24) + 3,
            )
            sheet.set_column(place, place, width, shown)
            sheet.write_string(0, place, column.title(), self._head)
        self._figure = figure
        return sheet

    def add(self, piece: bytes) -> None:
        """Write whole lines of the answer, as COPY gave them."""
        columns = self._reading.columns
        for cells in csv.reader(io.StringIO(piece.decode(), newline="")):
            self._row += 1
            if self._row == 1:
                self._example = dict(zip(self._reading.statement.columns, cells, strict=True))
            for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                if not cell:
                    continue
                if column.is_number:
                    shown = (self._figure,) if column.id == MEASURE else ()
                    self._sheet.write_number(self._row, place, float(cell), *shown)
                else:
                    self._sheet.write_string(self._row, place, cell[:_LONGEST])

    def finish(self, legends: Mapping[str, Mapping[str, Code]]) -> None:
        """Add the filter, the notes and the legend, and close the file."""
        self._sheet.autofilter(0, 0, self._row, len(self._reading.columns) - 1)
        notes = [(each.title(), each.value) for each in describing.facts(self._reading)]
        if self._example:
            notes.append((self._example["READING_KEY"], self._example["READING"]))
        self._table(_NOTES(), (26, 110), notes)
        self._table(
            _LEGEND(),
            (16, 8, 60),
            [
                (name, code.id, code.name())
                for name, legend in legends.items()
                for code in legend.values()
            ],
        )
        self._book.close()

    def _table(self, name: str, widths: Sequence[int], lines: Iterable[Sequence[str]]) -> None:
        sheet: Worksheet = self._book.add_worksheet(name)
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, wrapped)
        for row, line in enumerate(lines):
            for place, cell in enumerate(line):
                sheet.write_string(row, place, cell[:_LONGEST], wrapped)
