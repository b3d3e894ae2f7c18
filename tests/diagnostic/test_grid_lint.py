"""What the lint says of conditions, options, dimensions and texts (BEYOND 39)."""

from itertools import chain, permutations
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from diagnostic.questionnaires.conditions import compile_condition
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.lint import review
from diagnostic.questionnaires.trials import BUDGET, tried
from tests.diagnostic.mini_ia import options, raw

LABEL = {"fr": "?", "en": "?"}

A: dict[str, Any] = {"code": "A", "type": "single", "options": options(0, 1, 2)}
B: dict[str, Any] = {"code": "B", "type": "boolean"}
M: dict[str, Any] = {"code": "M", "type": "multiple", "options": options(1, 2, 3)}
N: dict[str, Any] = {
    "code": "N",
    "type": "number",
    "minimum": 0,
    "maximum": 10,
    "bands": [{"start": 0, "points": 0}, {"start": 5, "points": 1}],
}
X: dict[str, Any] = {
    "code": "X",
    "type": "matrix",
    "rows": [{"code": "r1", "label": LABEL}, {"code": "r2", "label": LABEL}],
}


def content(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Make a grid of one dimension D with these questions."""
    return raw(
        dimensions=[{"code": "D", "title": LABEL}],
        questions=[{"dimension": "D", "label": LABEL} | one for one in questions],
        **changes,
    )


def shown_if(condition: str, code: str = "LAST") -> dict[str, Any]:
    return {"code": code, "type": "boolean", "enable_when": condition}


def said(*questions: dict[str, Any], **changes: Any) -> set[tuple[str, str, str]]:
    """Collect pointer, code and severity of what matters here."""
    quiet = {"level_uninterpreted", "label_duplicate"}
    found = review(content(*questions, **changes))[1]
    return {(one.pointer, one.code, one.severity) for one in found if one.code not in quiet}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("answers.A == 'o1'", None),
        ("answers.B && !answers.B", "option_unreachable"),
        ("answers.A == 'o1' && answers.A == 'o2'", "option_unreachable"),
        ("answers.A > 3", "option_unreachable"),
        ("answers.N > 10", "option_unreachable"),
        ("answers.N > 9.5", None),
        ("answers.N < 5 && answers.N > 4.5", None),
        ("answers.X.r1 > 5", "option_unreachable"),
        ("answers.X.r1 > 4", None),
        ("size(answers.M) > 3", "option_unreachable"),
        ("size(answers.M) == 3", None),
        ("'o0' in answers.M && !('o0' in answers.M)", "option_unreachable"),
        ("answers.M == ['o1', 'o0']", None),
        ("answers.M[1] == 'o0'", None),
        ("answers.N == answers.X.r1", None),
        ("answers.N + 1 == 11", None),
        ("answers.N in [0.5, 1.5]", None),
        ("answers.M.exists(one, one == answers.A)", None),
        ("answers.A == 'o1' || answers.A != 'o1'", "condition_always"),
        ("answers.N >= 0", "condition_always"),
        ("size(answers.M) > 0", "condition_always"),
    ],
)
def test_a_condition_that_never_or_always_holds_is_named(
    condition: str, expected: str | None
) -> None:
    found = said(A, B, M, N, X, shown_if(condition))
    at = "/questions/5/enable_when"
    assert found == ({(at, expected, "warning")} if expected else set())


def test_what_hangs_on_an_unreachable_question_is_unreachable_too() -> None:
    found = said(
        A,
        shown_if("answers.A == 'o1' && answers.A == 'o2'", "NEVER"),
        shown_if("has(answers.NEVER) && answers.NEVER"),
    )
    assert {one for one in found if one[1] == "option_unreachable"} == {
        ("/questions/1/enable_when", "option_unreachable", "warning"),
        ("/questions/2/enable_when", "option_unreachable", "warning"),
    }


def test_a_dimension_that_nobody_can_see_is_refused() -> None:
    hidden = shown_if("answers.A == 'o1' && answers.A == 'o2'") | {"dimension": "E"}
    two = content(A, hidden)
    two["dimensions"].append({"code": "E", "title": LABEL})
    codes = {(one.pointer, one.code, one.severity) for one in review(two)[1]}
    assert ("/dimensions/1", "dimension_unreachable", "error") in codes
    assert ("/dimensions/0", "dimension_unreachable", "error") not in codes


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("answers.A == 'o1'", True),
        ("!(answers.A == 'o1')", True),
        ("answers.A == 'o1' || answers.B", True),
        ("has(answers.B) && answers.A == 'o1'", True),
        ("has(answers.A) && answers.A == 'o1'", False),
        ("answers.B", False),
    ],
)
@pytest.mark.parametrize("silence", ["allow_na", "allow_dk"])
def test_a_reference_to_an_answer_that_may_be_missing_is_guarded_or_named(
    *,
    condition: str,
    found: bool,
    silence: str,
) -> None:
    at = "/questions/2/enable_when"
    expected = {(at, "reference_unguarded", "warning")} if found else set()
    assert said(A | {silence: True}, B, shown_if(condition)) == expected


def test_an_answer_that_may_be_hidden_may_be_missing() -> None:
    found = said(A, shown_if("answers.A == 'o1'", "H"), shown_if("answers.H"))
    assert found == {("/questions/2/enable_when", "reference_unguarded", "warning")}


def test_nothing_is_said_of_a_condition_with_too_many_cases() -> None:
    many = {"code": "L", "type": "multiple", "options": options(*range(1, 9))}
    every = " && ".join(f"'o{n}' in answers.L" for n in range(8))
    known = {one.code: one for one in GridContent.model_validate(content(many)).questions}
    assert tried(compile_condition(every), known, (), (), BUDGET) is None
    assert said(many, shown_if(f"{every} && !({every})")) == set()


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("answers.T == 'o1'", "reference_text"),
        ("answers.X.r9 > 1", "row_unknown"),
        ("answers.A.r1 == 'o1'", "row_unknown"),
        ("answers.A == 'r1' && answers.X.r1 > 1", "literal_unknown"),
        ("'Un' == answers.A", "literal_unknown"),
        ("answers.A != 'Un'", "literal_unknown"),
        ("'Un' in answers.M", "literal_unknown"),
        ("answers.A in ['Un']", "literal_unknown"),
        ("answers.A == 'o1' && answers.GONE", "reference_unknown"),
    ],
)
def test_c3_a_condition_compares_codes_of_the_question_that_it_reads(
    condition: str, code: str
) -> None:
    text = {"code": "T", "type": "text"}
    found = said(A, M, X, text, shown_if(condition))
    assert ("/questions/4/enable_when", code, "error") in found


def test_c2_every_circle_is_named_whole() -> None:
    found = review(
        content(
            shown_if("answers.P2", "P1"),
            shown_if("answers.P1", "P2"),
            shown_if("answers.Q1", "Q1"),
            shown_if("answers.Q1", "OUT"),
        )
    )[1]
    cycles = {one.pointer: one.en for one in found if one.code == "condition_cycle"}
    assert cycles.keys() == {"/questions/0/enable_when", "/questions/2/enable_when"}
    assert "P1, P2." in cycles["/questions/0/enable_when"]
    assert "on one another: Q1." in cycles["/questions/2/enable_when"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"bands": [{"start": 0, "points": 0}, {"start": 11, "points": 1}]}, "band_unreachable"),
        (
            {
                "integer": True,
                "bands": [
                    {"start": 0, "points": 0},
                    {"start": 1.2, "points": 2},
                    {"start": 1.8, "points": 1},
                ],
            },
            "band_unreachable",
        ),
        (
            {
                "minimum": 5,
                "bands": [
                    {"start": None, "points": 2},
                    {"start": 3, "points": 0},
                    {"start": 6, "points": 1},
                ],
            },
            "band_unreachable",
        ),
    ],
)
def test_a_band_that_no_value_reaches_is_refused_and_its_dimension_stays_below_100(
    fields: dict[str, Any], expected: str
) -> None:
    found = said(N | fields)
    assert expected in {code for _, code, _ in found}
    assert ("/dimensions/0", "dimension_below_100", "warning") in found


def test_a_band_worth_as_much_as_the_one_before_changes_nothing() -> None:
    bands = [{"start": 0, "points": 0}, {"start": 2, "points": 1}, {"start": 5, "points": 1}]
    assert said(N | {"bands": bands}) == {("/questions/0/bands/2", "band_dominated", "warning")}


def test_an_exclusive_option_worth_the_maximum_makes_the_others_useless() -> None:
    choice = {"code": "z", "label": LABEL, "points": 2, "exclusive": True}
    found = said(
        {"code": "M", "type": "multiple", "options": [*options(1, 1), choice], "max_points": 2}
    )
    assert found == {
        ("/questions/0/options/0", "option_dominated", "warning"),
        ("/questions/0/options/1", "option_dominated", "warning"),
    }


def test_a_multiple_question_that_cannot_be_full_keeps_its_dimension_below_100() -> None:
    found = said(M | {"max_points": 9})
    assert ("/questions/0/max_points", "full_score_unreachable", "error") in found
    assert ("/dimensions/0", "dimension_below_100", "warning") in found


def test_evidence_weights_rise_and_reach_one() -> None:
    profile = raw()["profile"]
    lower = profile | {"evidence": {"declared": 0.9, "document": 0.5}}
    assert ("/profile/evidence", "evidence_order", "error") in said(A, profile=lower)
    never = profile | {"evidence": {"verified": 0.95}}
    assert ("/dimensions/0", "dimension_below_100", "warning") in said(A, profile=never)
    assert said(A, profile=profile | {"evidence": {}}) == set()


def test_texts_are_not_blank_and_choices_differ() -> None:
    twins = [
        {"code": "x", "label": {"fr": "Oui ", "en": "Yes"}, "points": 0},
        {"code": "y", "label": {"fr": "oui", "en": " "}, "points": 1},
    ]
    found = {
        (one.pointer, one.code, one.severity)
        for one in review(content({"code": "A", "type": "single", "options": twins}))[1]
    }
    assert found >= {
        ("/questions/0/options/0/label", "label_duplicate", "warning"),
        ("/questions/0/options/1/label", "label_duplicate", "warning"),
        ("/questions/0/options/1/label/en", "text_blank", "error"),
    }


def test_one_finding_says_that_no_recommendation_answers_the_grid() -> None:
    found = review(content(A, B), covered=[])[1]
    [one] = [one for one in found if one.code == "no_recommendation"]
    assert (one.pointer, one.severity) == ("/questions", "warning")
    assert "A, B" in one.fr


@pytest.mark.parametrize("kind", ["text", "date", "file"])
def test_what_never_scores_has_no_weight(kind: str) -> None:
    found = said(A, {"code": "F", "type": kind, "weight": 1})
    assert ("/questions/1/weight", "type_unscored", "error") in found
    assert said(A, {"code": "F", "type": kind, "required": False}) == set()


ATOMS = st.sampled_from(
    [
        "answers.A == 'o0'",
        "answers.A != 'o2'",
        "'o0' in answers.M",
        "'o1' in answers.M",
        "size(answers.M) > 1",
        "answers.M.exists_one(one, one != 'o0')",
        "answers.M.all(one, one != 'o2')",
        "answers.M == ['o1', 'o0']",
        "answers.M[1] == 'o0'",
        "answers.A in answers.M",
        "answers.M.exists(one, one == answers.A)",
        "answers.A in ['o0', 'o1']",
        "size(answers.X) == 2",
        "answers.X.all(row, answers.X[row] > 1)",
        "'r1' in answers.X",
        "answers.N > 4",
        "answers.N < 2.5",
        "answers.N == 7",
        "answers.N == answers.X.r1",
        "5 < answers.N",
        "answers.N in [0.5, 1.5]",
        "answers.X.r1 > 3",
        "answers.X.r2 == 0",
        "answers.B",
    ]
)
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=4,
)


DOMAINS: dict[str, list[Any]] = {
    "A": ["o0", "o1", "o2"],
    "B": [True, False],
    "M": [
        list(one)
        for one in chain.from_iterable(permutations(["o0", "o1", "o2"], n) for n in (1, 2, 3))
    ],
    "N": [n / 4 for n in range(41)],
    "X": [{"r1": one, "r2": two} for one in range(6) for two in range(6)],
}


@drawn(FORMULAS, st.data())
@settings(max_examples=100)
def test_an_answer_that_is_missing_never_shows_what_some_answer_would_hide(
    formula: str, data: st.DataObject
) -> None:
    condition = compile_condition(formula)
    missing = data.draw(st.sampled_from(sorted(condition.questions)))
    others = {
        code: data.draw(st.sampled_from(DOMAINS[code])) for code in condition.questions - {missing}
    }
    if condition.holds(others):
        assert all(condition.holds(others | {missing: one}) for one in DOMAINS[missing]), formula


@drawn(FORMULAS)
@settings(max_examples=100)
def test_the_cases_tried_tell_what_all_answers_would(formula: str) -> None:
    questions = {
        one.code: one for one in GridContent.model_validate(content(A, B, M, N, X)).questions
    }
    condition = compile_condition(formula)
    trial = tried(condition, questions, (), (), BUDGET)
    if trial is None:
        return
    cases: list[dict[str, Any]] = [{}]
    for code in sorted(condition.questions):
        cases = [one | {code: value} for one in cases for value in DOMAINS[code]]
    held = [condition.holds(one) for one in cases[:20_000]]
    if len(cases) <= 20_000:
        assert (trial.ever, trial.always) == (any(held), all(held)), formula
