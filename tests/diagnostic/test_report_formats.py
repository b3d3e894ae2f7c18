"""Page, sheets, text and radar: same bytes, same figures, readable without eyes (X1, X3)."""

import hashlib
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest
from docx.document import Document

from diagnostic.reports import radar
from diagnostic.reports.document import Report
from diagnostic.reports.html import html, policy
from diagnostic.reports.spreadsheet import spreadsheet
from diagnostic.reports.word import word
from diagnostic.reports.wording import worded
from tests.diagnostic.mini_ia import DK, NA, base
from tests.diagnostic.reported import AT, PEERS, SUPPRESSED, reported, with_actions

Printer = Callable[[Report], bytes]
PRINTERS: list[Printer] = [html, spreadsheet, word]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Seen(HTMLParser):
    """The elements of a page, and its text outside the style."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._styling = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._styling = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._styling:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def opened(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(spreadsheet(report)))


def cells(report: Report) -> Iterator[object]:
    for sheet in opened(report):
        for row in sheet.iter_rows(values_only=True):
            yield from (one for one in row if one is not None)


def written(report: Report) -> Document:
    return docx.Document(io.BytesIO(word(report)))


def text_of(document: Document) -> str:
    lines = [one.text for one in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


@pytest.mark.parametrize("printer", PRINTERS)
def test_x1_the_same_report_gives_the_same_bytes(printer: Printer) -> None:
    first, second = printer(with_actions()), printer(with_actions())
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()
    assert printer(reported(organisation="Autre")) != printer(reported())


@pytest.mark.parametrize("printer", [spreadsheet, word])
def test_no_file_inside_a_file_tells_when_it_was_printed(printer: Printer) -> None:
    packed = zipfile.ZipFile(io.BytesIO(printer(reported())))
    assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("report", [reported(), with_actions(), reported(peers=PEERS)])
def test_every_format_says_the_same(report: Report) -> None:
    page = Seen(html(report)).text
    sheets = "\n".join(map(str, cells(report)))
    text = text_of(written(report))
    for told in ("Menuiserie Œuvre € & Fils", "SIREN 732\u00a0829\u00a0320", "Déploiement"):
        assert told.replace("\u00a0", " ") in page.replace("\u00a0", " ")
        assert told in sheets
        assert told in text
    for told in ("72,1", "63,3", "865/12", "95/6"):
        assert told in page
        assert told in text
    for figure in (72.1, 63.3, 3.33, "865/12", "10/3"):
        assert figure in list(cells(report))


def test_the_page_is_complete_in_itself_and_can_run_nothing() -> None:
    page = html(with_actions())
    seen = Seen(page)
    assert seen.all("html")[0]["lang"] == "fr"
    names = {tag for tag, _ in seen.elements}
    assert names.isdisjoint({"script", "link", "img", "iframe", "form", "object", "use", "base"})
    for tag, attributes in seen.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        assert attributes.get("href", "#").startswith("#")  # type: ignore[union-attr]
        assert "src" not in attributes
    found = re.search(r"<style>(.*?)</style>", page.decode(), re.DOTALL)
    assert found is not None
    assert "url(" not in found[1]
    assert "@import" not in found[1]
    told = next(one for one in seen.all("meta") if "http-equiv" in one)
    assert told["content"] == policy()
    assert "unsafe" not in policy()


def test_the_page_can_be_read_without_eyes() -> None:
    seen = Seen(html(replace(with_actions(), peers=PEERS)))
    assert seen.all("a")[0]["href"] == "#content"
    assert {one.get("id") for one in seen.all("main")} == {"content"}
    ids = [str(one["id"]) for _, one in seen.elements if "id" in one]
    assert len(ids) == len(set(ids))
    for _, attributes in seen.elements:
        for reference in (attributes.get("aria-labelledby"), attributes.get("href")):
            assert reference is None or reference.removeprefix("#") in ids
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(one.get("scope") in {"col", "row"} for one in seen.all("th"))
    captions = len(seen.all("caption"))
    named = [one for one in seen.all("table") if "aria-labelledby" in one]
    assert captions + len(named) == len(seen.all("table")) > 3
    [drawing] = [one for one in seen.all("div") if one.get("role") == "img"]
    assert "Données 63,3" in str(drawing["aria-label"])


@pytest.mark.parametrize("ink", ["#16283c", "#1f4e79", "#a8480f", "#4b5965"])
@pytest.mark.parametrize("paper", ["#ffffff", "#eef3f8"])
def test_every_ink_of_the_page_stands_out_from_its_paper(ink: str, paper: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    dark, light = sorted((_luminance(ink), _luminance(paper)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
    style = re.search(r"<style>(.*?)</style>", html(reported()).decode(), re.DOTALL)
    assert style is not None
    assert ink in style[1]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_sheets_hold_numbers_and_their_own_radar() -> None:
    book = opened(with_actions())
    assert book.sheetnames == ["Synthèse", "Dimensions", "Questions", "Feuille de route", "Pairs"]
    assert [book["Dimensions"].cell(row, 3).value for row in (2, 3, 4)] == [75, 63.3, 75]
    questions = list(book["Questions"].iter_rows(min_row=2, max_row=7, values_only=True))
    assert [one[0] for one in questions] == ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"]
    assert [one[5] for one in questions] == [25, 12.5, 12.5, 3.33, 12.5, 6.25]
    assert [one[7] for one in questions] == ["25", "25/2", "25/2", "10/3", "25/2", "25/4"]
    assert book.properties.created == datetime(2026, 11, 22, 23, 30)  # noqa: DTZ001  # no zone there
    assert book["Questions"].print_title_rows == "$1:$1"
    packed = zipfile.ZipFile(io.BytesIO(spreadsheet(reported())))
    [chart] = [name for name in packed.namelist() if "charts/chart" in name]
    drawn = packed.read(chart).decode()
    assert "c:radarChart" in drawn
    assert "Dimensions!$C$2:$C$4" in drawn
    assert "Données 63,3" in packed.read("xl/drawings/drawing1.xml").decode()


def test_the_text_has_headings_repeated_heads_a_language_and_a_described_radar() -> None:
    document = written(replace(with_actions(), peers=PEERS))
    styles = [one.style.name for one in document.paragraphs if one.style]
    assert styles.count("Heading 1") >= 5
    assert "Heading 2" in styles
    assert len(document.tables) == 5
    for table in document.tables:
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
    languages = {one.get(f"{W}val") for one in document.styles.element.iter(f"{W}lang")}
    assert languages == {"fr-FR"}
    [place] = [one for one in document.element.iter() if one.tag.endswith("}docPr")]
    assert "Données 63,3" in place.get("descr")
    pictures = [one.blob for one in document.part.package.image_parts]
    assert pictures == [radar.png(worded(with_actions()))]
    about = document.core_properties
    assert (about.language, about.author) == ("fr", "Vigie")
    assert about.title == "Diagnostic de maturité IA – Menuiserie Œuvre € & Fils"
    assert about.created == about.modified == AT
    assert "{{" not in text_of(document)
    assert "{%" not in text_of(document)


def test_each_format_is_english_when_asked() -> None:
    report = with_actions("en")
    assert Seen(html(report)).all("html")[0]["lang"] == "en"
    assert "72.1" in Seen(html(report)).text
    assert opened(report).sheetnames[0] == "Summary"
    assert "Moderately advanced" in text_of(written(report))


def test_x3_an_axis_without_answers_is_drawn_and_says_so() -> None:
    shown = worded(reported(base(Q5=NA, Q6=NA)))
    drawn = radar.svg(shown)
    texts = _texts(drawn)
    assert "3. Compétences" in texts
    assert texts[texts.index("3. Compétences") + 1] == "non évalué"
    assert texts[texts.index("2. Données") + 1] == "63,3"
    assert drawn.count('stroke-dasharray="4,4"') == 1
    assert len(re.findall(r'aria-roledescription="symbol', drawn)) == 2
    page = Seen(html(reported(base(Q5=NA, Q6=NA)))).text
    assert "3. Compétences non évalué" in page
    sheet = opened(reported(base(Q5=NA, Q6=NA)))["Dimensions"]
    assert sheet.cell(4, 3).value == "non évalué"


@pytest.mark.parametrize("known", [0, 1, 2, 3])
def test_x3_labels_and_values_stay_aligned(known: int) -> None:
    axes = tuple(
        one if place < known else replace(one, score=None)
        for place, one in enumerate(reported().axes)
    )
    shown = worded(replace(reported(), axes=axes))
    texts = _texts(radar.svg(shown))
    for axis in shown["axes"]:
        told = texts.index(f"{axis['number']}. {axis['title']}")
        assert texts[told + 1] == (axis["shown"] or axis["absence"])


def test_a_long_title_takes_two_lines_and_no_more() -> None:
    title = "Gouvernance, éthique, conformité et toutes les autres bonnes choses du monde"
    axes = tuple(replace(one, title=title) for one in reported().axes)
    drawn = radar.svg(worded(replace(reported(), axes=axes)))
    assert _texts(drawn).count("éthique,…") + drawn.count("…") >= 3


def test_the_radar_is_the_same_each_time() -> None:
    shown = worded(reported())
    assert radar.svg(shown) == radar.svg(shown)
    assert radar.png(shown) == radar.png(shown)
    assert radar.png(shown).startswith(b"\x89PNG")


def test_the_texts_of_the_picture_are_drawn_whatever_fonts_the_machine_has() -> None:
    shown = worded(reported())
    untitled = [one | {"title": " ", "shown": " ", "number": " "} for one in shown["axes"]]
    assert radar.png(shown | {"axes": untitled}) != radar.png(shown)
    assert "Liberation Sans" in radar.svg(shown)


def _texts(drawn: str) -> list[str]:
    root = ET.fromstring(drawn)  # noqa: S314  # what we drew ourselves
    return [one.text or "" for one in root.iter() if one.text and one.tag.endswith("text")]


def test_suppressed_peers_leave_no_number_in_any_format() -> None:
    report = reported(peers=SUPPRESSED)
    for text in (Seen(html(report)).text, text_of(written(report))):
        assert "Trop peu d’entreprises comparables" in text
        assert "Médiane" not in text
    rows = list(opened(report)["Pairs"].iter_rows(min_row=2, values_only=True))
    assert [one for row in rows for one in row if one is not None] == [
        "Trop peu d’entreprises comparables."
    ]


def test_an_unsure_answer_and_an_absent_one_are_told_in_every_format() -> None:
    report = reported(base(Q2=DK, Q5=NA))
    for text in (
        Seen(html(report)).text,
        text_of(written(report)),
        "\n".join(map(str, cells(report))),
    ):
        assert "Ne sait pas" in text
        assert "Sans objet ici" in text
