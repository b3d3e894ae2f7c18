"""Writes the authoring workbook; every text is a text, never a formula or a link."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from diagnostic.exchanges.columns import TYPES, Column, Layout
from diagnostic.exchanges.layout import (
    CHILDREN,
    DIMENSIONS,
    GRID,
    LAYOUTS,
    LEVEL_TEXTS,
    LEVELS,
    README,
)
from diagnostic.exchanges.question_sheets import ANCHORS, BANDS, OPTIONS, QUESTIONS, ROWS
from diagnostic.exchanges.reading import Remark, get, pointer
from diagnostic.questionnaires.grid import GridContent

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_PREPARED_ROWS = 2000
_CELL = 32_767
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|x005F_")
"""What a workbook cannot hold as it is: control characters, and its own escape for them."""

_HELP = """\
Une feuille par sujet, une ligne par élément ; la première ligne de chaque feuille ne change pas. \
Les colonnes marquées * sont requises.
Les codes relient les feuilles : une modalité nomme sa question, une question sa dimension.
Oui s’écrit oui, vrai, yes, true ou x ; non s’écrit non, faux, no ou false.
Les formules sont refusées : collez les valeurs. Les feuilles et colonnes que vous ajoutez sont \
signalées et ne sont pas lues.
One sheet per subject, one row per item; English names of sheets and columns are accepted \
(Grid, Levels, Level texts, Options, Rows, Bands, Steps)."""


def write(content: GridContent) -> bytes:
    """Write the grid; equal grids give equal bytes."""
    return _book(_records(content))


def template() -> bytes:
    """Write the workbook with headings, lists and help, and no grid."""
    return _book({})


def losses(content: GridContent) -> list[Remark]:
    """Name what the workbook cannot hold: control characters, blank texts, codes used twice."""
    found = list(_text_losses(content.model_dump(mode="json"), ""))
    for code, times in Counter(one.code for one in content.questions).items():
        if times > 1:
            found.append(
                Remark(
                    "/questions",
                    "code_duplicate",
                    f"Le code {code} désigne {times} questions : leurs lignes se confondent.",
                    f"The code {code} names {times} questions: their rows are mixed up.",
                )
            )
    return found


def _text_losses(node: Any, at: str) -> Iterator[Remark]:  # noqa: ANN401  # any JSON value
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _text_losses(value, at + pointer(key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _text_losses(value, at + pointer(index))
    elif isinstance(node, str) and (
        not node.strip() or _UNSTORABLE.search(node) or len(node) > _CELL
    ):
        yield Remark(
            at,
            "text_altered",
            "Une cellule ne garde pas ce texte tel quel (vide, trop long ou caractères de"
            " contrôle).",
            "A cell does not keep this text as it is (blank, too long or control characters).",
        )


def _records(content: GridContent) -> dict[Layout, list[dict[str, Any]]]:
    """Spread the grid over the sheets, one JSON object a row."""
    grid = content.model_dump(mode="json")
    profile = grid["profile"]
    thresholds = profile["thresholds"]
    levels = [dict(one) for one in profile["levels"]]
    levels += [{} for _ in thresholds[len(levels) :]]
    for level, threshold in zip(levels, thresholds, strict=False):
        level["threshold"] = threshold
    records = {
        GRID: [grid],
        LEVELS: levels,
        DIMENSIONS: grid["dimensions"],
        LEVEL_TEXTS: [
            {"dimension": one["code"], "level": level, "text": text}
            for one in grid["dimensions"]
            for level, text in sorted(one["levels"].items())
        ],
        QUESTIONS: grid["questions"],
    }
    for layout, name in CHILDREN:
        records[layout] = [
            {"question": one["code"]} | ({"label": child} if layout is ANCHORS else child)
            for one in grid["questions"]
            for child in one.get(name, ())
        ]
    return records


def new_workbook(target: io.BytesIO) -> Any:  # noqa: ANN401  # untyped library
    """Begin a workbook whose texts stay texts; its bytes depend on nothing but its content."""
    import xlsxwriter  # noqa: PLC0415  # few requests write a workbook

    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": _MADE.replace(tzinfo=None)})
    return book


def stored(text: str) -> str:
    """Give a text as a cell can hold it; `losses` tells where that is another text."""
    return _UNSTORABLE.sub("\ufffd", text)[:_CELL]


def _book(records: Mapping[Layout, Sequence[Mapping[str, Any]]]) -> bytes:
    target = io.BytesIO()
    book = new_workbook(target)
    head = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    plain = book.add_format({"num_format": "@", "valign": "top"})
    _readme(book.add_worksheet(README[0]), head, body)
    for layout in LAYOUTS:
        sheet = book.add_worksheet(layout.fr)
        rows = records.get(layout, ())
        for position, column in enumerate(layout.columns):
            heading = column.fr + (" *" if column.required else "")
            style = plain if column.kind == "code" else body
            wide = 44 if column.kind == "text" else 16
            if layout.single:
                sheet.write_string(position + 1, 0, heading, head)
                sheet.write_string(position + 1, 2, column.help_fr, body)
                _cell(sheet, position + 1, 1, get(rows[0], column.path) if rows else None, style)
                _offer(sheet, column, position + 1, 1, position + 1)
                continue
            sheet.write_string(0, position, heading, head)
            sheet.set_column(position, position, wide, style)
            _offer(sheet, column, 1, position, _PREPARED_ROWS)
            for number, row in enumerate(rows, start=1):
                value = get(row, column.path)
                shown = TYPES.get(value, value) if column.kind == "choice" else value
                _cell(sheet, number, position, shown, style)
        if layout.single:
            for position, heading in enumerate(("Champ", "Valeur", "Aide")):
                sheet.write_string(0, position, heading, head)
            sheet.set_column(0, 0, 30)
            sheet.set_column(1, 2, 60)
        sheet.freeze_panes(1, 1)
    book.close()
    return target.getvalue()


def _cell(sheet: Any, row: int, column: int, value: object, style: object) -> None:  # noqa: ANN401  # untyped library
    """Write one value so that reading gives the same: Excel keeps 15 digits of a number."""
    if isinstance(value, bool):
        sheet.write_string(row, column, "oui" if value else "non", style)
    elif isinstance(value, int | float):
        if float(f"{value:.15G}") == value:
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, repr(value), style)
    elif isinstance(value, list):
        sheet.write_string(row, column, ", ".join(value), style)
    elif isinstance(value, str):
        sheet.write_string(row, column, stored(value), style)


_SOURCES = {
    (OPTIONS, "question"): "=Questions!$A$2:$A$301",
    (ROWS, "question"): "=Questions!$A$2:$A$301",
    (BANDS, "question"): "=Questions!$A$2:$A$301",
    (ANCHORS, "question"): "=Questions!$A$2:$A$301",
    (QUESTIONS, "dimension"): "=Dimensions!$A$2:$A$21",
    (LEVEL_TEXTS, "dimension"): "=Dimensions!$A$2:$A$21",
    (LEVEL_TEXTS, "level"): "=Niveaux!$A$2:$A$11",
}


def _offer(sheet: Any, column: Column, row: int, at: int, last: int) -> None:  # noqa: ANN401  # untyped library
    """Offer a list where only some values fit; another is still read, and judged then."""
    sources: list[str] | str | None = None
    if column.kind == "flag":
        sources = ["oui", "non"]
    elif column.kind == "choice":
        sources = list(TYPES.values())
    else:
        sources = next(
            (
                source
                for (layout, name), source in _SOURCES.items()
                if layout.fr == sheet.get_name() and column.path == (name,)
            ),
            None,
        )
    if sources is not None:
        options = {"validate": "list", "source": sources, "error_type": "warning"}
        sheet.data_validation(row, at, last, at, options)


def _readme(sheet: Any, head: object, body: object) -> None:  # noqa: ANN401  # untyped library
    """Explain every sheet and column, in French and English."""
    row = 0
    for line in _HELP.splitlines():
        sheet.merge_range(row, 0, row, 3, line, body)
        sheet.set_row(row, 32)
        row += 1
    row += 1
    for position, heading in enumerate(("Feuille · Sheet", "Colonne · Column", "Aide", "Help")):
        sheet.write_string(row, position, heading, head)
    for layout in LAYOUTS:
        for column in layout.columns:
            row += 1
            star = " *" if column.required else ""
            cells = (
                f"{layout.fr} · {layout.en}",
                f"{column.fr}{star} · {column.en}{star}",
                column.help_fr,
                column.help_en,
            )
            for position, text in enumerate(cells):
                sheet.write_string(row, position, text, body)
    sheet.set_column(0, 1, 38)
    sheet.set_column(2, 3, 60)
