"""How much the answer to one question weighs and earns in its dimension."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.backing import Backing, highest
from diagnostic.assessments.ratios import ratio
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.questionnaires.grid import exact


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the applicable set: its weight, and its ratio in 0..1 (null: unanswered)."""

    code: str
    weight: Fraction
    ratio: Fraction | None
    known: bool
    declared: Fraction | None = None
    """Its ratio before what backs it limits it; null where there is no value."""
    backing: Backing | None = None


def item(grid: PreparedGrid, code: str, weight: Fraction, answer: Answer | None) -> Item | None:
    """Weigh the answer to a question that is asked; null where it does not apply to the company."""
    if answer is None:
        return Item(code, weight, None, known=True)
    if answer.state is State.NOT_APPLICABLE:
        return None
    profile = grid.content.profile
    if answer.state is State.DONT_KNOW:
        return Item(code, weight, exact(profile.dk_value), known=False)
    earns = ratio(grid.questions[code], answer.value, grid.points[code])
    counts = min(earns, highest(profile, answer.backing)) if profile.evidence else earns
    return Item(code, weight, counts, known=True, declared=earns, backing=answer.backing)
