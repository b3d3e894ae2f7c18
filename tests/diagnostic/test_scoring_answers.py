"""Every way in which an answer may not fit its question (V6, V7)."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from diagnostic.assessments.answers import MAX_REASON, State, check_answer
from diagnostic.assessments.scoring import score
from diagnostic.questionnaires.grid import Question
from tests.diagnostic.mini_ia import BASE, CONTENT, given, grid_of, rows

READ: TypeAdapter[Question] = TypeAdapter(Question)
LABEL = {"fr": "x"}
SCALE = READ.validate_python({"code": "S", "type": "scale", "label": LABEL})
COUNT = READ.validate_python(
    {
        "code": "N",
        "type": "number",
        "label": LABEL,
        "minimum": 0,
        "maximum": 100,
        "integer": True,
    }
)
AMOUNT = READ.validate_python({"code": "N", "type": "number", "label": LABEL})
TEXT = READ.validate_python({"code": "T", "type": "text", "label": LABEL, "max_length": 10})
DAY = READ.validate_python({"code": "D", "type": "date", "label": LABEL})
ROWS = READ.validate_python(
    {
        "code": "M",
        "type": "matrix",
        "label": LABEL,
        "allow_row_na": True,
        "rows": [{"code": "a", "label": LABEL}],
    }
)


PIECE = READ.validate_python({"code": "F", "type": "file", "label": LABEL})


def mini(code: str) -> Question:
    question = CONTENT.question(code)
    assert question is not None
    return question


def faults(question: Question, value: Any) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in check_answer(question, "answered", value)]


def test_the_base_answers_have_no_fault() -> None:
    for code, answer in BASE.items():
        assert check_answer(mini(code), answer.state, answer.value) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([" "], [("/value/0", "option_unknown")]),
        (["a", "a"], [("/value/1", "duplicate")]),
        (["none", "a"], [("/value", "exclusive_not_alone")]),
        ([], [("/value", "empty")]),
        ("a", [("/value", "wrong_type")]),
        (None, [("/value", "wrong_type")]),
        ([True], [("/value/0", "wrong_type")]),
        ([["a"]], [("/value/0", "wrong_type")]),
        (["a"] * 6, [("/value", "too_many")]),
        (
            ["z", "a", "a", "none"],
            [
                ("/value/0", "option_unknown"),
                ("/value/2", "duplicate"),
                ("/value", "exclusive_not_alone"),
            ],
        ),
    ],
)
def test_a_multiple_choice_names_every_misfit(value: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(mini("Q3"), value) == expected


@pytest.mark.parametrize("value", ["o2 ", "O2", "Deux", "", "o4"])
def test_a_single_choice_takes_the_exact_code_only(value: str) -> None:
    assert faults(mini("Q1"), value) == [("/value", "option_unknown")]


@pytest.mark.parametrize("value", [True, 2, 2.0, ["o2"], {"o2": 1}, None])
def test_a_single_choice_is_a_text(value: Any) -> None:
    assert faults(mini("Q1"), value) == [("/value", "wrong_type")]


@pytest.mark.parametrize("value", ["true", 1, 0, None, [True]])
def test_a_boolean_is_not_coerced(value: Any) -> None:
    assert faults(mini("Q5"), value) == [("/value", "wrong_type")]


@pytest.mark.parametrize("value", ["5", 5.5, 5.0, True, None, float("nan"), float("inf")])
def test_a_scale_takes_whole_numbers_only(value: Any) -> None:
    assert faults(SCALE, value) == [("/value", "wrong_type")]


@pytest.mark.parametrize("value", [-1, 6, 10**400])
def test_a_scale_has_ends(value: int) -> None:
    assert faults(SCALE, value) == [("/value", "out_of_range")]


def test_a_matrix_needs_its_rows_and_no_other() -> None:
    assert faults(mini("Q4"), rows(5, 0, 3, 2, 0, 1)) == [("/value/r6", "row_unknown")]
    assert faults(mini("Q4"), rows(5, 0, 3, 2)) == [("/value/r5", "row_missing")]
    assert faults(mini("Q4"), [5, 0, 3, 2, 0]) == [("/value", "wrong_type")]
    assert faults(mini("Q4"), rows(5, 0, 3, 2, 9)) == [("/value/r5", "out_of_range")]
    assert faults(mini("Q4"), rows(5, 0, 3, 2, 0) | {"r1": None}) == [("/value/r1", "wrong_type")]
    assert faults(mini("Q4"), rows(1, 1, 1, 1, 1) | {"a/~": 1}) == [("/value/a~1~0", "row_unknown")]


def test_a_matrix_may_leave_rows_out_but_not_all_of_them() -> None:
    assert faults(ROWS, {"a": None}) == [("/value", "empty")]
    assert faults(ROWS, {"a": 3}) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-1, "out_of_range"),
        (101, "out_of_range"),
        (5.5, "wrong_type"),
        ("5", "wrong_type"),
        (True, "wrong_type"),
        (float("nan"), "wrong_type"),
        (float("-inf"), "wrong_type"),
    ],
)
def test_a_number_is_checked_against_its_bounds(value: Any, code: str) -> None:
    assert faults(COUNT, value) == [("/value", code)]


def test_a_number_of_any_size_is_answered_without_a_crash() -> None:
    assert faults(AMOUNT, 10**400) == [("/value", "out_of_range")]
    assert faults(AMOUNT, 12.5) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("   ", "empty"),
        ("x" * 11, "too_long"),
        ("cafe\u0301", "not_nfc"),
        ("a\x00b", "control_character"),
        ("a\ud800", "control_character"),
        (5, "wrong_type"),
    ],
)
def test_a_text_is_short_clean_and_in_nfc(value: Any, code: str) -> None:
    assert faults(TEXT, value) == [("/value", code)]


def test_a_text_may_hold_several_lines() -> None:
    assert faults(TEXT, "é\nà\tç") == []


@pytest.mark.parametrize(
    "value", ["2026-02-30", "23/11/2026", "2026-W48-1", "20261123", "2026-11-23T00:00", 20261123]
)
def test_a_date_is_a_calendar_day(value: Any) -> None:
    assert faults(DAY, value) == [("/value", "wrong_type")]
    assert faults(DAY, "2026-11-23") == []


def test_not_applicable_needs_permission_and_a_reason() -> None:
    assert check_answer(mini("Q1"), State.NOT_APPLICABLE, None, "Pas de salarié") == []
    refused = check_answer(mini("Q2"), State.NOT_APPLICABLE, None, " ")
    assert [(one.pointer, one.code) for one in refused] == [
        ("/reason", "reason_required"),
        ("/state", "na_not_allowed"),
    ]


def test_dont_know_needs_permission() -> None:
    assert check_answer(mini("Q2"), State.DONT_KNOW, None) == []
    refused = check_answer(mini("Q1"), State.DONT_KNOW, None)
    assert [(one.pointer, one.code) for one in refused] == [("/state", "dk_not_allowed")]


def test_an_answer_that_says_nothing_has_no_value() -> None:
    refused = check_answer(mini("Q2"), State.DONT_KNOW, "o1")
    assert [(one.pointer, one.code) for one in refused] == [("/value", "value_unexpected")]


def test_an_unknown_state_is_refused_by_its_name() -> None:
    refused = check_answer(mini("Q2"), "unanswered", None)
    assert [(one.pointer, one.code) for one in refused] == [("/state", "state_unknown")]


def test_a_reason_is_bounded() -> None:
    refused = check_answer(mini("Q1"), State.NOT_APPLICABLE, None, "x" * (MAX_REASON + 1))
    assert [(one.pointer, one.code) for one in refused] == [("/reason", "too_long")]


def test_every_fault_speaks_french_and_english() -> None:
    for fault in check_answer(mini("Q3"), "answered", ["z", "z", "none"]):
        assert fault.fr
        assert fault.en
        assert fault.fr != fault.en


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "preuve.pdf",
        ["0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11"],
        "0B0E9F5C-5A52-4A2E-8A5F-5F0A2F6F1C11",
        "{0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11}",
        "urn:uuid:0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11",
        "0b0e9f5c5a524a2e8a5f5f0a2f6f1c11",
        "0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11 ",
    ],
)
def test_a_file_is_answered_with_the_id_of_its_evidence_as_we_write_it(value: Any) -> None:
    assert faults(PIECE, value) == [("/value", "wrong_type")]
    assert faults(PIECE, "0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11") == []


def test_a_file_never_scores_and_stays_out_of_what_is_replayed() -> None:
    question = {"code": "F", "type": "file", "dimension": None}
    grid = grid_of({"code": "A", "type": "boolean"}, question)
    answers = {"A": given(value=True), "F": given("0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11")}
    with_file, without = score(grid, answers), score(grid, {"A": given(value=True)})
    assert with_file.as_json()["score"] == 100.0
    assert with_file.input_hash == without.input_hash
