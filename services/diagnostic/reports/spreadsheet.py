"""A report as a workbook: figures to work with, and a chart that the sheet draws itself."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from diagnostic.reports.document import PeerLine, Report
from diagnostic.reports.wording import worded

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ACCENT, LINES = "#1F4E79", "#C5D0DC"
_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST = 32_000
"""A cell holds 32,767 characters."""

_LINE, _HIGHEST = 15.5, 400.0
"""Heights in points; a row may have 409."""

Cell = str | float | None


def spreadsheet(report: Report) -> bytes:
    """Write the workbook; whatever people typed stays text, in French or English as Excel is."""
    import xlsxwriter  # noqa: PLC0415  # only who prints a workbook

    shown = worded(report)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {**_INERT, "in_memory": True}) as book:
        book.set_properties(
            {
                "title": f"{shown['t']['title']} – {shown['organisation']}",
                "author": "Vigie",
                "created": report.computed_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        _Sheets(book, report, shown).write()
    return file.getvalue()


class _Sheets:
    """The sheets of one workbook and the looks of its cells."""

    def __init__(self, book: Workbook, report: Report, shown: Mapping[str, Any]) -> None:
        self._book, self._report, self._shown = book, report, shown
        self._say: Mapping[str, str] = shown["t"]
        cell = {"valign": "top", "bottom": 1, "bottom_color": LINES}
        looks: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 18, "font_color": ACCENT},
            "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "text_wrap": True},
            "strong": {"bold": True, "text_wrap": True, "valign": "top"},
            "score": {"bold": True, "num_format": "0.0", "align": "left", "indent": 1},
            "text": {**cell, "text_wrap": True, "align": "left", "indent": 1},
            "one": {**cell, "num_format": "0.0"},
            "two": {**cell, "num_format": "0.00"},
            "whole": {**cell, "num_format": "0"},
            "share": {**cell, "num_format": "0 %"},
        }
        self._looks = {name: book.add_format(look) for name, look in looks.items()}
        self._widths: dict[str, Sequence[int]] = {}

    def write(self) -> None:
        """Fill the five sheets."""
        self._summary()
        self._dimensions()
        self._questions()
        self._roadmap()
        self._peers()

    def _sheet(self, name: str, widths: Sequence[int], heads: Sequence[str] = ()) -> Worksheet:
        sheet = self._book.add_worksheet(self._say[name])
        self._widths[sheet.name] = widths
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        if heads:
            self._row(sheet, 0, heads, ["head"] * len(heads))
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
        return sheet

    def _row(self, sheet: Worksheet, row: int, cells: Iterable[Cell], looks: Sequence[str]) -> None:
        """Write a row as high as its longest text needs: not every reader fits rows itself."""
        lines = 1
        for column, (cell, look) in enumerate(zip(cells, looks, strict=True)):
            self._put(sheet, row, column, cell, self._looks[look])
            if isinstance(cell, str):
                width = self._widths[sheet.name][column] - 2
                needed = sum(max(1, math.ceil(len(one) / width)) for one in cell.split("\n"))
                lines = max(lines, needed)
        sheet.set_row(row, min(_LINE * lines, _HIGHEST))

    def _put(self, sheet: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
        if cell is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell[:_LONGEST], look)
        else:
            sheet.write_number(row, column, cell, look)

    def _summary(self) -> None:
        say, shown, report = self._say, self._shown, self._report
        sheet = self._sheet("sheet_summary", (34, 90))
        self._put(sheet, 0, 0, say["title"], self._looks["title"])
        lines: list[tuple[str, Cell]] = [
            (say["company"], shown["organisation"]),
            *((say["company"], one) for one in shown["identifiers"]),
            (say["date"], shown["date"]),
            (say["milestone"], shown["milestone"]),
            (say["your_score"], report.score if report.score is not None else self._absence()),
            (say["exact"], report.exact),
            (say["level"], shown["level"]),
            (say["grid"], f"{shown['reference'][0]} ({shown['reference'][1]})"),
            (say["proof"], f"{shown['reference'][2]}, {say['revision']}"),
        ]
        told = ("amended", "partial", "capped", "adds_up", "known", "robust", "all_done",
                "method_caps", "unavailable", "limits_1", "limits_2")  # fmt: skip
        lines += [("", say[name]) for name in told if say[name]]
        for row, line in enumerate(lines, start=2):
            look = "score" if isinstance(line[1], float) else "text"
            self._row(sheet, row, line, ("strong", look))

    def _absence(self) -> str:
        return self._say["between"] or self._say["no_score"]

    def _dimensions(self) -> None:
        say, axes = self._say, self._shown["axes"]
        heads = ("number", "dimension", "score", "level", "weight_share", "exact", "target", "gap",
                 "reading")  # fmt: skip
        named = [say[one] for one in heads]
        sheet = self._sheet("sheet_dimensions", (6, 36, 12, 20, 10, 16, 10, 10, 80), named)
        for row, (axis, one) in enumerate(zip(axes, self._report.axes, strict=True), start=1):
            found: Cell = one.score if one.score is not None else axis["absence"]
            cells = (
                row,
                axis["title"],
                found,
                axis["level"],
                one.share,
                one.exact,
                one.target,
                one.gap,
                axis["text"] or (axis["absence_why"] if one.score is None else ""),
            )
            looks = ("whole", "text", "one", "text", "share", "text", "one", "one", "text")
            self._row(sheet, row, cells, looks)
        if axes:
            sheet.insert_chart(len(axes) + 2, 1, self._radar(len(axes)), {
                "description": say["radar_alt"], "x_scale": 1.3, "y_scale": 1.5,
            })  # fmt: skip

    def _radar(self, count: int) -> Any:  # noqa: ANN401  # XlsxWriter's chart
        """Let the sheet draw its own cells: an axis with words in place of a score has no point."""
        name = self._say["sheet_dimensions"]
        chart = self._book.add_chart({"type": "radar", "subtype": "with_markers"})
        chart.add_series(
            {
                "name": self._say["radar_title"],
                "categories": [name, 1, 1, count, 1],
                "values": [name, 1, 2, count, 2],
                "line": {"color": ACCENT, "width": 2},
                "marker": {"type": "circle", "fill": {"color": ACCENT}},
            }
        )
        chart.set_title({"name": self._say["radar_caption"], "name_font": {"size": 12}})
        chart.set_y_axis({"min": 0, "max": 100, "major_unit": 25})
        chart.set_legend({"none": True})
        chart.show_blanks_as("gap")
        return chart

    def _questions(self) -> None:
        say, report = self._say, self._report
        heads = ("code", "question", "dimension", "answer", "ratio", "gained", "left",
                 "exact_gained", "exact_left")  # fmt: skip
        sheet = self._sheet(
            "sheet_questions", (10, 60, 30, 50, 9, 10, 10, 14, 14), [say[one] for one in heads]
        )
        looks = ("text", "text", "text", "text", "share", "two", "two", "text", "text")
        by_code = {one.code: one for one in report.parts}
        row = 0
        for dimension in self._shown["annex"]:
            for line in dimension["parts"]:
                row += 1
                one = by_code[line["code"]]
                cells = (
                    line["code"], line["question"], line["dimension"], line["answer"], one.ratio,
                    one.contribution, one.lost, one.contribution_exact, one.lost_exact,
                )  # fmt: skip
                self._row(sheet, row, cells, looks)
        if row:
            sheet.autofilter(0, 0, row, len(heads) - 1)
            self._row(sheet, row + 1, (None, say["adds_up"]), ("strong", "strong"))
        for place, out in enumerate(self._shown["uncounted"], start=row + 3):
            why = f"{out['why']}{say['colon']} {out['note']}" if out["note"] else out["why"]
            told = (out["code"], out["question"], out["dimension"], why)
            self._row(sheet, place, told, ("text",) * 4)

    def _roadmap(self) -> None:
        say = self._say
        heads = ("number", "action", "gain", "effort", "impact", "horizon", "quadrant", "why_do",
                 "how_do", "certifications", "fundings")  # fmt: skip
        named = [say[one] for one in heads]
        sheet = self._sheet("sheet_roadmap", (6, 36, 9, 14, 9, 12, 20, 45, 50, 36, 44), named)
        looks = ("whole", "text", "one", "text", "whole", "text", *("text",) * 5)
        for row, (line, one) in enumerate(
            zip(self._shown["actions"], self._report.actions, strict=True), start=1
        ):
            cells = (
                one.position, line["title"], one.gain, line["effort"], one.impact,
                f"{one.horizon_months} {say['months']}", line["quadrant"], line["why"],
                "\n".join(line["how"]),
                "\n".join(f"{c['title']} ({c['number']})" for c in line["certifications"]),
                "\n".join(
                    f"{f['title']}{say['colon']} {f['amount']} ({f['state']})"
                    for f in line["fundings"]
                ),
            )  # fmt: skip
            self._row(sheet, row, cells, looks)
        first = len(self._report.actions) + 1
        for row, title in enumerate(self._shown["more_actions"], start=first):
            self._row(sheet, row, (row, title), ("whole", "text"))

    def _peers(self) -> None:
        say, peers = self._say, self._report.peers
        heads = [say[one] for one in ("dimension", "own", "q1", "median", "q3", "rank")]
        sheet = self._sheet("sheet_peers", (70, 10, 14, 10, 14, 10), heads)
        lines: list[PeerLine] = []
        if peers is not None:
            lines = [*([peers.overall] if peers.overall else []), *peers.lines]
        titles = [one["title"] for one in (self._shown["peers"] or {"lines": ()})["lines"]]
        looks = ("text", "one", "one", "one", "one", "whole")
        for row, (one, title) in enumerate(zip(lines, titles, strict=True), start=1):
            self._row(sheet, row, (title, one.own, one.q1, one.median, one.q3, one.rank), looks)
        told = (self._shown["peers"] or {}).get("reason") or say["peers_group"]
        if told:
            self._row(sheet, len(lines) + 2, [told], ["text"])
