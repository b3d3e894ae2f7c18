"""The score of a course, and the parts that it is the sum of (training.md §5.2; weights ours)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from training.recommendations.readiness import Levels, Requirement, filled, missing, total

DEFAULT: Final[Mapping[str, float]] = {
    "coverage": 0.70,
    "efficiency": 0.10,
    "proximity": 0.10,
    "demand": 0.10,
}
PARTS: Final = tuple(DEFAULT)

WEEK_HOURS: Final = 35.0
"""A course that fills the whole gap in a week of work is wholly efficient."""

SURE_LINKS: Final = 3
"""Skills that a provider or a nomenclature links a course with, below which its data are cold."""
COLD_CAP: Final = 0.6
"""The most that a course scores whose skills were read out of its texts."""

PER_PROVIDER: Final = 2
SHOWN: Final = 10
_DIGITS: Final = 9

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """Points that a score has from a part of it, in coverage from a skill; `cap` takes away."""

    part: str
    skill: str | None
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """A score between 0 and 1 with its parts; `gain` is the readiness that the course adds."""

    score: float
    coverage: float
    gain: float
    efficiency: float
    parts: tuple[Part, ...]
    uncapped: float

    @property
    def is_capped(self) -> bool:
        """Tell whether cold data keep the score down."""
        return self.score < self.uncapped


def effective(weights: Mapping[str, float], known: Mapping[str, bool]) -> dict[str, float]:
    """Share the weights out among the parts that can be known for the person and the job."""
    told = {name: weights[name] if known[name] else 0.0 for name in PARTS}
    whole = math.fsum(told.values())
    return {name: value / whole for name, value in told.items()} if whole else told


def level_by_hours(hours: float | None) -> int:
    """Tell how far a course brings where its texts only name the skill; ours, and modest."""
    if hours is None or hours < 14:  # noqa: PLR2004  # two days
        return 1
    return 2 if hours < 140 else 3  # noqa: PLR2004  # a month


def score(
    wanted: Sequence[Requirement],
    have: Levels,
    taught: Levels,
    *,
    hours: float | None,
    nearness: float | None,
    demand: float | None,
    weights: Mapping[str, float],
    is_cold: bool,
) -> Score:
    """Score a course for somebody with a gap; the weights are `effective`."""
    fills = filled(wanted, have, taught)
    gaps = missing(wanted, have)
    coverage = math.fsum(fills.values()) / gaps
    efficiency = 0.0 if hours is None else min(1.0, coverage * WEEK_HOURS / max(hours, 1.0))
    parts = [
        Part("coverage", skill, round(weights["coverage"] * value / gaps, _DIGITS))
        for skill, value in fills.items()
    ]
    for name, value in (
        ("efficiency", efficiency),
        ("proximity", nearness or 0.0),
        ("demand", demand or 0.0),
    ):
        if weights[name]:
            parts.append(Part(name, None, round(weights[name] * value, _DIGITS)))
    uncapped = math.fsum(one.points for one in parts)
    if is_cold and uncapped > COLD_CAP:
        parts.append(Part("cap", None, round(COLD_CAP - uncapped, _DIGITS)))
    return Score(
        score=round(math.fsum(one.points for one in parts), _DIGITS),
        coverage=coverage,
        gain=math.fsum(fills.values()) / total(wanted),
        efficiency=efficiency,
        parts=tuple(parts),
        uncapped=round(uncapped, _DIGITS),
    )


def nearness(mode: str, distance_km: float | None, radius_km: float) -> float:
    """Return 1 for what comes to one's home, and less the farther one must go."""
    if mode == "remote":
        return 1.0
    return 0.0 if distance_km is None else max(0.0, 1.0 - distance_km / max(radius_km, 1.0))


def diverse(ranked: Sequence[tuple[str, T]], shown: int = SHOWN) -> list[T]:
    """Keep the best, at most two of each provider."""
    seen: dict[str, int] = {}
    kept: list[T] = []
    for provider, one in ranked:
        if len(kept) == shown:
            break
        if seen.get(provider, 0) < PER_PROVIDER:
            seen[provider] = seen.get(provider, 0) + 1
            kept.append(one)
    return kept
