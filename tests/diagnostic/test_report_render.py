"""The PDF: reproducible, tagged, in its language, inert to what people type (X1, X3)."""

import hashlib
import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from diagnostic.opportunities.eligibility import assess
from diagnostic.questionnaires.grid import Language
from diagnostic.reference import load
from diagnostic.reports import glyphs
from diagnostic.reports.compose import funding
from diagnostic.reports.document import Caps, Certification
from diagnostic.reports.pdf import pdf
from diagnostic.reports.texts import words
from diagnostic.reports.wording import worded as payload
from tests.diagnostic.mini_ia import BASE, DK, NA, base
from tests.diagnostic.mini_ia import given as chosen
from tests.diagnostic.reported import AT, PEERS, REV3, SUPPRESSED, reported, with_actions


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
@settings(max_examples=25, deadline=None)
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


def test_s2_the_annex_explains_every_point_and_adds_up_to_the_score() -> None:
    report = reported()
    shown = payload(report)
    assert {one.code: (one.contribution, one.lost) for one in report.parts} == {
        "Q1": (25.0, 12.5),
        "Q2": (12.5, 0.0),
        "Q3": (12.5, 4.17),
        "Q4": (3.33, 5.0),
        "Q5": (12.5, 0.0),
        "Q6": (6.25, 6.25),
    }
    exact = [Fraction(part.contribution_exact) for part in report.parts]
    assert sum(exact) == Fraction(865, 12) == Fraction(report.exact or 0)
    assert sum(exact) + sum(Fraction(part.lost_exact) for part in report.parts) == 100
    assert [one["gained_exact"] for one in shown["annex"]] == ["75/2", "95/6", "75/4"]
    text = read(pdf(report))
    for told in ("exactement 865/12, soit 72,08", "seule fois : 72,1", "75/2", "37,50"):
        assert told in text, told


def test_two_dimensions_of_one_name_keep_their_own_questions() -> None:
    report = reported()
    same = tuple(replace(one, title="Thème") for one in report.axes)
    annex = payload(replace(report, axes=same))["annex"]
    assert [[one["code"] for one in part["parts"]] for part in annex] == [
        ["Q1", "Q2"],
        ["Q3", "Q4"],
        ["Q5", "Q6"],
    ]


def test_the_annex_tells_what_was_answered() -> None:
    answers = {part.code: part.answer for part in reported(base(Q2=DK)).parts}
    assert answers == {
        "Q1": "Deux",
        "Q2": "Ne sait pas",
        "Q3": "A ; B ; C",
        "Q4": "Ligne 1\xa0: 5/5 ; Ligne 2\xa0: 0/5 ; Ligne 3\xa0: 3/5 ; Ligne 4\xa0: 2/5"
        " ; Ligne 5\xa0: 0/5",
        "Q5": "Oui",
        "Q6": "Un",
    }


def test_what_does_not_count_is_listed_with_its_reason() -> None:
    left_out = {one.code: (one.why, one.note) for one in reported(base(Q5=NA, Q6=NA)).uncounted}
    assert left_out == {
        "Q5": ("not_applicable", "Sans objet ici"),
        "Q6": ("not_applicable", "Sans objet ici"),
    }
    hidden = reported(base(Q3=chosen(["none"])))
    assert [(one.code, one.why) for one in hidden.uncounted] == [("Q4", "hidden")]
    text = read(pdf(reported(base(Q5=NA, Q6=NA))))
    assert "Non concerné : Sans objet ici" in text
    assert "Non évalué : Compétences. Le score global porte sur les autres" in text


def test_the_sums_are_rounded_as_the_score_is() -> None:
    """S3: 56.25 is 56.3, where Python's rounding gives 56.2."""
    report = reported(base(Q3=chosen(["none"])))
    assert "Total acquis : 56,3 points" in read(pdf(report))


def test_peers_are_shown_with_their_group_or_the_reason_why_not() -> None:
    text = read(pdf(reported(peers=PEERS)))
    for told in (
        "au moins 15, la vôtre non comprise",
        "20 novembre 2026",
        "40,5",
        "52,3",
        "64,8",
        "80",
    ):
        assert told in text, told
    silent = read(pdf(reported(peers=SUPPRESSED)))
    assert "Trop peu d’entreprises comparables" in silent
    assert "Médiane" not in silent


def test_a_report_on_an_older_revision_says_so() -> None:
    text = read(pdf(reported(revision=2, being_amended=True)))
    assert "ce rapport est celui de la révision 2" in text
    assert "en cours de modification" not in read(pdf(reported()))


def test_targets_and_confidence_are_told_where_there_are_any() -> None:
    aims = {"STR": {"score": None, "level": "advanced"}, "DATA": {"score": 60.0, "level": None}}
    report = reported(targets=aims, confidence={"Q1": 4})
    assert [(one.target, one.gap) for one in report.axes] == [
        (75.1, 0.1),
        (60.0, 0.0),
        (None, None),
    ]
    text = read(pdf(report))
    assert "Cible : 75,1 ; il manque 0,1 points." in text
    assert "Cible : 60,0, atteinte." in text
    assert text.count("Cible") == 2
    assert "Deux – certitude 4 sur 5" in text
    unknown = reported(base(Q5=NA, Q6=NA), targets={"SKILL": {"score": 50.0, "level": None}})
    assert "Cible : 50,0." in read(pdf(unknown))


def test_what_limits_an_answer_is_disclosed() -> None:
    report = reported()
    held = replace(report.parts[4], ratio=0.75, declared_ratio=1.0, backing="declared")
    shown = replace(report.parts[5], declared_ratio=0.5, backing="verified")
    caps = Caps(declared=0.75, document=0.9, verified=1.0)
    text = read(pdf(replace(report, parts=(*report.parts[:4], held, shown), caps=caps)))
    assert "Oui – déclaré, compte 75 % au lieu de 100 %" in text
    assert "Un – document vérifié" in text
    assert "au plus 75 % si elle est seulement déclarée, 90 % avec un document" in text
    assert "seuls ceux qui sont dits vérifiés l’ont été" in text
    plain = read(pdf(report))
    assert "qui n’ont pas été vérifiées" in plain
    assert "seulement déclarée" not in plain
