"""The PDF: reproducible, tagged, in its language, inert to what people type (X1, X3)."""

import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from diagnostic.opportunities.eligibility import assess
from diagnostic.questionnaires.grid import Language
from diagnostic.reference import load
from diagnostic.reports.compose import funding
from diagnostic.reports.document import Certification
from diagnostic.reports.pdf import pdf
from diagnostic.reports.texts import words
from diagnostic.reports.wording import worded as payload
from platformkit import glyphs
from tests.diagnostic.mini_ia import BASE, DK, NA, base
from tests.diagnostic.reported import AT, REV3, reported, with_actions


def read(content: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(" ".join(pages).split())


def test_x1_the_same_report_gives_the_same_bytes() -> None:
    first, second = pdf(with_actions()), pdf(with_actions())
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()
    assert pdf(reported(organisation="Autre")) != pdf(reported())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_x1_the_pdf_is_tagged_titled_and_in_its_language(language: Language) -> None:
    reader = PdfReader(io.BytesIO(pdf(with_actions(language))))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/StructTreeRoot"]
    assert reader.metadata is not None
    assert "Menuiserie Œuvre €" in str(reader.metadata.title)
    assert reader.metadata.creation_date == AT
    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_x1_text_comes_out_as_it_was_put_in() -> None:
    text = read(pdf(with_actions()))
    for expected in (
        "72,1",
        "Œuvre €",
        "SIREN 732 829 320",
        "23 novembre 2026",
        "Déploiement",
        "Stratégie",
        "63,3",
        "RNCP36129",
        "Booster Transformation Rev3",
        "50 %, 10 000 € au plus",
        "à vérifier",
        "84,6",
        "Solidité",
        "12,5",
        "1.0.0",
    ):
        assert expected in text, expected


def test_x1_the_english_report_is_english() -> None:
    text = read(pdf(with_actions("en")))
    for expected in ("72.1", "23 November 2026", "Moderately advanced", "at most €10,000"):
        assert expected in text, expected
    assert "Déploiement" not in text


def test_x1_the_radar_has_its_data_table() -> None:
    structure = pdf(reported())
    assert payload(reported())["t"]["radar_alt"].count("63,3") == 1
    for number, name in ((75.0, "Stratégie"), (63.3, "Données"), (75.0, "Compétences")):
        assert f"{name} {number:.1f}".replace(".", ",") in read(structure)


def test_x3_an_axis_that_was_not_assessed_is_there_and_says_so() -> None:
    report = reported(base(Q5=NA, Q6=NA))
    axes = payload(report)["axes"]
    assert [one["title"] for one in axes] == ["Stratégie", "Données", "Compétences"]
    assert [one["shown"] for one in axes] == ["75,0", "63,3", None]
    assert axes[2]["score"] is None
    text = read(pdf(report))
    assert "Compétences non évalué" in text
    assert "Compétences non évalué" in payload(report)["t"]["radar_alt"]


def test_x3_labels_and_values_stay_aligned() -> None:
    axes = payload(reported())["axes"]
    for axis in axes:
        far = (axis["point"][0] ** 2 + axis["point"][1] ** 2) ** 0.5
        assert far == pytest.approx(axis["score"] / 100)
        assert axis["end"][0] * far == pytest.approx(axis["point"][0], abs=1e-9)
    assert axes[0]["end"] == pytest.approx([0, -1], abs=1e-9)


@pytest.mark.parametrize("known", [0, 1, 2])
def test_a_radar_with_few_axes_still_draws(known: int) -> None:
    axes = reported().axes
    some = tuple(
        axis if place < known else replace(axis, score=None, level=None, interval=None)
        for place, axis in enumerate(axes)
    )
    assert read(pdf(replace(reported(), axes=some))).count("non évalué") >= 3 - known


def test_everything_not_applicable_gives_a_report_without_a_number() -> None:
    text = read(pdf(reported(dict.fromkeys(BASE, NA))))
    assert "Trop de questions ne concernent pas" in text
    assert "D’où vient" not in text


def test_a_provisional_score_is_shown_as_an_interval() -> None:
    text = read(pdf(reported(base(Q2=None))))
    assert "entre 59,6 et 72,1" in text
    assert "Score provisoire" in text
    assert "Stratégie à compléter" in text
    assert "compris entre 50,0 et 75,0" in text
    assert "non évalué" not in text


def test_dont_know_is_listed_as_the_quickest_gain() -> None:
    text = read(pdf(reported(base(Q2=DK))))
    assert "ne sait pas" in text
    assert text.count("Question 2") >= 2


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        "#panic()",
        "$ x^2 $ *gras* _it_ `raw` <label> @ref",
        '"}); #import "@preview/x:1.0.0"',
        "\\u{41} // comment /* */ ~ --- [#] ]",
        "=HYPERLINK(1)",
    ],
)
def test_what_people_type_is_shown_and_never_run(typed: str) -> None:
    text = read(pdf(reported(organisation=typed)))
    assert typed.replace(" ", "") in text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Nova 🚀", "Nova □"),
        ("漢字", "□□"),
        ("a\u0001b", "a□b"),
        ("cafe\u0301 🚀 Ła", "café □ Ła"),
        ("🚀 x\u0597", "□ x□"),
    ],
)
def test_what_no_font_can_draw_becomes_a_square_and_the_report_stands(
    typed: str, shown: str
) -> None:
    done = with_actions()
    [one] = done.actions
    cited = replace(one, certifications=(Certification(typed, "RS1"),))
    for report in (reported(organisation=typed), replace(done, actions=(cited,))):
        assert shown.replace(" ", "") in read(pdf(report)).replace(" ", "")


def test_the_fonts_draw_every_character_of_their_blocks() -> None:
    signs = {chr(code) for first, last in glyphs.BLOCKS for code in range(first, last + 1)}
    drawn = {one for one in signs if glyphs.drawable(one) == one} | {glyphs.STAND_IN}
    assert len(drawn) > 2400
    text = "#for one in json(bytes(sys.inputs.data)) [#one #strong(one) \\\n ]"
    source = '#set document(title: "x")\n#set text(font: "Libertinus Serif", lang: "fr")\n' + text
    typst.compile(  # raises for a character without glyph
        source.encode(),
        sys_inputs={"data": json.dumps(sorted(drawn))},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


@given(typed=st.text(st.characters(codec="utf-8"), max_size=60))
@example("\ufeffx")
@example("Ḭ\u05b1")
@settings(max_examples=25)
def test_no_name_whatever_breaks_the_report(typed: str) -> None:
    assert pdf(reported(organisation=typed)).startswith(b"%PDF")


def test_missing_neighbours_are_said() -> None:
    text = read(pdf(reported(unavailable=["certifications"])))
    assert "n’étaient pas disponibles : certifications" in text


def test_a_funding_without_figures_does_not_invent_any() -> None:
    diag = next(one for one in load.opportunities() if one.code == "BPI-DIAG-DATA-IA")
    line = funding(diag, assess(diag, {}, AT), "fr")
    assert (line.amount, line.status) == ("montant à demander", "unknown")
    assert funding(diag, assess(diag, {}, AT), "en").amount == "amount on request"


def test_rates_and_caps_are_written_in_each_language() -> None:
    fne = next(one for one in load.opportunities() if one.code == "FNE-FORMATION")
    line = funding(fne, assess(fne, {}, AT), "en")
    assert (line.amount, line.window) == ("50% – 70%", "closed")
    capped = REV3.model_copy(update={"rate_min": None, "rate_max": None})
    assert funding(capped, assess(capped, {}, AT), "en").amount == "at most €10,000"
    assert funding(REV3, assess(REV3, {}, AT), "fr").missing


def test_a_flat_profile_has_neither_strength_nor_weakness() -> None:
    flat = tuple(replace(one, score=50.0) for one in reported().axes)
    shown = payload(replace(reported(), axes=flat))
    assert shown["strengths"] == shown["weaknesses"] == []
    assert payload(reported())["weaknesses"] == ["Données"]
    assert payload(reported())["strengths"] == ["Stratégie", "Compétences"]


def test_every_word_exists_in_both_languages() -> None:
    assert words("fr").keys() == words("en").keys()
    assert all(words("fr").values())
    assert all(words("en").values())
