"""Conditions as tests on answers, which CEL and the dialects of other tools share.

In the normal form negations are inside the tests, and every test but `unanswered` is false while
its question is unanswered: that is what CEL makes of a missing answer, which it fails on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "contains", "lacks", "answered", "unanswered"]
Constant = str | bool | int | float | None

OPPOSITE: dict[Operator, Operator] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "contains": "lacks",
    "lacks": "contains",
    "answered": "unanswered",
    "unanswered": "answered",
}
_PRESENCE = frozenset({"answered", "unanswered"})


class Inexpressible(ValueError):
    """The condition says what the other language cannot."""


@dataclass(frozen=True, slots=True)
class Check:
    """One test on one answer; `value` is null for `answered` and `unanswered`."""

    question: str
    operator: Operator
    value: Constant = None


@dataclass(frozen=True, slots=True)
class Group:
    """All of its parts, or any of them."""

    every: bool
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The contrary; gone from a normal form."""

    part: Expression


Expression = Check | Group | Negation


def normal(expression: Expression, *, closed: bool) -> Expression:
    """Push negations into the tests, flatten groups, and drop what goes without saying.

    `closed`: the negation of a test still wants an answer, as in CEL; otherwise, as in XPath and
    SurveyJS, it holds without one too.
    """
    now = _pushed(expression, closed=closed, negated=False)
    while (simpler := _flat(now)) != now:
        now = simpler
    return now


def _pushed(expression: Expression, *, closed: bool, negated: bool) -> Expression:
    match expression:
        case Negation(part):
            return _pushed(part, closed=closed, negated=not negated)
        case Group(every, parts):
            pushed = tuple(_pushed(one, closed=closed, negated=negated) for one in parts)
            return Group(every != negated, pushed)
        case Check(question, operator, value) if negated:
            test = Check(question, OPPOSITE[operator], value)
            if closed or operator in _PRESENCE:
                return test
            return Group(every=False, parts=(Check(question, "unanswered"), test))
    return expression


def _flat(expression: Expression) -> Expression:
    if not isinstance(expression, Group):
        return expression
    parts: list[Expression] = []
    for one in map(_flat, expression.parts):
        same = isinstance(one, Group) and one.every == expression.every
        parts += one.parts if same and isinstance(one, Group) else [one]
    if expression.every:
        parts = _without_said(parts)
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else Group(expression.every, unique)


def _without_said(parts: list[Expression]) -> list[Expression]:
    """In a conjunction, any test says that its question is answered."""
    tests = [one for one in parts if isinstance(one, Check)]
    answered = {one.question for one in tests if one.operator != "unanswered"}
    compared = {one.question for one in tests if one.operator not in _PRESENCE}
    kept: list[Expression] = []
    for one in parts:
        if isinstance(one, Group):
            open_ = tuple(
                part
                for part in one.parts
                if not isinstance(part, Check)
                or part.operator != "unanswered"
                or part.question not in answered
            )
            kept.append(Group(one.every, open_ or one.parts))
        elif not (
            isinstance(one, Check) and one.operator == "answered" and one.question in compared
        ):
            kept.append(one)
    return kept


def typed(expression: Expression, kinds: Mapping[str, str]) -> Expression:
    """Check a normal form against the types of the questions, or raise Inexpressible.

    Only a multiple question contains; a comparison wants a constant of the question's own type,
    since languages differ on the others. Other dialects write yes and no as texts.
    """
    if isinstance(expression, Group):
        return Group(expression.every, tuple(typed(one, kinds) for one in expression.parts))
    if isinstance(expression, Negation) or expression.question not in kinds:
        raise Inexpressible("question")
    kind, operator, value = kinds[expression.question], expression.operator, expression.value
    if operator in _PRESENCE:
        return expression
    if kind == "multiple":
        if operator not in {"contains", "lacks"} or not isinstance(value, str):
            raise Inexpressible("multiple")
        return expression
    if operator in {"contains", "lacks"}:
        operator = "==" if operator == "contains" else "!="
    if kind == "boolean" and isinstance(value, str) and value in {"true", "false"}:
        value = value == "true"
    equality = operator in {"==", "!="}
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "single": equality and isinstance(value, str) and value != "",
        "boolean": equality and isinstance(value, bool),
        "scale": number,
        "number": number,
        "date": equality and isinstance(value, str) and value != "",
    }
    if not fits.get(kind, False):
        raise Inexpressible("type")
    return Check(expression.question, operator, value)
