"""The proposal from several answers: the weighted median by its properties, each type by table."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.ratios import points_of
from diagnostic.consolidations.proposal import Voice, disagree, propose, weighted_median
from diagnostic.consolidations.split import split
from diagnostic.questionnaires.grid import Question

STEPS = st.fractions(min_value=0, max_value=1, max_denominator=12)
WEIGHTED = st.lists(st.tuples(STEPS, st.integers(1, 10)), min_size=1, max_size=12)


@given(WEIGHTED, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(weighted: list[Any], chance: Any) -> None:
    shuffled = list(weighted)
    chance.shuffle(shuffled)
    assert weighted_median(shuffled) == weighted_median(weighted)


@given(WEIGHTED)
def test_the_median_is_one_of_the_answers_with_half_of_the_weight_on_either_side(
    weighted: list[Any],
) -> None:
    middle = weighted_median(weighted)
    total = sum(weight for _, weight in weighted)
    below = sum(weight for step, weight in weighted if step < middle)
    above = sum(weight for step, weight in weighted if step > middle)
    assert middle in {step for step, _ in weighted}
    assert 2 * below < total
    assert 2 * above <= total


@given(STEPS, st.lists(st.integers(1, 10), min_size=1, max_size=12))
def test_what_all_say_is_what_is_proposed(step: Fraction, weights: list[int]) -> None:
    assert weighted_median((step, weight) for weight in weights) == step


@given(WEIGHTED, st.integers(2, 9))
def test_a_weight_counts_like_so_many_people_and_only_its_proportion_matters(
    weighted: list[Any], factor: int
) -> None:
    repeated = [(step, 1) for step, weight in weighted for _ in range(weight)]
    heavier = [(step, weight * factor) for step, weight in weighted]
    assert weighted_median(repeated) == weighted_median(weighted) == weighted_median(heavier)


@given(WEIGHTED, STEPS)
def test_one_answer_raised_never_lowers_the_median(weighted: list[Any], step: Fraction) -> None:
    (first, weight), *rest = weighted
    raised = [(max(first, step), weight), *rest]
    assert weighted_median(raised) >= weighted_median(weighted)


def question(kind: str, **fields: Any) -> Question:
    body = {"code": "Q", "dimension": "D", "label": {"fr": "Q"}, "type": kind, **fields}
    found: Question = TypeAdapter(Question).validate_python(body)
    return found


def options(**points: float) -> list[dict[str, Any]]:
    return [
        {"code": code, "label": {"fr": code}, "points": float(worth), "exclusive": code == "none"}
        for code, worth in points.items()
    ]


SINGLE = question("single", options=options(a=0, b=1, c=2, d=3))
EQUALS = question("single", options=options(a=0, b=1, c=1, d=2))
UNORDERED = question("single", options=options(x=0, y=0, z=0))
MULTIPLE = question("multiple", options=options(a=1, b=1, c=1, none=0))
BOOLEAN = question("boolean")
SCALE = question("scale", maximum=5)
TWO_STEPS = question("scale", maximum=1)
MATRIX = question(
    "matrix",
    rows=[{"code": code, "label": {"fr": code}} for code in ("r1", "r2")],
    allow_row_na=True,
)
NUMBER = question(
    "number",
    bands=[
        {"start": start, "points": points}
        for start, points in ((None, 0.0), (10.0, 1.0), (50.0, 2.0))
    ],
)
PLAIN_NUMBER = question("number")
TEXT = question("text")
DATE = question("date")


def voices(*values: Any) -> list[Voice]:
    """Make voices of values, of (value, weight) and of states."""
    found = []
    for one in values:
        value, weight = one if isinstance(one, tuple) else (one, 1)
        answer = Answer(value) if isinstance(value, State) else Answer(State.ANSWERED, value)
        found.append(Voice(answer, weight))
    return found


ASIDE, UNSURE = State.NOT_APPLICABLE, State.DONT_KNOW
YES, NO = True, False
NEITHER = {"r1": None, "r2": None}


@pytest.mark.parametrize(
    ("asked", "said", "proposed", "apart"),
    [
        (SINGLE, voices("a"), "a", False),
        (SINGLE, voices("a", "b"), "a", False),  # a tie of halves: the lower
        (SINGLE, voices("b", "a"), "a", False),
        (SINGLE, voices("a", "c"), "a", True),
        (SINGLE, voices("a", "c", "d"), "c", True),
        (SINGLE, voices(("a", 3), "c", "d"), "a", True),
        (SINGLE, voices("d", UNSURE, UNSURE), "d", False),
        (EQUALS, voices("a", "c", "b", "c", "d"), "c", True),  # the heaviest of the equals
        (EQUALS, voices("c", "b"), "b", False),  # then the first of the grid
        (EQUALS, voices("b", "d"), "b", False),  # one step apart, whatever lies between
        (UNORDERED, voices("z", "x", "z"), "z", True),
        (UNORDERED, voices("z", "x"), None, True),
        (UNORDERED, voices("y", "y"), "y", False),
        (MULTIPLE, voices(["a"], ["a", "b"], ["b", "a"]), ["a", "b"], False),
        (MULTIPLE, voices(["a"], ["b"]), None, True),
        (MULTIPLE, voices(["none"], ["none"], ["a"]), ["none"], True),
        (MULTIPLE, voices((["c"], 3), ["a", "b"]), ["c"], True),
        (BOOLEAN, voices(YES, NO), False, True),
        (BOOLEAN, voices(YES, YES, NO), True, True),
        (BOOLEAN, voices(YES, YES), True, False),
        (SCALE, voices(1, 2, 4), 2, True),
        (SCALE, voices(2, 3), 2, False),
        (TWO_STEPS, voices(0, 1), 0, True),
        (
            MATRIX,
            voices({"r1": 5, "r2": None}, {"r1": 4, "r2": None}, {"r1": 4, "r2": 2}),
            {"r1": 4, "r2": None},
            False,
        ),
        (MATRIX, voices({"r1": 0, "r2": None}, {"r1": 2, "r2": 3}), {"r1": 0, "r2": 3}, True),
        (
            MATRIX,
            voices({"r1": 1, "r2": None}, {"r1": None, "r2": 1}, {"r1": None, "r2": None}),
            None,
            False,
        ),
        (NUMBER, voices(9, 10, 49.5), 10, False),
        (NUMBER, voices(9, 50), 9, True),
        (PLAIN_NUMBER, voices(42, 42), 42, False),
        (PLAIN_NUMBER, voices(42, 43), 42, True),
        (DATE, voices("2026-01-01", "2026-01-01", "2026-01-02"), "2026-01-01", True),
        (DATE, voices("2026-01-01", "2026-01-02"), None, True),
        (TEXT, voices("Oui.", "Oui."), None, False),
        (TEXT, voices("Oui.", "Non."), None, False),
    ],
)
def test_a_value_is_proposed_by_type(
    asked: Question, said: list[Voice], proposed: Any, *, apart: bool
) -> None:
    found = propose(asked, points_of(asked), said)
    assert (found and found.value) == proposed
    assert type(found and found.value) is type(proposed)
    assert disagree(asked, points_of(asked), said) is apart


@pytest.mark.parametrize(
    ("said", "state", "apart"),
    [
        ([], None, False),
        (voices(UNSURE, UNSURE), UNSURE, False),
        (voices(ASIDE, UNSURE), ASIDE, False),
        (voices(ASIDE, "a"), State.ANSWERED, True),
        (voices(ASIDE, ASIDE, "a"), ASIDE, True),
        (voices((ASIDE, 2), "a", "b"), State.ANSWERED, True),
    ],
)
def test_not_applicable_wins_by_more_than_half_and_dont_know_abstains(
    said: list[Voice], state: State | None, *, apart: bool
) -> None:
    found = propose(SINGLE, points_of(SINGLE), said)
    assert (found and found.state) == state
    assert disagree(SINGLE, points_of(SINGLE), said) is apart


def lines(asked: Question, *values: Any) -> Any:
    found = split(asked, voices(*values))
    return found and [(one.row, one.choice, one.count) for one in found]


def test_the_split_shows_from_three_answers_on() -> None:
    assert lines(SINGLE, "a", "b") is None
    assert lines(SINGLE, "a", ("c", 9), "a") == [(None, "a", 2), (None, "c", 1)]
    assert lines(BOOLEAN, YES, UNSURE, ASIDE) == [
        (None, "dont_know", 1),
        (None, "not_applicable", 1),
        (None, "true", 1),
    ]
    assert lines(MULTIPLE, ["a", "b"], ["a"], ["none"]) == [
        (None, "a", 2),
        (None, "b", 1),
        (None, "none", 1),
    ]
    assert lines(MATRIX, *[{"r1": 3, "r2": None}] * 3) == [
        ("r1", "3", 3),
        ("r2", "not_applicable", 3),
    ]
    assert lines(NUMBER, 9, 10, 11) == [(None, "0", 1), (None, "1", 2)]
    assert lines(TEXT, "x", "y", "z") is None
