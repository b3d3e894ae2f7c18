"""Who helps whom: a fair and balanced matching, the same whenever it is made of the same facts.

It goes in rounds. In each, a company gets at most one helper, so that nobody has a second before
everybody who can has a first; then as many as can are helped, and of all ways to do so the one is
taken in which helpers share the work most evenly (the least sum of squares of what they give), then
that of the widest gaps. Each round is a linear assignment, exact (Crouse 2016, scipy's).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

GAP = 20
"""Points by which a helper must be ahead where both sides follow from scores."""
HELPS_FROM = 50
"""Score from which a company can help: the third of four levels begins above it."""
STRONG_FROM = 75
"""Score from which its help is called strong."""
ASKS_BELOW = 50
"""Score below which a company would gain from help."""

_TENTHS = 10
_EVEN = 100_000
"""Outweighs all gaps of a round: fifty times a hundred points in tenths, doubled."""
_MET = 1_000_000_000
"""Outweighs all that evenness can cost."""


@dataclass(frozen=True, slots=True)
class Member:
    """A company that lets itself be matched; null offers or asks follow from its scores.

    `scores` are those of a submitted diagnostic by one method, whose scores alone compare.
    """

    key: str
    most_helped: int
    offers: frozenset[str] | None = None
    asks: frozenset[str] | None = None
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    method: str | None = None

    def helps_with(self, dimension: str) -> bool:
        """Tell whether it says so, or its score does where it says nothing."""
        if self.offers is not None:
            return dimension in self.offers
        return self.scores.get(dimension, Fraction(0)) >= HELPS_FROM

    def wants(self, dimension: str) -> bool:
        """Tell whether it asks, or its score does where it says nothing."""
        if self.asks is not None:
            return dimension in self.asks
        return self.scores.get(dimension, Fraction(100)) < ASKS_BELOW


@dataclass(frozen=True, slots=True)
class Match:
    """One company helps another with one dimension."""

    helper: str
    asker: str
    dimension: str
    gap: Fraction | None


@dataclass(frozen=True, slots=True)
class Matching:
    """All that is proposed, and the wishes that found nobody: company and dimension."""

    matches: tuple[Match, ...]
    unmet: tuple[tuple[str, str], ...]


def gap(helper: Member, asker: Member, dimension: str) -> Fraction | None:
    """Give the points between them, None where their scores do not compare."""
    if helper.method is None or helper.method != asker.method:
        return None
    ahead, behind = helper.scores.get(dimension), asker.scores.get(dimension)
    return None if ahead is None or behind is None else ahead - behind


def can_help(helper: Member, asker: Member, dimension: str) -> bool:
    """Tell whether this help makes sense; where one side has said so, no gap is asked for."""
    if helper.key == asker.key:
        return False
    if not (helper.helps_with(dimension) and asker.wants(dimension)):
        return False
    if helper.offers is not None or asker.asks is not None:
        return True
    points = gap(helper, asker, dimension)
    return points is not None and points >= GAP


def match(members: Sequence[Member], dimensions: Sequence[str]) -> Matching:
    """Propose who helps whom; nobody helps more often than they said, nobody twice with one."""
    people = sorted(members, key=lambda one: one.key)
    open_ = {one.key: [code for code in dimensions if one.wants(code)] for one in people}
    given = Counter[str]()
    found: list[Match] = []
    while made := _round(people, open_, given):
        for one in made:
            open_[one.asker].remove(one.dimension)
            given[one.helper] += 1
        found.extend(made)
    unmet = tuple((one.key, code) for one in people for code in open_[one.key])
    return Matching(tuple(sorted(found, key=lambda one: (one.asker, one.dimension))), unmet)


def _round(
    people: Sequence[Member], open_: Mapping[str, Sequence[str]], given: Mapping[str, int]
) -> list[Match]:
    """Give each company at most one more helper."""
    best = {
        (helper.key, asker.key): one
        for helper in people
        for asker in people
        if (one := _best(helper, asker, open_[asker.key])) is not None
    }
    slots = [
        (one.key, nth) for one in people for nth in range(given.get(one.key, 0), one.most_helped)
    ]
    askers = [one.key for one in people if any(asker == one.key for _, asker in best)]
    if not slots or not askers:
        return []
    costs = [[_cost(best.get((helper, asker)), nth) for asker in askers] for helper, nth in slots]
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  # 0.3 s to load

    rows, columns = linear_sum_assignment(costs)
    pairs = [(slots[row][0], askers[column]) for row, column in zip(rows, columns, strict=True)]
    return [best[pair] for pair in pairs if pair in best]


def _best(helper: Member, asker: Member, wanted: Sequence[str]) -> Match | None:
    """Choose the dimension in which this help bridges the widest gap, the first of equals."""
    able = [code for code in wanted if can_help(helper, asker, code)]
    if not able:
        return None
    points = {code: gap(helper, asker, code) for code in able}
    dimension = max(able, key=lambda code: points[code] or Fraction(0))
    return Match(helper.key, asker.key, dimension, points[dimension])


def _cost(one: Match | None, nth: int) -> int:
    """Weigh help that is a helper's nth, from 0; no help costs nothing, and all help less."""
    if one is None:
        return 0
    bridged = int((one.gap or 0) * _TENTHS)
    return _EVEN * (2 * nth + 1) - bridged - _MET
