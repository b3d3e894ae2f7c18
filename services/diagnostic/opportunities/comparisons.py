"""What a rule says about the facts of a company, decided in three values (Kleene's logic)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import StrictBool, StrictFloat, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from diagnostic.opportunities.facts import EXPECTED, FACTS, FactName, fits
from diagnostic.questionnaires.grid import Content

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Operator = Literal["lt", "lte", "gt", "gte", "eq", "in"]
_HIGHEST = 10**15
_ORDER = frozenset({"lt", "lte", "gt", "gte"})
_SIGNS: Mapping[str, str] = {
    "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "eq": "==", "in": "in",
}  # fmt: skip


class Comparison(Content):
    """One comparison of a published rule, kept as its operator words it."""

    fact: FactName
    op: Operator
    value: Scalar | tuple[Scalar, ...]

    @model_validator(mode="after")
    def _comparable(self) -> Comparison:
        if (wrong := misfit(self.fact, self.op, self.value)) is not None:
            code, fr, en = wrong
            raise PydanticCustomError(code, "{en}", {"fr": fr, "en": en})
        return self

    @property
    def source(self) -> str:
        """Write it in CEL."""
        return f"{self.fact} {_SIGNS[self.op]} {_literal(self.value)}"


@dataclass(frozen=True, slots=True)
class Not:
    """Met where the other is not."""

    one: Node


@dataclass(frozen=True, slots=True)
class All:
    """Met where each is."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Met where one is."""

    of: tuple[Node, ...]


Node = Comparison | Not | All | Either


def misfit(fact: str, op: str, value: object) -> tuple[str, str, str] | None:
    """Say why these cannot be compared: code, French, English; None if they can."""
    kind = FACTS[fact][0]
    if (op == "in") != isinstance(value, tuple):
        return (
            "list_misplaced",
            "« in » prend une liste, et lui seul.",
            "`in` takes a list, and only `in`.",
        )
    if kind in {"boolean", "region"} and op in _ORDER:
        return ("fact_unordered", f"« {fact} » n’a pas d’ordre.", f"{fact} has no order.")
    values = value if isinstance(value, tuple) else (value,)
    if not values or not all(fits(kind, one) and not _is_huge(one) for one in values):
        fr, en = EXPECTED[kind]
        return ("value_misfit", f"« {fact} » se compare à {fr}.", f"{fact} is compared to {en}.")
    return None


def _is_huge(value: object) -> bool:
    """Beyond what any figure of a company is, and what a double tells from its neighbours."""
    return isinstance(value, int | float) and value > _HIGHEST


def decide(node: Node, facts: Mapping[str, Any]) -> bool | None:
    """Decide by checked facts; None where one that is missing could still tip it."""
    match node:
        case Comparison():
            return _met(node, facts.get(node.fact))
        case Not():
            found = decide(node.one, facts)
            return None if found is None else not found
        case All():
            each = [decide(one, facts) for one in node.of]
            return False if False in each else None if None in each else True
        case Either():
            each = [decide(one, facts) for one in node.of]
            return True if True in each else None if None in each else False


def open_facts(node: Node, facts: Mapping[str, Any]) -> Iterator[str]:
    """Name the missing facts that could still tip it, in the order of the rule."""
    if decide(node, facts) is not None:
        return
    match node:
        case Comparison():
            yield node.fact
        case Not():
            yield from open_facts(node.one, facts)
        case All() | Either():
            for one in node.of:
                yield from open_facts(one, facts)


def comparisons(node: Node) -> Iterator[Comparison]:
    """Give the comparisons in it, in their order."""
    match node:
        case Comparison():
            yield node
        case Not():
            yield from comparisons(node.one)
        case All() | Either():
            for one in node.of:
                yield from comparisons(one)


def _met(test: Comparison, fact: Any) -> bool | None:  # noqa: ANN401  # JSON
    if fact is None:
        return None
    value: Any = test.value
    match test.op:
        case "lt":
            met = fact < value
        case "lte":
            met = fact <= value
        case "gt":
            met = fact > value
        case "gte":
            met = fact >= value
        case "eq":
            met = fact == value
        case "in":
            met = fact in value
    return bool(met)


def _literal(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(map(_literal, value))}]"
        case str():
            return f"'{value}'"
        case _:
            return str(value)
