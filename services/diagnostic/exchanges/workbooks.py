"""Reads an XLSX that anybody may have made: bounded, without macros, links, formulas or entities.

The limits are on what the file unpacks to, so that a small file cannot cost much: 8 MB, 250,000
XML tags, 20,000 rows and 64 columns in a sheet, 30 sheets.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from diagnostic.exchanges.reading import Remark, Unreadable, unreadable

MAX_UNPACKED = 8_000_000
MAX_TAGS = 250_000
MAX_ROWS = 20_000
MAX_COLUMNS = 64
MAX_SHEETS = 30
_MAX_MEMBERS = 200
_LAST_ROW = 1_048_576
"""Of a sheet in Excel; openpyxl would walk to any row that a file claims to have."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
"""A document type: the road to entities; no workbook has one."""

Value = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something; `kind` is s (text), n, b, d (date), f (formula) or e (error)."""

    place: str
    value: Value
    kind: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows by number from 1, each with its cells by column from 0."""

    name: str
    rows: dict[int, dict[int, Cell]]


def place(sheet: str, row: int, column: int) -> str:
    """Name a cell as Excel does: `Questions!D12`, column from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{sheet}!{letters}{row}"


def read(body: bytes) -> list[Sheet]:
    """Give the sheets in their order, or raise Unreadable saying what the file is instead."""
    _check(body)
    from openpyxl import load_workbook  # noqa: PLC0415  # heavy, and few requests read a workbook

    try:
        book = load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise unreadable(
                    "workbook_sheets",
                    f"Le classeur a plus de {MAX_SHEETS} feuilles.",
                    f"The workbook has more than {MAX_SHEETS} sheets.",
                )
            return [Sheet(sheet.title, dict(_rows(sheet))) for sheet in book.worksheets]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets fly whatever it stumbles over
        raise _not_a_workbook() from error


def _rows(sheet: Any) -> Iterator[tuple[int, dict[int, Cell]]]:  # noqa: ANN401  # openpyxl has no types
    sheet.reset_dimensions()  # what the file says of its own size may be wrong, and would cut it
    gap: object = None
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if number > _LAST_ROW:
            raise _not_a_workbook()
        if row is gap:
            continue  # openpyxl gives one and the same row for all that are not in the file
        cells = {
            column: Cell(place(sheet.title, number, column), cell.value, cell.data_type)
            for column, cell in enumerate(row)
            if cell.value is not None and cell.value != ""
        }
        gap = gap if cells else row
        if cells and number > MAX_ROWS:
            raise unreadable(
                "sheet_rows",
                f"La feuille « {sheet.title} » a plus de {MAX_ROWS} lignes.",
                f"The sheet {sheet.title} has more than {MAX_ROWS} rows.",
            )
        if cells:
            yield number, cells


def _check(body: bytes) -> None:
    """Refuse, before any parser sees it, what is not a plain and modest workbook."""
    if not body:
        raise unreadable("file_empty", "Le fichier est vide.", "The file is empty.")
    if body.startswith(_OLE):
        if _ENCRYPTED in body:
            raise unreadable(
                "workbook_encrypted",
                "Le classeur est protégé par un mot de passe : enregistrez-le sans.",
                "The workbook is protected by a password: save it without one.",
            )
        raise unreadable(
            "workbook_old",
            "C’est un ancien classeur .xls : enregistrez-le au format .xlsx.",
            "This is an old .xls workbook: save it as .xlsx.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            faults = list(_archive_faults(archive))
    except Unreadable:
        raise
    except Exception as error:  # zipfile lets zlib.error, struct.error and their kin fly
        raise _not_a_workbook() from error
    if faults:
        raise Unreadable(faults)


def _archive_faults(archive: zipfile.ZipFile) -> Iterator[Remark]:
    members = archive.infolist()
    names = [one.filename for one in members]
    if "xl/workbook.xml" not in names or any(".." in one or one.startswith("/") for one in names):
        raise _not_a_workbook()
    if len(members) > _MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise _too_large()
    if any("vbaproject" in one.lower() for one in names):
        yield Remark(
            "",
            "workbook_macros",
            "Le classeur contient des macros : enregistrez-le au format .xlsx.",
            "The workbook holds macros: save it as .xlsx.",
            "error",
        )
    if any(one.startswith("xl/externalLinks/") for one in names):
        yield Remark(
            "",
            "workbook_links",
            "Le classeur renvoie à d’autres classeurs : rompez les liaisons.",
            "The workbook refers to other workbooks: break the links.",
            "error",
        )
    tags = 0
    for one in members:
        if one.filename.endswith((".xml", ".rels")):
            content = archive.read(one)  # no more than its declared size, which was checked
            tags += content.count(b"<")
            if _DECLARATION.search(content) or b"\x00" in content:  # NUL: UTF-16 hides the former
                raise _not_a_workbook()
    if tags > MAX_TAGS:
        raise _too_large()


def _not_a_workbook() -> Unreadable:
    return unreadable(
        "not_a_workbook",
        "Ce n’est pas un classeur .xlsx lisible.",
        "This is no readable .xlsx workbook.",
    )


def _too_large() -> Unreadable:
    return unreadable(
        "workbook_too_large",
        "Le classeur, une fois décompressé, est trop volumineux pour une grille.",
        "The workbook, once unpacked, is too large for a grid.",
    )
