"""Recommendations by re-running the score: gains, order, what-if (R1, R3, R4, R6)."""

import random
from fractions import Fraction
from typing import Any

import pytest

from diagnostic.assessments.answers import Answers
from diagnostic.roadmaps.catalogue import check_catalogue, covered
from diagnostic.roadmaps.priority import Quadrant, Recommendation, prioritise, what_if
from tests.diagnostic.mini_ia import BASE, CONTENT, DK, GRID, NA, base, given, rows


def recommendation(code: str, uplift: dict[str, Any], **fields: Any) -> Recommendation:
    """Make a recommendation that its own questions call for."""
    label = {"fr": code, "en": code}
    return Recommendation.model_validate(
        {
            "code": code,
            "title": label,
            "why": label,
            "how": [label],
            "triggers": [{"question": one, "below": 1} for one in uplift],
            "question_uplift": uplift,
            "impact": 3,
            "effort": "S",
            "horizon_months": 3,
        }
        | fields
    )


A1 = recommendation("A1", {"Q1": "o3"}, effort="S")
A2 = recommendation("A2", {"Q6": "o2"}, effort="XS")
A3 = recommendation("A3", {"Q4": rows(5, 5, 5, 5, 5)}, effort="M")
A4 = recommendation("A4", {"Q3": ["a", "b", "c", "d"]}, effort="S")
ALL = [A1, A2, A3, A4]


def order(answers: Answers, *recommendations: Recommendation) -> list[str]:
    return [one.recommendation.code for one in prioritise(GRID, answers, recommendations)]


def test_r1_gains_priorities_and_order() -> None:
    ranked = prioritise(GRID, BASE, [A3, A4, A2, A1])
    assert [one.recommendation.code for one in ranked] == ["A1", "A2", "A4", "A3"]
    assert [one.position for one in ranked] == [1, 2, 3, 4]
    shown = [(one.as_json()["gain"], one.as_json()["priority"]) for one in ranked]
    assert shown == [(12.5, 6.25), (6.25, 6.25), (4.17, 2.08), (5.0, 1.67)]
    assert ranked[2].gain == Fraction(25, 6)


def test_r3_all_four_reach_100() -> None:
    assert what_if(GRID, BASE, ALL).as_json()["score"] == 100.0


def test_r4_two_actions_on_one_question_do_not_add_up() -> None:
    twin = recommendation("B1", {"Q1": "o3"})
    before, after = what_if(GRID, BASE, []).value, what_if(GRID, BASE, [A1, twin]).value
    assert before is not None
    assert after is not None
    assert after - before == Fraction(25, 2)


def test_r6_the_list_does_not_depend_on_the_order_of_insertion() -> None:
    same = [recommendation(f"T{n}", {"Q1": "o3"}) for n in range(9)]
    chance = random.Random(6)  # noqa: S311  # a fixed shuffle, no secret
    for _ in range(50):
        shuffled = chance.sample(same, len(same))
        answers = dict(chance.sample(list(BASE.items()), len(BASE)))
        assert order(answers, *shuffled) == [f"T{n}" for n in range(9)]


def test_ties_go_to_the_larger_gain_then_the_larger_impact_then_the_code() -> None:
    loud = recommendation("Z9", {"Q1": "o3"}, impact=5)
    assert order(BASE, recommendation("B1", {"Q1": "o3"}), A1, A2, loud) == ["Z9", "A1", "B1", "A2"]


def test_a_prerequisite_comes_first_however_small() -> None:
    late = recommendation("A1", {"Q1": "o3"}, prerequisites=["A3"])
    assert order(BASE, late, A2, A3, A4) == ["A2", "A4", "A3", "A1"]


def test_a_prerequisite_nobody_needs_is_taken_as_met() -> None:
    late = recommendation("A1", {"Q1": "o3"}, prerequisites=["A2"])
    assert order(base(Q6=given("o2")), late, A2) == ["A1"]


def test_only_what_the_answers_call_for_is_proposed() -> None:
    assert order(base(Q1=given("o3")), A1, A2) == ["A2"]
    assert order(base(Q1=NA), A1) == []
    assert order(base(Q3=given(["none"])), A3) == []
    assert order(base(Q1=None), A1) == []


def test_dont_know_calls_for_the_recommendation() -> None:
    ask = recommendation("A5", {"Q2": "o3"}, triggers=[{"question": "Q2"}])
    assert order(BASE, ask) == []
    assert order(base(Q2=DK), ask) == ["A5"]
    mute = recommendation("A6", {"Q2": "o3"}, triggers=[{"question": "Q2", "dont_know": False}])
    assert order(base(Q2=DK), mute) == []


def test_an_option_may_call_for_a_recommendation() -> None:
    chosen = recommendation("A7", {"Q3": ["d"]}, triggers=[{"question": "Q3", "options": ["a"]}])
    assert order(BASE, chosen) == ["A7"]
    assert order(base(Q3=given(["b"])), chosen) == []
    ranked = prioritise(GRID, BASE, [chosen])
    assert ranked[0].because == ("Q3",)


def test_an_uplift_never_lowers_an_answer() -> None:
    down = recommendation("D1", {"Q2": "o0", "Q4": rows(1, 1, 1, 1, 1), "Q5": False})
    after = what_if(GRID, BASE, [down]).value
    assert after is not None
    assert after > Fraction(865, 12)  # rows at zero rise to one, nothing falls
    assert what_if(GRID, BASE, [recommendation("D2", {"Q2": "o0"})]).value == Fraction(865, 12)


def test_an_uplift_adds_to_a_multiple_choice_and_drops_none_of_these() -> None:
    add = recommendation("M1", {"Q3": ["d"]})
    assert what_if(GRID, BASE, [add]).as_json()["dimensions"][1]["score"] == 80.0
    from_none = what_if(GRID, base(Q3=given(["none"])), [add])
    assert from_none.as_json()["status"] == "final"


def test_a_question_that_appears_unanswered_counts_for_nothing_yet() -> None:
    answers = base(Q3=given(["none"]), Q4=None)
    add = recommendation("M2", {"Q3": ["a", "b", "c", "d"]})
    ranked = prioritise(GRID, answers, [add])
    assert ranked[0].gain == Fraction(100, 4) * Fraction(2, 3)


def test_a_not_applicable_question_stays_so() -> None:
    answers = base(Q6=NA)
    assert what_if(GRID, answers, [A2]).result_hash() == what_if(GRID, answers, []).result_hash()


@pytest.mark.parametrize(
    ("impact", "effort", "expected"),
    [
        (4, "S", Quadrant.QUICK_WIN),
        (4, "M", Quadrant.BIG_BET),
        (3, "XS", Quadrant.FILL_IN),
        (3, "L", Quadrant.AVOID),
    ],
)
def test_quadrants(impact: int, effort: str, expected: Quadrant) -> None:
    one = recommendation("A1", {"Q1": "o3"}, impact=impact, effort=effort)
    assert prioritise(GRID, BASE, [one])[0].quadrant is expected


def test_the_catalogue_is_checked_against_its_grid() -> None:
    wrong = [
        recommendation("A1", {"Q1": "o9"}, prerequisites=["GHOST"]),
        recommendation("A1", {"NOPE": 1}),
        recommendation(
            "A2",
            {"Q4": {"r9": 5}},
            triggers=[{"question": "Q3", "options": ["z"]}],
            funding_refs=["GHOST"],
        ),
    ]
    found = {(one.pointer, one.code) for one in check_catalogue(CONTENT, wrong, funding=[])}
    assert found == {
        ("", "code_duplicate"),
        ("/0/prerequisites", "reference_unknown"),
        ("/0/question_uplift/Q1", "option_unknown"),
        ("/1/triggers/0/question", "reference_unknown"),
        ("/1/question_uplift/NOPE", "reference_unknown"),
        ("/2/question_uplift/Q4/r9", "row_unknown"),
        ("/2/triggers/0/options", "reference_unknown"),
        ("/2/funding_refs", "reference_unknown"),
    }


def test_recommendations_that_wait_for_one_another_are_refused() -> None:
    loop = [
        recommendation("A1", {"Q1": "o3"}, prerequisites=["A2"]),
        recommendation("A2", {"Q6": "o2"}, prerequisites=["A1"]),
    ]
    assert [one.code for one in check_catalogue(CONTENT, loop)] == ["prerequisite_cycle"]


def test_a_good_catalogue_says_which_questions_it_covers() -> None:
    assert check_catalogue(CONTENT, ALL) == []
    assert covered(ALL) == {"Q1", "Q3", "Q4", "Q6"}
