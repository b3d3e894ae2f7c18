"""A rule written in CEL: comparisons of facts with constants, joined by `&& || !` and brackets.

This part of CEL is read here because a missing fact must leave a rule undecided, where an engine
of CEL knows errors only; a test holds it against such an engine wherever all facts are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from diagnostic.opportunities.comparisons import All, Comparison, Either, Node, Not, Scalar, misfit
from diagnostic.opportunities.facts import FACTS
from diagnostic.questionnaires.condition_signs import Tokens, unquoted
from diagnostic.questionnaires.conditions import (
    MAX_DEPTH,
    MAX_SOURCE,
    ConditionRefused,
    read_tokens,
)

_OPERATORS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "==": "eq", "!=": "eq"}
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Read:
    """What a source says, or everything that is wrong with it: code, French, English."""

    node: Node | None
    faults: tuple[tuple[str, str, str], ...]


@lru_cache(maxsize=2048)
def read(source: str) -> Read:
    """Read a condition; its length and depth are bounded, and so is the time that it takes."""
    if len(source) > MAX_SOURCE:
        return Read(None, (_too_long(),))
    reader, node = _Reader(), None
    try:
        reader.signs = read_tokens(source)
        node = reader.whole()
    except ConditionRefused as refused:
        reader.faults.append((refused.code, refused.fr, refused.en))
    return Read(None if reader.faults else node, tuple(reader.faults))


def _too_long() -> tuple[str, str, str]:
    return (
        "condition_too_long",
        f"La condition dépasse {MAX_SOURCE} caractères.",
        f"The condition is longer than {MAX_SOURCE} characters.",
    )


@dataclass
class _Reader:
    """Reads signs from left to right; a fault of sense is kept, one of form ends the reading."""

    signs: Tokens = field(default_factory=list)
    at: int = 0
    depth: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def whole(self) -> Node | None:
        found = self._either()
        if self.at < len(self.signs):
            self._unexpected()
        return found

    def _either(self) -> Node | None:
        return self._joined("||", self._all, Either)

    def _all(self) -> Node | None:
        return self._joined("&&", self._one, All)

    def _joined(
        self,
        sign: str,
        part: Callable[[], Node | None],
        join: Callable[[tuple[Node, ...]], Node],
    ) -> Node | None:
        found = [part()]
        while self._take(sign):
            found.append(part())
        nodes = tuple(one for one in found if one is not None)
        return nodes[0] if len(nodes) == 1 else join(nodes) if nodes else None

    def _one(self) -> Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ConditionRefused(
                "condition_too_deep",
                f"La condition a plus de {MAX_DEPTH} niveaux.",
                f"The condition has more than {MAX_DEPTH} levels.",
            )
        try:
            if self._take("!"):
                inner = self._one()
                return None if inner is None else Not(inner)
            if self._take("("):
                found = self._either()
                self._expect(")")
                return found
            return self._comparison()
        finally:
            self.depth -= 1

    def _comparison(self) -> Node | None:
        kind, name = self._next()
        if kind != "name" or name in {*_WORDS, "in", "null"}:
            self._unexpected(back=1)
        sign = self._word()
        if sign in _OPERATORS:
            self.at += 1
            made = self._compared(name, _OPERATORS[sign], self._value())
            return Not(made) if made is not None and sign == "!=" else made
        if self._take("in"):
            return self._compared(name, "in", tuple(self._listed()))
        if name in FACTS and FACTS[name][0] != "boolean":
            self.faults.append(
                (
                    "fact_not_boolean",
                    f"« {name} » ne se lit pas seul : comparez-le à une valeur.",
                    f"{name} cannot stand alone: compare it to a value.",
                )
            )
            return None
        return self._compared(name, "eq", value=True)

    def _compared(self, name: str, op: str, value: Scalar | tuple[Scalar, ...]) -> Node | None:
        if name not in FACTS:
            known = ", ".join(FACTS)
            self.faults.append(
                (
                    "fact_unknown",
                    f"« {name} » est inconnu ; les informations sont : {known}.",
                    f"{name} is unknown; the facts are: {known}.",
                )
            )
            return None
        if (wrong := misfit(name, op, value)) is not None:
            self.faults.append(wrong)
            return None
        return Comparison.model_validate({"fact": name, "op": op, "value": value})

    def _listed(self) -> Iterator[Scalar]:
        self._expect("[")
        yield self._value()
        while self._take(","):
            yield self._value()
        self._expect("]")

    def _value(self) -> Scalar:
        kind, word = self._next()
        if kind == "text":
            return unquoted(word)
        if kind == "number":
            return float(word) if "." in word else int(word)
        if word not in _WORDS:
            self._unexpected(back=1)
        return _WORDS[word]

    def _word(self) -> str:
        return self.signs[self.at][1] if self.at < len(self.signs) else ""

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.signs):
            self._unexpected()
        self.at += 1
        return self.signs[self.at - 1]

    def _take(self, sign: str) -> bool:
        found = self._word() == sign
        self.at += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            self._unexpected()

    def _unexpected(self, *, back: int = 0) -> NoReturn:
        self.at -= back
        place = self.at + 1
        raise ConditionRefused(
            "condition_syntax",
            f"Signe inattendu, ou manquant, au {place}ᵉ mot de la condition.",
            f"Unexpected or missing sign at word {place} of the condition.",
        )
