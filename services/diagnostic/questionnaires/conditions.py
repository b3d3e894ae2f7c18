"""When a question shows: a small, bounded part of CEL over `answers.<CODE>`, failing closed.

Allowed: comparisons, `in`, `&& || !`, `? :`, arithmetic, `has()`, `size()`, and the macros
`exists`, `exists_one` and `all`, not one inside another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cel

MAX_SOURCE = 500
MAX_DEPTH = 12
MACROS = frozenset({"exists", "exists_one", "all"})
FUNCTIONS = frozenset({"has", "size"})

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>'(?:[^'\\\n]|\\['"\\])*'|"(?:[^"\\\n]|\\['"\\])*")
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]])""",
    re.VERBOSE,
)
_WORDS = frozenset({"true", "false", "null", "in"})


class ConditionRefused(ValueError):
    """The source is not a condition we run; `code` says why, in one word."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.fr = fr
        self.en = en


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition; `questions` are those it reads, `literals` the codes it compares."""

    source: str
    questions: frozenset[str]
    literals: frozenset[str]
    program: Any

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Decide on the visible answers; a missing answer or a wrong type is a no."""
        read = {code: values[code] for code in self.questions if code in values}
        try:
            return self.program.execute({"answers": read}) is True
        except Exception:  # noqa: BLE001  # cel raises KeyError, TypeError, ValueError, RuntimeError
            return False


def compile_condition(source: str) -> Condition:
    """Check and compile, or raise ConditionRefused; bounded in time by the source's length."""
    if len(source) > MAX_SOURCE:
        raise ConditionRefused(
            "condition_too_long",
            f"La condition dépasse {MAX_SOURCE} caractères.",
            f"The condition is longer than {MAX_SOURCE} characters.",
        )
    tokens = list(_tokens(source))
    _check_nesting(tokens)
    questions, literals = _references(tokens)
    if not questions:
        raise ConditionRefused(
            "condition_constant",
            "La condition ne lit aucune réponse.",
            "The condition reads no answer.",
        )
    try:
        program = cel.compile(source)
    except (ValueError, RuntimeError) as error:
        raise ConditionRefused(
            "condition_syntax",
            "La condition n’est pas une expression CEL valide.",
            "The condition is not a valid CEL expression.",
        ) from error
    return Condition(source, questions, literals, program)


def _tokens(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise ConditionRefused(
                "condition_syntax",
                f"Signe inattendu au caractère {at + 1}.",
                f"Unexpected sign at character {at + 1}.",
            )
        at = match.end()
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
    return found


def _check_nesting(tokens: list[tuple[str, str]]) -> None:
    """Refuse what is deep, and a macro inside a macro: n**2 steps for n answers, and so on."""
    stack: list[bool] = []
    for index, (_, word) in enumerate(tokens):
        if word in {"(", "["}:
            caller = tokens[index - 1][1] if word == "(" and index else ""
            macro = caller in MACROS
            if macro and any(stack):
                raise ConditionRefused(
                    "condition_nested_macro",
                    "Une macro ne peut pas en contenir une autre.",
                    "A macro cannot contain another.",
                )
            stack.append(macro)
            if len(stack) > MAX_DEPTH:
                raise ConditionRefused(
                    "condition_too_deep",
                    f"La condition a plus de {MAX_DEPTH} niveaux.",
                    f"The condition has more than {MAX_DEPTH} levels.",
                )
        elif word in {")", "]"} and stack:
            stack.pop()


def _references(tokens: list[tuple[str, str]]) -> tuple[frozenset[str], frozenset[str]]:
    questions: set[str] = set()
    literals: set[str] = set()
    bound = _bound(tokens)
    for index, (kind, word) in enumerate(tokens):
        before = tokens[index - 1][1] if index else ""
        after = tokens[index + 1][1] if index + 1 < len(tokens) else ""
        if kind == "text":
            literals.add(re.sub(r"\\(.)", r"\1", word[1:-1]))
        if kind != "name" or word in _WORDS:
            continue
        if word == "answers" and before != ".":
            if after != "." or index + 2 >= len(tokens) or tokens[index + 2][0] != "name":
                raise ConditionRefused(
                    "condition_dynamic",
                    "Une réponse se lit « answers.CODE », et pas autrement.",
                    "An answer is read as answers.CODE, in no other way.",
                )
            questions.add(tokens[index + 2][1])
        elif after == "(":
            allowed = MACROS if before == "." else FUNCTIONS
            if word not in allowed:
                raise ConditionRefused(
                    "condition_function",
                    f"La fonction « {word} » n’est pas admise.",
                    f"The function {word} is not allowed.",
                )
        elif before != "." and word not in bound:
            raise ConditionRefused(
                "condition_variable",
                f"« {word} » est inconnu : seules les réponses se lisent (answers.CODE).",
                f"{word} is unknown: only answers can be read (answers.CODE).",
            )
    return frozenset(questions), frozenset(literals)


def _bound(tokens: list[tuple[str, str]]) -> frozenset[str]:
    return frozenset(
        tokens[index + 2][1]
        for index, (_, word) in enumerate(tokens[:-2])
        if word in MACROS and tokens[index + 1][1] == "("
    )
