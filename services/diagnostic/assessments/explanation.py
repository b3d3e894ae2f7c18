"""Where a score comes from: contributions and lost points that add up exactly, and robustness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from diagnostic.assessments.backing import Backing
from diagnostic.assessments.ratios import ONE, ZERO, dot, total
from diagnostic.assessments.scoring import HUNDRED, DimensionScore, Score, level, publish
from diagnostic.questionnaires.grid import ScoringProfile

SWING = Fraction(1, 4)
"""How far robustness moves each dimension's weight, either way."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Where evidence counts: the ratio by the answer alone, and what backs it."""

    declared: Fraction
    backing: Backing

    def as_json(self) -> dict[str, Any]:
        """Give both, the ratio to four decimals."""
        return {"declared_ratio": float(publish(self.declared, 4)), "backing": str(self.backing)}


@dataclass(frozen=True, slots=True)
class Share:
    """Points out of 100 that a question brings to the global score, and those it leaves."""

    code: str
    dimension: str
    ratio: Fraction
    contribution: Fraction
    lost: Fraction
    limited: Limit | None = None


@dataclass(frozen=True, slots=True)
class Robustness:
    """Lowest and highest score when every dimension's weight may move by a quarter."""

    low: Fraction
    high: Fraction
    level_holds: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Empty, with a null total, while the score is provisional or nothing was assessable."""

    shares: tuple[Share, ...]
    total: Fraction | None
    robustness: Robustness | None

    def as_json(self) -> dict[str, Any]:
        """Give points to two decimals beside exact fractions; only the fractions add up."""
        return {
            "total": None if self.total is None else float(publish(self.total, 2)),
            "total_exact": None if self.total is None else str(self.total),
            "questions": [
                {
                    "code": one.code,
                    "dimension": one.dimension,
                    "ratio": float(publish(one.ratio, 4)),
                    "contribution": float(publish(one.contribution, 2)),
                    "contribution_exact": str(one.contribution),
                    "lost": float(publish(one.lost, 2)),
                    "lost_exact": str(one.lost),
                    **(one.limited.as_json() if one.limited else {}),
                }
                for one in self.shares
            ],
            "robustness": None
            if self.robustness is None
            else {
                "low": float(publish(self.robustness.low)),
                "high": float(publish(self.robustness.high)),
                "level_holds": self.robustness.level_holds,
            },
        }


def explain(score: Score) -> Explanation:
    """Split a final score among its questions."""
    if score.value is None:
        return Explanation((), None, None)
    assessed = [one for one in score.dimensions if one.assessable]
    shares = tuple(_shares(assessed, disclosed=score.profile.evidence is not None))
    return Explanation(
        shares=shares,
        total=total(one.contribution for one in shares),
        robustness=_robustness(score.profile, assessed, score.value),
    )


def _shares(dimensions: Sequence[DimensionScore], *, disclosed: bool) -> Iterator[Share]:
    whole = total(one.weight for one in dimensions)
    for dimension in dimensions:
        applicable = total(item.weight for item in dimension.items)
        each = HUNDRED * dimension.weight / (whole * applicable)
        for item in dimension.items:
            ratio = item.ratio if item.ratio is not None else ZERO
            share = each * item.weight
            earned = share * ratio
            limit = None
            if disclosed and item.declared is not None and item.backing is not None:
                limit = Limit(item.declared, item.backing)
            yield Share(item.code, dimension.code, ratio, earned, share - earned, limit)


def _robustness(
    profile: ScoringProfile, dimensions: Sequence[DimensionScore], value: Fraction
) -> Robustness:
    """Find the true extremes: they put the high weights on one end of the sorted scores."""
    ranked = sorted((one.low or ZERO, one.weight) for one in dimensions)
    lows = [_mixed(ranked, ONE + SWING, ONE - SWING, cut) for cut in range(len(ranked) + 1)]
    highs = [_mixed(ranked, ONE - SWING, ONE + SWING, cut) for cut in range(len(ranked) + 1)]
    low, high = min(lows), max(highs)
    return Robustness(low, high, level(profile, low) == level(profile, high))


def _mixed(
    ranked: Sequence[tuple[Fraction, Fraction]], below: Fraction, above: Fraction, cut: int
) -> Fraction:
    weights = [
        weight * (below if index < cut else above) for index, (_, weight) in enumerate(ranked)
    ]
    values = (value for value, _ in ranked)
    return dot(zip(weights, values, strict=True)) / total(weights)
