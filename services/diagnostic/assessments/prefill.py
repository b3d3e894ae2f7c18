"""What a new diagnostic may propose as answers: from an earlier one, and from what is registered.

An answer is carried over only where code, type and option set are identical (invariant 3), and
never what somebody wrote in their own words: an erasure would not find the copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diagnostic.assessments.answers import Answer, Answers, State, check_answer
from diagnostic.assessments.visibility import PreparedGrid, Visibility
from diagnostic.questionnaires.grid import File, FreeText, Matrix, Multiple, Question, Scale, Single


@dataclass(frozen=True, slots=True)
class Plan:
    """Codes of the answers to carry over, values to propose, and why the others are left."""

    carried: tuple[str, ...]
    registered: Mapping[str, Any]
    left: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Give what is kept with the diagnostic: no value, so nothing personal."""
        return {
            "carried": list(self.carried),
            "registered": list(self.registered),
            "left": [{"question": code, "reason": why} for code, why in self.left.items()],
        }


def facts_of(company: Mapping[str, Any]) -> dict[str, Any]:
    """Give the registered facts as codes that an option can have."""
    band, naf = company["size_band"], company["naf_code"]
    return {
        "naf_code": naf.replace(".", ""),
        "naf_division": naf[:2],
        "size_band": band.rstrip("+") if band else None,
        "headcount": company["headcount"],
        "region_code": company["region_code"],
        "postcode": company["postcode"],
    }


def plan(
    grid: PreparedGrid, facts: Mapping[str, Any], earlier: PreparedGrid | None, answers: Answers
) -> Plan:
    """Decide for each question that has a registered fact or an earlier answer."""
    registered: dict[str, Any] = {}
    carried: list[str] = []
    left: dict[str, str] = {}
    for code, question in grid.questions.items():
        if question.prefill is not None:
            fact = facts[question.prefill]
            if fact is None:
                left[code] = "not_registered"
            elif check_answer(question, State.ANSWERED, fact):
                left[code] = "does_not_fit"
            else:
                registered[code] = fact
    for code, answer in answers.items():
        if code in registered or earlier is None:
            continue
        why = _why_left(earlier.questions[code], grid.questions.get(code), answer)
        if why is None:
            carried.append(code)
            left.pop(code, None)
        else:
            left[code] = why
    return Plan(tuple(carried), registered, left)


def _why_left(old: Question, new: Question | None, answer: Answer) -> str | None:
    if new is None:
        return "question_gone"
    if isinstance(old, File):
        return "file"
    if isinstance(old, FreeText) or answer.reason is not None:
        return "own_words"
    if old.type != new.type:
        return "type_changed"
    if _choices(old) != _choices(new):
        return "options_changed"
    return "does_not_fit" if check_answer(new, answer.state, answer.value) else None


def _choices(question: Question) -> object:
    """Give the set of what can be chosen, whatever its order and its texts."""
    match question:
        case Single() | Multiple():
            return {one.code for one in question.options}
        case Scale():
            return question.maximum
        case Matrix():
            return question.maximum, {one.code for one in question.rows}
        case _:
            return None


def to_confirm(
    made: Mapping[str, Any], versions: Mapping[str, int], shown: Mapping[str, Visibility]
) -> Iterator[str]:
    """Name the proposed answers that are shown and that nobody has saved since."""
    for code in (*made["carried"], *made["registered"]):
        if versions.get(code) == 1 and shown.get(code) is Visibility.VISIBLE:
            yield code
