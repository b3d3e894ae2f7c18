"""From the sheets of the authoring workbook to records: values under the paths of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from diagnostic.exchanges.cells import CellRefused, Word, value_of
from diagnostic.exchanges.columns import Column, Layout, folded
from diagnostic.exchanges.layout import LAYOUTS, README
from diagnostic.exchanges.reading import Remark, Unreadable, put
from diagnostic.exchanges.workbooks import Cell, Sheet, place
from diagnostic.questionnaires.grid import Severity

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its values as JSON, the cell of each by its path, and what is said of them."""

    values: dict[str, Any]
    cells: dict[Path, str]
    place: str
    said: list[tuple[Path, Word, Severity]] = field(default_factory=list)


def records(sheets: Sequence[Sheet], remarks: list[Remark]) -> dict[Layout, list[Record]]:
    """Read every sheet of the layout, or raise Unreadable naming all that is missing."""
    known = {folded(name) for one in LAYOUTS for name in (one.fr, one.en)}
    known |= {folded(name) for name in README}
    for sheet in sheets:
        if folded(sheet.name) not in known:
            text = Word(
                "sheet_ignored",
                f"La feuille « {sheet.name} » n’est pas lue.",
                f"The sheet {sheet.name} is not read.",
            )
            remarks.append(_remark(text, place(sheet.name, 1, 0), "warning"))
    missing: list[Remark] = []
    found = {layout: _of_sheet(layout, sheets, remarks, missing) for layout in LAYOUTS}
    if missing:
        raise Unreadable(missing)
    return found


def _of_sheet(
    layout: Layout, sheets: Sequence[Sheet], remarks: list[Remark], missing: list[Remark]
) -> list[Record]:
    names = {folded(layout.fr), folded(layout.en)}
    sheet = next((one for one in sheets if folded(one.name) in names), None)
    if sheet is None:
        if layout.required:
            text = Word(
                "sheet_missing",
                f"Il manque la feuille « {layout.fr} ».",
                f"The sheet {layout.en} is missing.",
            )
            missing.append(_remark(text, None, "error"))
        return []
    rows = _turned(sheet) if layout.single else sheet.rows
    columns = _columns(layout, rows.get(1, {}), remarks)
    for column in layout.columns:
        if column.required and column not in columns.values():
            text = Word(
                "column_missing",
                f"Il manque « {column.fr} » dans la feuille « {sheet.name} ».",
                f"{column.en} is missing in the sheet {sheet.name}.",
            )
            missing.append(_remark(text, place(sheet.name, 1, 0), "error"))
    return [
        _record(layout, sheet.name, number, cells, columns)
        for number, cells in sorted(rows.items())
        if number > 1
        and (layout.single or any(not _blank(cells[at]) for at in columns.keys() & cells.keys()))
    ]


def _columns(layout: Layout, head: dict[int, Cell], remarks: list[Remark]) -> dict[int, Column]:
    wanted = {folded(name): one for one in layout.columns for name in (one.fr, one.en)}
    columns: dict[int, Column] = {}
    for at, cell in sorted(head.items()):
        name = str(cell.value)[:60]
        column = wanted.get(folded(str(cell.value).replace("*", " ")))
        if column is None or column in columns.values():
            text = Word("column_ignored", f"« {name} » n’est pas lu.", f"{name!r} is not read.")
            remarks.append(_remark(text, cell.place, "warning"))
        else:
            columns[at] = column
    return columns


def _record(
    layout: Layout, name: str, number: int, cells: dict[int, Cell], columns: dict[int, Column]
) -> Record:
    record = Record({}, {}, place(name, number, 0) if not layout.single else place(name, 1, 0))
    for at, column in columns.items():
        where = place(name, at + 1, 1) if layout.single else place(name, number, at)
        record.cells[column.path] = where
        if at not in cells:
            continue
        try:
            value, word = value_of(cells[at], column)
        except CellRefused as refused:
            record.said.append((column.path, refused.word, "error"))
            continue
        if word is not None:
            record.said.append((column.path, word, "warning"))
        if value is not None:
            put(record.values, column.path, value)
    return record


def _remark(word: Word, where: str | None, severity: Severity) -> Remark:
    return Remark("", word.code, word.fr, word.en, severity, where)


def _blank(cell: Cell) -> bool:
    return isinstance(cell.value, str) and not cell.value.strip()


def _turned(sheet: Sheet) -> dict[int, dict[int, Cell]]:
    """Turn the sheet of one record on its side: headings in column A, values in column B."""
    turned: dict[int, dict[int, Cell]] = {1: {}, 2: {}}
    for number, cells in sheet.rows.items():
        if number > 1 and 0 in cells:
            turned[1][number - 1] = cells[0]
            if 1 in cells:
                turned[2][number - 1] = cells[1]
    return turned
