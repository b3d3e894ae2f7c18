"""Conditions in CEL, in the XPath of XLSForm and in the expressions of SurveyJS, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from diagnostic.exchanges.expressions import (
    Check,
    Constant,
    Expression,
    Group,
    Inexpressible,
    Negation,
    normal,
    typed,
)
from diagnostic.exchanges.parsing import Language, parsed


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language of conditions, and how it writes one check and joins several."""

    language: Language
    write: Callable[[Check], str]
    both: str
    either: str


def translated(source: str, origin: Dialect, target: Dialect, kinds: Mapping[str, str]) -> str:
    """Say the condition in the other language, or raise Inexpressible."""
    return written(read(source, origin, kinds), target)


def read(source: str, dialect: Dialect, kinds: Mapping[str, str]) -> Expression:
    """Give the normal form of a condition, its constants of the types of their questions."""
    expression = parsed(source, dialect.language)
    return typed(normal(expression, closed=dialect.language.closed), kinds)


def written(expression: Expression, dialect: Dialect) -> str:
    """Write a normal form."""
    if isinstance(expression, Check):
        return dialect.write(expression)
    if isinstance(expression, Negation):
        raise Inexpressible("negation")
    joint = f" {dialect.both if expression.every else dialect.either} "
    parts = (written(one, dialect) for one in expression.parts)
    return joint.join(
        f"({part})" if isinstance(one, Group) else part
        for one, part in zip(expression.parts, parts, strict=True)
    )


def _quoted(value: Constant) -> str:
    """Write a constant; a text with quotes or backslashes is written differently everywhere."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return format(value, "f").rstrip("0").rstrip(".") if "e" in repr(value) else repr(value)
    if not isinstance(value, str) or re.search(r"['\"\\\n]", value):
        raise Inexpressible("text")
    return f"'{value}'"


def _cel(test: Check) -> str:
    answer = f"answers.{test.question}"
    match test.operator:
        case "answered":
            return f"has({answer})"
        case "unanswered":
            return f"!has({answer})"
        case "contains":
            return f"{_quoted(test.value)} in {answer}"
        case "lacks":
            return f"!({_quoted(test.value)} in {answer})"
    return f"{answer} {test.operator} {_quoted(test.value)}"


def _xlsform(test: Check) -> str:
    answer = f"${{{test.question}}}"
    value = f"'{str(test.value).lower()}'" if isinstance(test.value, bool) else None
    value = value or (_quoted(test.value) if test.value is not None else "''")
    match test.operator:
        case "answered":
            return f"{answer} != ''"
        case "unanswered":
            return f"{answer} = ''"
        case "contains":
            return f"selected({answer}, {value})"
        case "lacks":
            return f"({answer} != '' and not(selected({answer}, {value})))"
        case "!=":
            return f"({answer} != '' and {answer} != {value})"
    return f"{answer} {'=' if test.operator == '==' else test.operator} {value}"


def _surveyjs(test: Check) -> str:
    answer = f"{{{test.question}}}"
    match test.operator:
        case "answered":
            return f"{answer} notempty"
        case "unanswered":
            return f"{answer} empty"
        case "contains":
            return f"{answer} contains {_quoted(test.value)}"
        case "lacks":
            return f"({answer} notempty and {answer} notcontains {_quoted(test.value)})"
        case "!=":
            return f"({answer} notempty and {answer} <> {_quoted(test.value)})"
    return f"{answer} {'=' if test.operator == '==' else test.operator} {_quoted(test.value)}"


CEL = Dialect(
    Language("cel", r"answers\s*\.\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)", closed=True, escapes=True),
    _cel,
    "&&",
    "||",
)
XLSFORM = Dialect(
    Language("xlsform", r"\$\{\s*(?P<name>[^{}\s]+)\s*\}", closed=False, escapes=False),
    _xlsform,
    "and",
    "or",
)
SURVEYJS = Dialect(
    Language("surveyjs", r"\{(?P<name>[^{}]+)\}", closed=False, escapes=True),
    _surveyjs,
    "and",
    "or",
)
