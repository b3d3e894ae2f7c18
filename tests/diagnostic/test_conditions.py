"""Conditions: what they may say, what they see, and that they fail closed (C1, C2, C3, C6)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from diagnostic.assessments.scoring import score
from diagnostic.assessments.visibility import Visibility, effective, prepare, visibility
from diagnostic.questionnaires.conditions import (
    MAX_SOURCE,
    MAX_STEPS,
    ConditionRefused,
    compile_condition,
)
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.lint import review
from tests.diagnostic.mini_ia import DK, NA, NO, YES, given, grid_of, raw

CHAIN = grid_of(
    {"code": "A", "type": "boolean", "allow_na": True, "allow_dk": True},
    {"code": "B", "type": "boolean", "enable_when": "answers.A"},
    {"code": "C", "type": "boolean", "enable_when": "has(answers.B) && answers.B"},
)


FEW = 50_000
"""Calls of functions: some hundredths of a second, where nothing else is at work."""


@contextmanager
def few_calls() -> Iterator[None]:
    """Bound the work of a block; to run under the count makes it longer, so no clock is asked."""
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert calls < FEW


def conditional(**conditions: str) -> dict[str, Any]:
    """Make a grid of booleans X, Y, Z with these conditions."""
    label = {"fr": "?", "en": "?"}
    return raw(
        dimensions=[{"code": "D", "title": label}],
        questions=[
            {"code": code, "dimension": "D", "type": "boolean", "label": label}
            | ({"enable_when": conditions[code]} if code in conditions else {})
            for code in ("X", "Y", "Z")
        ],
    )


def errors(content: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in review(content)[1] if one.severity == "error"]


def test_c1_a_no_at_the_head_hides_the_whole_chain_and_a_yes_restores_it() -> None:
    full = {"A": YES, "B": YES, "C": YES}
    closed = full | {"A": NO}
    assert visibility(CHAIN, closed) == {
        "A": Visibility.VISIBLE,
        "B": Visibility.HIDDEN,
        "C": Visibility.HIDDEN,
    }
    assert set(effective(CHAIN, closed)) == {"A"}
    assert score(CHAIN, closed).as_json()["score"] == 0.0
    assert set(visibility(CHAIN, full).values()) == {Visibility.VISIBLE}
    assert score(CHAIN, full | {"C": NO}).as_json()["score"] == 66.7


@pytest.mark.parametrize("silence", [NA, DK])
def test_an_answer_that_says_nothing_hides_what_depends_on_it(silence: Any) -> None:
    assert visibility(CHAIN, {"A": silence, "B": YES})["B"] is Visibility.HIDDEN


def test_what_hangs_on_an_unanswered_question_is_open_through_the_chain() -> None:
    assert visibility(CHAIN, {"C": YES}) == {
        "A": Visibility.VISIBLE,
        "B": Visibility.OPEN,
        "C": Visibility.OPEN,
    }


def test_a_forward_reference_without_cycle_works() -> None:
    content = conditional(X="answers.Z")
    assert errors(content) == []
    grid = prepare(GridContent.model_validate(content))
    assert visibility(grid, {"Z": NO})["X"] is Visibility.HIDDEN


def test_c2_a_cycle_is_refused_and_names_everyone_in_it() -> None:
    content, findings = review(conditional(X="answers.Y", Y="answers.X"))
    assert content is not None
    cycles = [one for one in findings if one.severity == "error"]
    assert [one.code for one in cycles] == ["condition_cycle"]
    assert "X, Y" in cycles[0].en
    assert errors(conditional(X="answers.X")) == [("/questions/0/enable_when", "condition_cycle")]


def test_c3_an_unknown_question_is_refused() -> None:
    assert errors(conditional(X="answers.NOPE")) == [
        ("/questions/0/enable_when", "reference_unknown")
    ]


def test_c3_a_label_is_not_a_code() -> None:
    content = raw()
    content["questions"][3]["enable_when"] = "answers.Q1 == 'Deux'"
    assert errors(content) == [("/questions/3/enable_when", "literal_unknown")]
    content["questions"][3]["enable_when"] = "answers.Q1 == 'o2'"
    assert errors(content) == []


def test_a_condition_on_an_optional_question_is_refused() -> None:
    content = conditional(X="answers.Y")
    content["questions"][1] |= {"required": False, "weight": 0}
    assert errors(content) == [("/questions/0/enable_when", "reference_optional")]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("answers.A " + "|| answers.A " * 1000, "condition_too_long"),
        ("(" * 30 + "answers.A" + ")" * 30, "condition_too_deep"),
        (
            "answers.A.all(x, answers.A.all(y, answers.A.all(z, x == y)))",
            "condition_nested_macro",
        ),
        ("answers.A.exists(x, size(answers.A.filter(y, y == x)) > 0)", "condition_function"),
        ("answers.A.matches('a+')", "condition_function"),
        ("answers.A.map(x, x)", "condition_function"),
        ("answers['A'] == 'o0'", "condition_dynamic"),
        ("answers == {}", "condition_syntax"),
        ("answers", "condition_dynamic"),
        ("other.A", "condition_variable"),
        ("true", "condition_constant"),
        ("answers.A ==", "condition_syntax"),
        ("answers.A; drop", "condition_syntax"),
        ("answers.A == 'o0", "condition_syntax"),
        ('answers.A == "\\u0041"', "condition_syntax"),
        (")answers.A + (", "condition_syntax"),
        ("(answers.A + answers.A).all(x, x == 'a')", "condition_macro_receiver"),
        ("['a', 'b'].exists(x, x in answers.A)", "condition_macro_receiver"),
        ("answers.A.r1.exists(x, x == 'a')", "condition_macro_receiver"),
        ("answers.A.exists(answers, answers == 'a')", "condition_dynamic"),
        (f"answers.A.all(x, x in ({' + '.join(['answers.A'] * 35)}))", "condition_too_costly"),
    ],
)
def test_c6_what_is_too_much_is_refused_at_once(source: str, code: str) -> None:
    with few_calls(), pytest.raises(ConditionRefused) as refused:
        compile_condition(source)
    assert refused.value.code == code
    assert refused.value.fr


def test_c6_ten_thousand_characters_are_refused_at_once() -> None:
    for source in ("!" * 10_000, "(" * 10_000, "answers.A" * 1_200):
        assert len(source) > MAX_SOURCE
        with few_calls(), pytest.raises(ConditionRefused):
            compile_condition(source)


@pytest.mark.parametrize(
    "source",
    ["answers.A > 3", "answers.A == 'o0'", "size(answers.A) > 1", "answers.A", "!answers.A"],
)
@pytest.mark.parametrize("value", [None, [], {}, "x", 10**30])
def test_a_missing_or_strange_answer_is_a_no_and_never_an_error(source: str, value: Any) -> None:
    condition = compile_condition(source)
    assert condition.holds({}) is False
    assert condition.holds({"A": value}) is False or value == 10**30


def test_a_condition_must_be_true_and_not_merely_truthy() -> None:
    assert compile_condition("answers.A").holds({"A": 1}) is False
    assert compile_condition("answers.A").holds({"A": True}) is True


def test_allowed_forms_work() -> None:
    values = {"A": "o2", "B": ["a", "b"], "C": 3, "D": {"r1": 5}}
    for source in (
        "answers.A == 'o2' && answers.C >= 3",
        "'b' in answers.B",
        "answers.B.exists(one, one == 'a')",
        "!has(answers.Z) || answers.C < 1",
        "answers.D.r1 > 4",
        "(answers.C + 1) * 2 == 8 ? true : false",
        "answers.A in ['o2', 'o3']",
    ):
        assert compile_condition(source).holds(values) is True, source


def test_a_condition_knows_what_it_reads() -> None:
    condition = compile_condition(
        "has(answers.Q3) && !('none' in answers.Q3) && answers.Q1 == 'o2'"
    )
    assert condition.questions == {"Q1", "Q3"}
    assert condition.literals == {"none", "o2"}


def test_open_questions_widen_the_interval_even_when_already_answered() -> None:
    answers = {"B": YES, "C": YES}
    assert score(CHAIN, answers).as_json()["interval"] == [0.0, 100.0]
    assert given(value=True) == YES


FULL = [f"o{index}" for index in range(60)]
WIDE: dict[str, Any] = {"A": FULL, "B": FULL, "D": {f"r{index}": 10 for index in range(40)}}
"""The widest answers that the model of grids allows."""

LEAVES = st.sampled_from(
    ["answers.A", "answers.B", "answers.D", "answers.D.r1", "'o59'", "'zz'", "7", "x", "true"]
)
TERMS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "==", "!=", "in"]), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||", "<"]), inner),
        st.builds("!{}".format, inner),
        st.builds("size({})".format, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=40,
)
MACROS = st.builds(
    "answers.{}.{}(x, {})".format,
    st.sampled_from(["A", "B", "D"]),
    st.sampled_from(["all", "exists", "exists_one"]),
    TERMS,
)


@drawn(st.lists(st.one_of(MACROS, TERMS), min_size=1, max_size=6))
@settings(max_examples=100)
def test_c6_no_accepted_condition_takes_more_than_its_steps(parts: list[str]) -> None:
    source = " || ".join(f"({one} == 'never')" for one in parts)
    with few_calls(), suppress(ConditionRefused):
        condition = compile_condition(source)
        assert condition.steps <= MAX_STEPS
        condition.holds(WIDE)


def test_the_steps_of_a_macro_are_those_of_its_body_for_every_item() -> None:
    plain = compile_condition("answers.A == 'a'")
    looped = compile_condition("answers.A.exists(x, x == 'a')")
    scanned = compile_condition("answers.A.exists(x, x in answers.B)")
    assert plain.steps == 60 + 4
    assert looped.steps == 60 + 5 + 60 * 6
    assert scanned.steps > 60 * 60


def test_a_condition_of_the_greatest_length_over_the_widest_answers_stays_short() -> None:
    for source in (
        " && ".join(["answers.A.all(x, x != 'z')"] * 16),
        "answers.A.all(x, x in answers.B && x in answers.B && x in answers.B)",
        " + ".join(["answers.A"] * 38) + " == answers.A",
        "!" * 480 + "answers.A",
        "answers.D" + ".r1" * 150,
    ):
        with few_calls():
            compile_condition(source).holds(WIDE)
