"""The exact difference between two frozen scores of one scoring content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from diagnostic.assessments.scoring import publish


@dataclass(frozen=True, slots=True)
class Change:
    """Points out of 100 before and after; `levels` counts the levels gained, if there are any."""

    code: str
    before: Fraction
    after: Fraction
    levels: int | None = None
    level_before: str | None = None
    level_after: str | None = None

    @property
    def difference(self) -> Fraction:
        """Points gained, below zero when lost."""
        return self.after - self.before

    def as_json(self, digits: int) -> dict[str, Any]:
        """Give rounded figures beside the exact one; each is rounded once, from the exact."""
        return {
            "before": float(publish(self.before, digits)),
            "after": float(publish(self.after, digits)),
            "difference": float(publish(self.difference, digits)),
            "difference_exact": str(self.difference),
            "level_before": self.level_before,
            "level_after": self.level_after,
            "levels_gained": self.levels,
        }


def whole(before: Mapping[str, Any], after: Mapping[str, Any], levels: Sequence[str]) -> Change:
    """Compare two published results (or two of their dimensions) that both have a score."""
    first, second = before["level"], after["level"]
    return Change(
        code=after.get("code", ""),
        before=Fraction(before["exact"]),
        after=Fraction(after["exact"]),
        levels=levels.index(second) - levels.index(first),
        level_before=first,
        level_after=second,
    )


def dimensions(
    before: Mapping[str, Any], after: Mapping[str, Any], levels: Sequence[str]
) -> list[Change]:
    """Compare the dimensions of two complete results, in the order of the later one."""
    known = {one["code"]: one for one in before["dimensions"]}
    return [whole(known[one["code"]], one, levels) for one in after["dimensions"]]


def questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Compare what each question contributed; one that did not count then contributed nothing.

    The differences add up exactly to that of the global score.
    """
    old = {one["code"]: Fraction(one["contribution_exact"]) for one in before["questions"]}
    new = {one["code"]: Fraction(one["contribution_exact"]) for one in after["questions"]}
    for code in dict.fromkeys([*new, *old]):
        yield Change(code, old.get(code, Fraction(0)), new.get(code, Fraction(0)))
