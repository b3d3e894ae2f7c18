"""The report explains every point of the score, what does not count, and where it stands."""

import io
from dataclasses import replace
from fractions import Fraction

from pypdf import PdfReader

from diagnostic.assessments.backing import Backing
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import score
from diagnostic.assessments.visibility import prepare
from diagnostic.questionnaires.grid import GridContent
from diagnostic.reports.compose import compose
from diagnostic.reports.document import Caps
from diagnostic.reports.pdf import pdf
from diagnostic.reports.wording import worded as payload
from tests.diagnostic.mini_ia import BASE, DK, NA, base, raw
from tests.diagnostic.mini_ia import given as chosen
from tests.diagnostic.reported import AT, PEERS, SUPPRESSED, reported


def read(content: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(" ".join(pages).split())


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


def test_the_engine_tells_what_limits_an_answer() -> None:
    content = raw()
    content["profile"]["evidence"] = {"declared": 0.75, "document": 0.9, "verified": 1.0}
    grid = prepare(GridContent.model_validate(content))
    answers = BASE | {"Q2": replace(BASE["Q2"], backing=Backing.VERIFIED)}
    result = score(grid, answers)
    report = compose(
        grid=grid,
        answers=answers,
        result=result.as_json(),
        explanation=explain(result).as_json(),
        result_hash=result.result_hash(),
        computed_at=AT,
        organisation="Atelier",
        siren=None,
        milestone="T0",
    )
    told = {one.code: (one.backing, one.declared_ratio, one.ratio) for one in report.parts}
    assert told["Q5"] == ("declared", 1.0, 0.75)
    assert told["Q2"] == ("verified", 1.0, 1.0)
    assert report.caps == Caps(declared=0.75, document=0.9, verified=1.0)
    assert "Oui – déclaré, compte 75 % au lieu de 100 %" in read(pdf(report))
