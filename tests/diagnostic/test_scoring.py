"""The scoring cases S1 to S22 of the design, on the fixture grid MINI-IA."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from diagnostic.assessments.answers import Answer
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import ENGINE_VERSION, publish, score
from diagnostic.assessments.visibility import effective, missing, prepare
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.hashing import content_hash
from tests.diagnostic.mini_ia import (
    BASE,
    CONTENT,
    DK,
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


def by_dimension(answers: dict[str, Answer]) -> dict[str, float | None]:
    return {one["code"]: one["score"] for one in score(GRID, answers).as_json()["dimensions"]}


def test_s1_the_base_answers_give_72_1_exactly_865_twelfths() -> None:
    result = score(GRID, BASE)
    published = result.as_json()
    assert by_dimension(BASE) == {"STR": 75.0, "DATA": 63.3, "SKILL": 75.0}
    assert published["score"] == 72.1
    assert published["exact"] == "865/12"
    assert published["level"] == "moderately_advanced"
    assert published["status"] == "final"
    assert published["complete"] is True
    assert published["engine_version"] == ENGINE_VERSION
    assert result.value == Fraction(865, 12)


def test_s2_the_explanation_adds_up_exactly() -> None:
    shares = {one.code: one for one in explain(score(GRID, BASE)).shares}
    shown = {
        code: (float(publish(one.contribution, 2)), float(publish(one.lost, 2)))
        for code, one in shares.items()
    }
    assert shown == {
        "Q1": (25.00, 12.50),
        "Q2": (12.50, 0.0),
        "Q3": (12.50, 4.17),
        "Q4": (3.33, 5.00),
        "Q5": (12.50, 0.0),
        "Q6": (6.25, 6.25),
    }
    assert sum(one.contribution for one in shares.values()) == Fraction(865, 12)
    assert sum(one.contribution + one.lost for one in shares.values()) == 100


def test_s2_the_published_explanation_carries_the_exact_fractions() -> None:
    published = explain(score(GRID, BASE)).as_json()
    assert published["total_exact"] == "865/12"
    assert published["questions"][2]["lost_exact"] == "25/6"
    total = sum(Fraction(one["contribution_exact"]) for one in published["questions"])
    assert str(total) == published["total_exact"]


def test_s3_a_hidden_answer_is_kept_and_does_not_count() -> None:
    answers = base(Q3=given(["none"]))
    assert "Q4" in answers
    assert "Q4" not in effective(GRID, answers)
    assert by_dimension(answers)["DATA"] == 0.0
    assert score(GRID, answers).as_json()["score"] == 56.3
    assert round(56.25, 1) == 56.2  # what a plain round would have published


def test_s4_a_question_not_applicable_leaves_its_weight_to_the_others() -> None:
    answers = base(Q6=NA)
    assert by_dimension(answers)["SKILL"] == 100.0
    assert score(GRID, answers).as_json()["score"] == 78.3
    assert score(GRID, answers).level == "advanced"


def test_s5_a_dimension_that_does_not_apply_is_excluded_and_listed() -> None:
    answers = base(Q5=NA, Q6=NA)
    published = score(GRID, answers).as_json()
    assert by_dimension(answers)["SKILL"] is None
    assert published["dimensions"][2]["status"] == "not_assessable"
    assert published["score"] == 71.1
    assert published["complete"] is False
    assert published["excluded"] == ["SKILL"]


def test_s7_everything_not_applicable_gives_no_score_and_no_level() -> None:
    answers = dict.fromkeys(BASE, NA)
    published = score(GRID, answers).as_json()
    assert by_dimension(answers) == {"STR": None, "DATA": None, "SKILL": None}
    assert published["score"] is None
    assert published["level"] is None
    assert published["interval"] is None
    assert published["complete"] is False
    assert explain(score(GRID, answers)).as_json() == {
        "total": None,
        "total_exact": None,
        "questions": [],
        "robustness": None,
    }


def test_s8_a_missing_answer_gives_an_interval_and_no_level() -> None:
    published = score(GRID, base(Q2=None)).as_json()
    strategy = published["dimensions"][0]
    assert strategy["interval"] == [50.0, 75.0]
    assert strategy["coverage"] == 0.75
    assert strategy["score"] is None
    assert published["interval"] == [59.6, 72.1]
    assert published["status"] == "provisional"
    assert published["level"] is None
    assert published["score"] is None


def test_s9_dont_know_counts_for_nothing_and_says_so() -> None:
    published = score(GRID, base(Q2=DK)).as_json()
    assert published["dimensions"][0]["score"] == 50.0
    assert published["dimensions"][0]["known_share"] == 0.75
    assert published["score"] == 59.6
    assert published["status"] == "final"
    assert published["dont_know"] == ["Q2"]


def test_the_known_share_is_of_what_was_answered_whatever_is_left_out() -> None:
    assert score(GRID, base(Q1=None)).as_json()["dimensions"][0]["known_share"] == 1.0
    assert score(GRID, base(Q1=None, Q2=DK)).as_json()["dimensions"][0]["known_share"] == 0.0
    assert score(GRID, base(Q1=None, Q2=None)).as_json()["dimensions"][0]["known_share"] is None


def test_s10_nothing_answered_is_open_from_0_to_100() -> None:
    result = score(GRID, {})
    published = result.as_json()
    assert [one["interval"] for one in published["dimensions"]] == [[0.0, 100.0]] * 3
    assert published["coverage"] == 0
    assert published["level"] is None
    assert "Q4" in {item.code for item in result.dimensions[1].items}
    assert missing(GRID, {}) == ["Q1", "Q2", "Q3", "Q5", "Q6"]


@pytest.mark.parametrize(
    ("answers", "expected", "level"),
    [
        (
            {
                "Q1": given("o0"),
                "Q2": given("o0"),
                "Q3": given(["none"]),
                "Q5": NO,
                "Q6": given("o0"),
            },
            0.0,
            "basic",
        ),
        (
            {
                "Q1": given("o3"),
                "Q2": given("o3"),
                "Q3": given(["a", "b", "c", "d"]),
                "Q4": given(rows(5, 5, 5, 5, 5)),
                "Q5": YES,
                "Q6": given("o2"),
            },
            100.0,
            "advanced",
        ),
    ],
)
def test_s11_the_worst_and_the_best_answers_reach_both_ends(
    answers: dict[str, Answer], expected: float, level: str
) -> None:
    published = score(GRID, answers).as_json()
    assert published["score"] == expected
    assert published["level"] == level


def test_s13_29_hundredths_are_29_and_not_28() -> None:
    grid = grid_of({"code": "A", "type": "single", "options": options(0, 29, 100)})
    assert score(grid, {"A": given("o1")}).as_json()["score"] == 29.0
    assert int(0.29 * 100) == 28  # what truncation would have published


def test_s14_97_quarters_round_half_up() -> None:
    assert publish(Fraction(97, 4)) == Decimal("24.3")
    assert round(97 / 4, 1) == 24.2
    assert publish(Fraction(-97, 4)) == Decimal("-24.3")


def test_s16_a_question_of_weight_zero_never_counts() -> None:
    grid = grid_of(
        {"code": "A", "type": "boolean"},
        {"code": "B", "type": "boolean", "weight": 0},
    )
    result = score(grid, {"A": YES, "B": NO})
    assert result.as_json()["score"] == 100.0
    assert [one.code for one in explain(result).shares] == ["A"]


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), True, "3"])
def test_s16_a_weight_that_is_no_weight_is_refused(weight: object) -> None:
    content = raw()
    content["questions"][0]["weight"] = weight
    with pytest.raises(ValueError, match="weight"):
        GridContent.model_validate(content)


def test_s17_a_zero_is_not_dropped_and_a_not_applicable_is() -> None:
    question = {"type": "single", "options": options(0, 3), "allow_na": True}
    grid = grid_of(question | {"code": "A"}, question | {"code": "B"})
    assert score(grid, {"A": given("o0"), "B": given("o1")}).as_json()["score"] == 50.0
    assert score(grid, {"A": NA, "B": given("o1")}).as_json()["score"] == 100.0


def test_s19_a_mean_is_not_truncated_on_the_way() -> None:
    question = {"type": "scale", "maximum": 4}
    grid = grid_of(*(question | {"code": code} for code in "ABC"))
    answers = {"A": given(4), "B": given(4), "C": given(3)}
    assert score(grid, answers).as_json()["score"] == 91.7


def test_s20_order_and_common_factors_change_nothing() -> None:
    expected = score(GRID, BASE).result_hash()
    inputs = score(GRID, BASE).input_hash
    chance = random.Random(20)  # noqa: S311  # a fixed shuffle, no secret
    for _ in range(1000):
        questions = chance.sample(RAW["questions"], len(RAW["questions"]))
        dimensions = chance.sample(RAW["dimensions"], len(RAW["dimensions"]))
        shuffled = GridContent.model_validate(raw(questions=questions, dimensions=dimensions))
        answers = dict(chance.sample(list(BASE.items()), len(BASE)))
        answers["Q3"] = given(chance.sample(["a", "b", "c"], 3))
        result = score(prepare(shuffled), answers)
        assert result.result_hash() == expected
        assert result.input_hash == inputs


def test_s20_weights_times_seven_give_the_same_result() -> None:
    content = raw()
    for one in content["questions"] + content["dimensions"]:
        one["weight"] *= 7
    heavier = GridContent.model_validate(content)
    assert score(prepare(heavier), BASE).result_hash() == score(GRID, BASE).result_hash()
    assert content_hash(heavier) != content_hash(CONTENT)


def test_s22_one_full_dimension_in_six_is_16_7_and_basic() -> None:
    content = raw(
        dimensions=[{"code": f"D{n}", "title": {"fr": "D"}} for n in range(6)],
        questions=[
            {"code": f"Q{n}", "dimension": f"D{n}", "type": "boolean", "label": {"fr": "?"}}
            for n in range(5)
        ]
        + [RAW["questions"][3] | {"code": "Q9", "dimension": "D5", "enable_when": None}],
    )
    answers = {f"Q{n}": NO for n in range(5)} | {"Q9": given(rows(5, 5, 5, 5, 5))}
    published = score(prepare(GridContent.model_validate(content)), answers).as_json()
    assert published["dimensions"][5]["score"] == 100.0
    assert published["score"] == 16.7
    assert published["level"] == "basic"
