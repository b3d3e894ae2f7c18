"""What was answered to a question, in words."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_decimal

from diagnostic.assessments.answers import Answer, State
from diagnostic.questionnaires.grid import (
    Boolean,
    Language,
    Matrix,
    Multiple,
    Number,
    Question,
    Scale,
    Single,
)

_YES_NO: dict[Language, tuple[str, str]] = {"fr": ("Non", "Oui"), "en": ("No", "Yes")}
_DONT_KNOW: dict[Language, str] = {"fr": "Ne sait pas", "en": "Don’t know"}
_NO_ROW: dict[Language, str] = {"fr": "non concerné", "en": "not applicable"}
_BETWEEN = " ; "


def in_words(question: Question, answer: Answer, language: Language) -> str:
    """Write the value of an answer to a scored question as people chose it."""
    if answer.state is State.DONT_KNOW:
        return _DONT_KNOW[language]
    return _value(question, answer.value, language)


def _value(question: Question, value: Any, language: Language) -> str:  # noqa: ANN401, PLR0911  # JSON; one return a type
    match question:
        case Single():
            return _chosen(question, [value], language)
        case Multiple():
            return _chosen(question, value, language)
        case Boolean():
            return _YES_NO[language][bool(value)]
        case Scale():
            return _step(question, value, language)
        case Matrix():
            steps = {row: _step(question, value.get(row.code), language) for row in question.rows}
            return _BETWEEN.join(
                f"{row.label.text(language)}\u00a0: {step}" for row, step in steps.items()
            )
        case Number():
            unit = f"\u00a0{question.unit.text(language)}" if question.unit else ""
            return f"{format_decimal(value, '#,##0.###', locale=language)}{unit}"
        case _:
            return str(value)


def _chosen(question: Single | Multiple, codes: list[str], language: Language) -> str:
    return _BETWEEN.join(
        one.label.text(language) for one in question.options if one.code in set(codes)
    )


def _step(question: Scale | Matrix, value: int | None, language: Language) -> str:
    if value is None:
        return _NO_ROW[language]
    if value < len(question.anchors):
        return f"{question.anchors[value].text(language)} ({value}/{question.maximum})"
    return f"{value}/{question.maximum}"
