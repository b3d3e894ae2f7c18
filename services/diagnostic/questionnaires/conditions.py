"""When a question shows: a small, bounded part of CEL over `answers.<CODE>`, failing closed.

Allowed: comparisons, `in`, `&& || !`, `? :`, arithmetic, `has()`, `size()`, and the macros
`exists`, `exists_one` and `all` over an answer, not one inside another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diagnostic.questionnaires import condition_signs as signs

MAX_SOURCE = 500
MAX_DEPTH = 12
MAX_STEPS = 20_000
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
    """A compiled condition, and what the lint must know of it.

    `questions` are those it reads, `guarded` those it asks `has()` of, `fields` rows it reads of
    a matrix; `literals` are the codes it names, `compared` those set against one question.
    Answers of `opaque` ones are told apart by more than these codes. `steps` bounds its work.
    """

    source: str
    questions: frozenset[str]
    guarded: frozenset[str]
    fields: frozenset[tuple[str, str]]
    opaque: frozenset[str]
    literals: frozenset[str]
    compared: frozenset[tuple[str, str]]
    numbers: frozenset[float]
    words: frozenset[str]
    steps: int
    program: Any

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Decide on the visible answers; one that is missing or of a wrong type is a no.

        `&&` and `||` pass over it where the other side decides alone, so a yes never rests on it.
        """
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
    tokens = read_tokens(source)
    _check_nesting(tokens)
    steps = signs.steps(tokens)
    if steps > MAX_STEPS:
        raise ConditionRefused(
            "condition_too_costly",
            f"La condition demanderait {steps} pas ; au plus {MAX_STEPS}.",
            f"The condition would take {steps} steps; at most {MAX_STEPS}.",
        )
    _check_names(tokens)
    places = [index for index in range(len(tokens)) if signs.reads(tokens, index)]
    if not places:
        raise ConditionRefused(
            "condition_constant",
            "La condition ne lit aucune réponse.",
            "The condition reads no answer.",
        )
    import cel  # noqa: PLC0415  # it brings a command line with it, 0.2 s

    try:
        program = cel.compile(source)
    except (ValueError, RuntimeError) as error:
        raise ConditionRefused(
            "condition_syntax",
            "La condition n’est pas une expression CEL valide.",
            "The condition is not a valid CEL expression.",
        ) from error
    return Condition(
        source=source,
        questions=frozenset(tokens[at + 2][1] for at in places),
        guarded=frozenset(tokens[at + 2][1] for at in places if signs.guards(tokens, at)),
        fields=frozenset(signs.fields(tokens, places)),
        opaque=frozenset(signs.opaque(tokens, places)),
        literals=frozenset(signs.unquoted(word) for kind, word in tokens if kind == "text"),
        compared=frozenset(signs.compared(tokens, places)),
        numbers=frozenset(float(word) for kind, word in tokens if kind == "number"),
        words=frozenset(word for _, word in tokens),
        steps=steps,
        program=program,
    )


def read_tokens(source: str) -> signs.Tokens:
    """Cut a source into its signs, or raise ConditionRefused."""
    found: signs.Tokens = []
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


def _check_nesting(tokens: signs.Tokens) -> None:
    """Refuse what is deep, and a macro inside a macro: n**2 steps for n answers, and so on."""
    stack: list[bool] = []
    for index, (_, word) in enumerate(tokens):
        if word in {"(", "["}:
            caller = tokens[index - 1][1] if word == "(" and index else ""
            macro = caller in signs.MACROS
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


def _check_names(tokens: signs.Tokens) -> None:
    bound = _bound(tokens)
    for index, (kind, word) in enumerate(tokens):
        before, after = signs.word_at(tokens, index - 1), signs.word_at(tokens, index + 1)
        if kind != "name" or word in _WORDS:
            continue
        if word == "answers" and before != ".":
            if not signs.reads(tokens, index):
                raise ConditionRefused(
                    "condition_dynamic",
                    "Une réponse se lit « answers.CODE », et pas autrement.",
                    "An answer is read as answers.CODE, in no other way.",
                )
        elif after == "(":
            _check_call(tokens, index, word, before)
        elif before != "." and word not in bound:
            raise ConditionRefused(
                "condition_variable",
                f"« {word} » est inconnu : seules les réponses se lisent (answers.CODE).",
                f"{word} is unknown: only answers can be read (answers.CODE).",
            )


def _check_call(tokens: signs.Tokens, index: int, word: str, before: str) -> None:
    if word not in (signs.MACROS if before == "." else FUNCTIONS):
        raise ConditionRefused(
            "condition_function",
            f"La fonction « {word} » n’est pas admise.",
            f"The function {word} is not allowed.",
        )
    if word in signs.MACROS and not signs.reads(tokens, index - 4):
        raise ConditionRefused(
            "condition_macro_receiver",
            f"« {word} » s’applique à une réponse : answers.CODE.{word}(…).",
            f"{word} applies to an answer: answers.CODE.{word}(…).",
        )


def _bound(tokens: signs.Tokens) -> frozenset[str]:
    return frozenset(
        tokens[index + 2][1]
        for index, (_, word) in enumerate(tokens[:-2])
        if word in signs.MACROS and tokens[index + 1][1] == "("
    )
