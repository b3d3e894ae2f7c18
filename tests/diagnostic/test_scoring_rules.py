"""The rules of the method around the numbered cases: levels, bands, caps, hashes."""

from fractions import Fraction

import pytest

from diagnostic.assessments.answers import Answer, answer_of
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.ratios import ratio
from diagnostic.assessments.scoring import Status, publish, score
from diagnostic.assessments.visibility import missing, prepare
from diagnostic.questionnaires.grid import GridContent
from tests.diagnostic.mini_ia import (
    BASE,
    GRID,
    NA,
    NO,
    RAW,
    YES,
    base,
    given,
    grid_of,
    options,
    raw,
    rows,
)


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (25, "basic"),
        (25.04, "basic"),
        (25.06, "average"),
        (50, "average"),
        (75, "moderately_advanced"),
        (75.1, "advanced"),
    ],
)
def test_a_threshold_belongs_to_the_lower_level_and_judges_what_is_shown(
    points: float, level: str
) -> None:
    grid = grid_of({"code": "A", "type": "single", "options": options(0, points, 100)})
    assert score(grid, {"A": given("o1")}).level == level


def test_bands_are_half_open() -> None:
    bands = [{"start": 0, "points": 0}, {"start": 10, "points": 1}, {"start": 20, "points": 4}]
    grid = grid_of({"code": "A", "type": "number", "bands": bands})
    shown = {value: score(grid, {"A": given(value)}).as_json()["score"] for value in (9.99, 10, 20)}
    assert shown == {9.99: 0.0, 10: 25.0, 20: 100.0}


def test_a_row_that_does_not_apply_leaves_the_mean_of_its_matrix() -> None:
    labels = [{"code": code, "label": {"fr": code}} for code in ("x", "y")]
    grid = grid_of({"code": "A", "type": "matrix", "rows": labels, "allow_row_na": True})
    assert score(grid, {"A": given({"x": 5, "y": None})}).as_json()["score"] == 100.0


def test_more_ticks_than_needed_do_not_pass_the_maximum() -> None:
    question = {"code": "A", "type": "multiple", "max_points": 2, "options": options(1, 1, 1)}
    grid = grid_of(question)
    assert score(grid, {"A": given(["o0", "o1", "o2"])}).as_json()["score"] == 100.0
    assert score(grid, {"A": given(["o0"])}).as_json()["score"] == 50.0


def test_non_compensation_caps_the_level_and_names_the_weak_core_dimension() -> None:
    content = raw(profile=RAW["profile"] | {"non_compensation": True})
    content["dimensions"][2]["core"] = True
    grid = prepare(GridContent.model_validate(content))
    answers = base(
        Q1=given("o3"), Q3=given(["a", "b", "c", "d"]), Q4=given(rows(5, 5, 5, 5, 5))
    ) | {"Q5": NO, "Q6": given("o0")}
    published = score(grid, answers).as_json()
    assert published["score"] == 75.0
    assert published["uncapped_level"] == "moderately_advanced"
    assert published["level"] == "average"
    assert published["capped_by"] == "SKILL"


def test_robustness_gives_the_true_extremes() -> None:
    robust = explain(score(GRID, BASE)).robustness
    assert robust is not None
    factors = (Fraction(3, 4), Fraction(1), Fraction(5, 4))
    scores = {"STR": Fraction(75), "DATA": Fraction(190, 3), "SKILL": Fraction(75)}
    everything = [
        (a * 2 * scores["STR"] + b * scores["DATA"] + c * scores["SKILL"]) / (a * 2 + b + c)
        for a in factors
        for b in factors
        for c in factors
    ]
    assert (robust.low, robust.high) == (min(everything), max(everything))
    assert robust.level_holds


def test_robustness_says_when_the_level_does_not_hold() -> None:
    robust = explain(score(GRID, base(Q6=given("o2"), Q1=given("o1")))).robustness
    assert robust is not None
    assert robust.low < robust.high
    near = explain(score(GRID, base(Q6=NA))).robustness
    assert near is not None
    assert near.level_holds == (publish(near.low) > 75)


def test_a_provisional_score_has_no_explanation() -> None:
    assert explain(score(GRID, base(Q2=None))).shares == ()


def test_the_input_hash_moves_with_a_counted_answer_and_not_with_a_hidden_one() -> None:
    hidden = base(Q3=given(["none"]))
    assert score(GRID, BASE).input_hash != score(GRID, base(Q1=given("o3"))).input_hash
    assert (
        score(GRID, hidden).input_hash
        == score(GRID, hidden | {"Q4": given(rows(1, 1, 1, 1, 1))}).input_hash
    )


def test_erasing_a_free_text_or_a_reason_keeps_the_input_hash() -> None:
    grid = grid_of(
        {"code": "A", "type": "boolean", "allow_na": True},
        {"code": "T", "type": "text", "dimension": None},
        {"code": "B", "type": "boolean"},
    )
    told = {"A": NA, "B": YES, "T": given("Je m’appelle Zoé")}
    erased = {"A": Answer(NA.state), "B": YES}
    assert score(grid, told).input_hash == score(grid, erased).input_hash


def test_an_answer_to_an_unknown_question_does_not_count() -> None:
    assert score(GRID, BASE | {"ZZ": YES}).result_hash() == score(GRID, BASE).result_hash()


def test_submission_is_blocked_by_required_visible_questions_only() -> None:
    assert missing(GRID, base(Q4=None)) == ["Q4"]
    assert missing(GRID, base(Q4=None, Q3=given(["none"]))) == []
    assert score(GRID, base(Q4=None, Q3=given(["none"]))).status is Status.FINAL


def test_a_text_and_a_date_are_worth_nothing() -> None:
    grid = grid_of(
        {"code": "A", "type": "boolean"},
        {"code": "T", "type": "text"},
        {"code": "D", "type": "date"},
    )
    answers = {"A": YES, "T": given("mot"), "D": given("2026-11-23")}
    assert score(grid, answers).as_json()["score"] == 100.0
    for code in ("T", "D"):
        assert ratio(grid.questions[code], answers[code].value, grid.points[code]) == 0


def test_negative_points_never_take_a_question_below_zero() -> None:
    grid = grid_of({"code": "A", "type": "multiple", "options": options(1, 1, -3)})
    assert score(grid, {"A": given(["o0", "o2"])}).as_json()["score"] == 0.0
    assert score(grid, {"A": given(["o0", "o1"])}).as_json()["score"] == 100.0


def test_a_capped_level_needs_a_weak_core_dimension() -> None:
    content = raw(profile=RAW["profile"] | {"non_compensation": True})
    content["dimensions"][2]["core"] = True
    grid = prepare(GridContent.model_validate(content))
    assert score(grid, BASE).capped_by is None
    assert score(grid, base(Q5=NA, Q6=NA)).capped_by is None


def test_stored_answers_read_back_as_they_were() -> None:
    assert answer_of("answered", "o2") == BASE["Q1"]
    assert answer_of("not_applicable", None, "Sans objet ici") == NA
