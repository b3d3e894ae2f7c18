"""What an answer is, and whether its state, value and reason fit its question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diagnostic.assessments.backing import Backing
from diagnostic.assessments.values import text_faults, value_faults
from diagnostic.questionnaires.grid import Finding, Question

MAX_REASON = 500


class State(StrEnum):
    """The answer states; unanswered, the fourth, is the absence of an answer."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    DONT_KNOW = "dont_know"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that `check_answer` found without fault; `value` is null unless answered."""

    state: State
    value: Any = None
    reason: str | None = None
    backing: Backing = Backing.DECLARED


Answers = Mapping[str, Answer]
"""Answers by question code."""


def answer_of(
    state: str,
    value: Any,  # noqa: ANN401  # JSON
    reason: str | None = None,
    backing: str = Backing.DECLARED,
) -> Answer:
    """Read an answer from its stored columns, and what backs it from its evidence."""
    return Answer(State(state), value, reason, Backing(backing))


def check_answer(
    question: Question,
    state: str,
    value: Any,  # noqa: ANN401  # any JSON value may come in; that is the point
    reason: str | None = None,
) -> list[Finding]:
    """Every reason to refuse this answer, none when it fits; nothing is ever coerced."""
    if state not in set(State):
        return [
            Finding(
                "/state",
                "state_unknown",
                f"L’état doit être l’un de : {', '.join(State)}.",
                f"The state must be one of: {', '.join(State)}.",
            )
        ]
    findings = list(_reason_faults(state, reason))
    if state == State.ANSWERED:
        return findings + list(value_faults(question, value))
    return findings + list(_silence_faults(question, state, value))


def _reason_faults(state: str, reason: str | None) -> Iterator[Finding]:
    if reason is None or reason.strip() == "":
        if state == State.NOT_APPLICABLE:
            yield Finding(
                "/reason",
                "reason_required",
                "Dites en quelques mots pourquoi la question ne vous concerne pas.",
                "Say in a few words why the question does not apply.",
            )
        return
    yield from text_faults("/reason", reason, MAX_REASON)


def _silence_faults(question: Question, state: str, value: object) -> Iterator[Finding]:
    if value is not None:
        yield Finding(
            "/value",
            "value_unexpected",
            "Une réponse « non concerné » ou « ne sait pas » n’a pas de valeur.",
            "A not-applicable or don't-know answer has no value.",
        )
    if state == State.NOT_APPLICABLE and not question.allow_na:
        yield Finding(
            "/state",
            "na_not_allowed",
            "« Non concerné » n’est pas admis pour cette question.",
            "Not applicable is not allowed for this question.",
        )
    if state == State.DONT_KNOW and not question.allow_dk:
        yield Finding(
            "/state",
            "dk_not_allowed",
            "« Ne sait pas » n’est pas admis pour cette question.",
            "Don't know is not allowed for this question.",
        )
