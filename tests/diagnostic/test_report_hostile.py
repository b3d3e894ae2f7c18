"""Whatever people type stays text, in every format, opened by a reader of that format."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from diagnostic.reports import radar
from diagnostic.reports.document import Report
from diagnostic.reports.formats import PDF
from diagnostic.reports.html import html
from diagnostic.reports.pdf import pdf
from diagnostic.reports.spreadsheet import spreadsheet
from diagnostic.reports.word import word
from diagnostic.reports.wording import worded
from platformkit.glyphs import STAND_IN, legible
from tests.diagnostic.mini_ia import BASE, NA
from tests.diagnostic.reported import PEERS, reported
from tests.diagnostic.test_report_formats import Seen, text_of

HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]><x/>",
    "</w:t><w:br/>",
    "</text><a href='javascript:alert(1)'>",
    "</style><script>",
    "&amp;&lt;&#x3c;",
    "\"'`",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{{ organisation.__class__ }}",
    '#read("/etc/passwd")',
    "$x^2$ *gras* _it_ \\u{41}",
    "%PDF-1.7",
    "../../etc/passwd",
    'x"; filename="evil.exe',
    "a\r\nset-cookie: b=c",
    "https://evil.example/",
    "_x0041_",
    "signal: datum",
    "cafe\u0301",
    "漢字 🚀 \U0001f468\u200d\U0001f469",
    "fi\u202egpj.exe",
    "\u2066x\u2069",
    "a\x00b\x07c\x1bd\x85e",
    "\ufeff\ufffe\U0001ffff",
    "\ud800",
    "x" * 400,
    "",
)
typed = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join),
)


def everywhere(text: str) -> Report:
    """Put a text wherever a report shows what somebody wrote."""
    plain = reported(dict(BASE) | {"Q5": replace(NA, reason=text)}, organisation=text)
    return replace(
        plain,
        milestone=text,
        grid=text,
        axes=tuple(replace(one, title=text, summary=text, text=text) for one in plain.axes),
        parts=tuple(
            replace(one, question=text, answer=text, dimension=text) for one in plain.parts
        ),
        uncounted=tuple(replace(one, question=text, dimension=text) for one in plain.uncounted),
        more_actions=(text,),
        dont_know=(text,),
        unavailable=(text,),
        peers=replace(PEERS, group=text),
    )


def squeezed(text: str) -> str:
    """Compare texts without their spaces: every format breaks lines in its own way."""
    return "".join(text.split())


@given(text=typed)
@settings(max_examples=25)
@example(text="\ud800")
def test_what_is_shown_is_neither_unseen_nor_turned_around(text: str) -> None:
    shown = legible(text)
    assert len(shown) == len(text)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b")
    ET.fromstring(f"<x>{escape(shown)}</x>")  # noqa: S314  # ours
    assert [one for one in text if one.isalnum()] == [one for one in shown if one.isalnum()]


@given(text=typed)
@settings(max_examples=25)
def test_a_page_runs_nothing_that_was_typed(text: str) -> None:
    seen = Seen(html(everywhere(text)))
    if text:  # without a text there is no paragraph for it
        assert [tag for tag, _ in seen.elements if tag not in _DRAWN] == _tags_of_a_page()
    for tag, attributes in seen.elements:
        assert not any(name.startswith("on") or name in {"style", "src"} for name in attributes)
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert squeezed(legible(text)) in squeezed(seen.text)


@cache
def _tags_of_a_page() -> list[str]:
    """Give the tags of a page on which nothing odd was typed."""
    return [tag for tag, _ in Seen(html(everywhere("x"))).elements if tag not in _DRAWN]


_DRAWN = frozenset({"text", "tspan", "g"})
"""A long title takes two lines in the radar."""


@given(text=typed)
@settings(max_examples=25)
def test_a_drawing_has_no_element_that_was_typed(text: str) -> None:
    drawn = radar.svg(worded(everywhere(text)))
    names = {one.tag.rpartition("}")[2] for one in ET.fromstring(drawn).iter()}  # noqa: S314
    assert names <= {"svg", "g", "path", "line", "text", "tspan", "rect"}
    assert "script" not in names


@given(text=typed)
@settings(max_examples=20)
def test_a_sheet_holds_no_formula_and_no_link_that_was_typed(text: str) -> None:
    file = spreadsheet(everywhere(text))
    packed = zipfile.ZipFile(io.BytesIO(file))
    for name in packed.namelist():
        content = packed.read(name).decode()
        ET.fromstring(content)  # noqa: S314  # ours
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in content
            assert "hyperlink" not in content
    found = [
        cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(file))
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "s"
    ]
    if text.strip():
        assert squeezed(legible(text)) in {squeezed(_unescaped(one)) for one in found}


def _unescaped(value: object) -> str:
    """Read what Excel reads: openpyxl leaves the escape of an escape as it is."""
    return re.sub(r"_x005F_", "_", str(value))


def test_a_drawing_of_all_oddities_becomes_a_picture() -> None:
    assert radar.png(worded(everywhere(" ".join(HOSTILE)))).startswith(b"\x89PNG")


@cache
def _tags_of_a_text() -> set[str]:
    """Give the elements of a text in which nothing odd was typed."""
    plain = docx.Document(io.BytesIO(word(everywhere("x"))))
    return {one.tag for one in plain.element.iter()}


@given(text=typed)
@settings(max_examples=8)
def test_a_text_has_no_element_that_was_typed(text: str) -> None:
    document = docx.Document(io.BytesIO(word(everywhere(text))))
    typed_too = {one.tag for one in document.element.iter()} - _tags_of_a_text()
    assert {one.rpartition("}")[2] for one in typed_too} <= {"br", "tab"}
    assert not [one for one in document.part.rels.values() if one.is_external]
    assert squeezed(legible(text)) in squeezed(text_of(document))


@given(text=typed)
@settings(max_examples=8)
def test_a_pdf_does_nothing_that_was_typed(text: str) -> None:
    reader = PdfReader(io.BytesIO(pdf(everywhere(text))))
    root: Any = reader.trailer["/Root"]
    assert "/OpenAction" not in root
    assert "/AA" not in root
    assert not any("/Annots" in page for page in reader.pages)
    assert "/JavaScript" not in str(root.get("/Names", ""))


@pytest.mark.parametrize("printer", [html, pdf, spreadsheet, word])
def test_all_oddities_together_do_not_cost_the_report(printer: Callable[[Report], bytes]) -> None:
    assert len(printer(everywhere(" ".join(HOSTILE)))) > 1000


def test_a_bidi_override_is_shown_as_a_sign() -> None:
    assert legible("fi\u202egpj.exe") == f"fi{STAND_IN}gpj.exe"
    assert legible({"a": ["b\u2066", 1, None]}) == {"a": [f"b{STAND_IN}", 1, None]}


def test_a_file_name_is_of_our_own_making() -> None:
    assert PDF.headers("diagnostic-ia-fr") == {
        "content-disposition": 'attachment; filename="diagnostic-ia-fr.pdf"'
    }
