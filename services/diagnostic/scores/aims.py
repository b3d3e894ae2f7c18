"""From a target, given as points or as a level, to the points still missing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from diagnostic.assessments.scoring import publish
from diagnostic.questionnaires.grid import ScoringProfile


def points(profile: ScoringProfile, target: Mapping[str, Any]) -> Decimal:
    """Give the target in points: a level is aimed at by the least published score within it."""
    if target["score"] is not None:
        return Decimal(repr(target["score"]))
    rank = [one.code for one in profile.levels].index(target["level"])
    if rank == 0:
        return Decimal(0)
    return Decimal(repr(profile.thresholds[rank - 1])) + Decimal(1).scaleb(-profile.precision)


def gap(aim: Decimal | None, exact: str | None, digits: int) -> float | None:
    """Say how many points are missing, rounded once; null without target or without score."""
    if aim is None or exact is None:
        return None
    return float(publish(max(Fraction(aim) - Fraction(exact), Fraction(0)), digits))
