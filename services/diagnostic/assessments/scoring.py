"""The published method MIA-1: a pure, exact function of a grid version and its answers.

Everything is a Fraction until it is published: rounded once, half up. An incomplete diagnostic
has an interval that contains every score it can still get, never a single number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from diagnostic.assessments.answers import Answers
from diagnostic.assessments.backing import Backing, highest, shares
from diagnostic.assessments.inputs import inputs
from diagnostic.assessments.items import Item, item
from diagnostic.assessments.ratios import ONE, ZERO, dot, total
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility
from diagnostic.questionnaires.grid import ScoringProfile, exact
from diagnostic.questionnaires.hashing import canonical_hash

ENGINE_VERSION = "1.0.0"

HUNDRED = Fraction(100)


class Status(StrEnum):
    """Provisional: something that counts is unanswered, so there is an interval and no score."""

    FINAL = "final"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """Exact figures of one axis; all null when it is not assessable."""

    code: str
    weight: Fraction
    items: tuple[Item, ...]
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    known_share: Fraction | None
    level: str | None
    final: bool

    @property
    def assessable(self) -> bool:
        """True when enough of its weight applies to the company."""
        return self.low is not None

    @property
    def value(self) -> Fraction | None:
        """Its score out of 100, once nothing that counts is unanswered."""
        return self.low if self.final else None

    def evidence(self) -> dict[str, float] | None:
        """Give the published shares of its answers' weight by what backs them."""
        found = shares([(one.weight, one.backing) for one in self.items])
        if found is None:
            return None
        return {str(kind): float(publish(share, 4)) for kind, share in found.items()}


@dataclass(frozen=True, slots=True)
class Score:
    """Exact figures of one diagnostic; `complete` also says that no dimension was excluded."""

    profile: ScoringProfile
    status: Status
    complete: bool
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction
    known_share: Fraction | None
    level: str | None
    uncapped_level: str | None
    capped_by: str | None
    excluded: tuple[str, ...]
    dont_know: tuple[str, ...]
    dimensions: tuple[DimensionScore, ...]
    inputs: Mapping[str, Any]

    @property
    def input_hash(self) -> str:
        """Hash of what it was made from: engine, scoring content and effective answers."""
        return canonical_hash(self.inputs)

    @property
    def value(self) -> Fraction | None:
        """The global score out of 100, once nothing that counts is unanswered."""
        return self.low if self.status is Status.FINAL else None

    def as_json(self) -> dict[str, Any]:
        """Give the published form: rounded once, with exact fractions as text, free of language."""
        digits, caps = self.profile.precision, self.profile.evidence
        disclosed = caps is not None
        return {
            **({"evidence": caps.model_dump()} if caps is not None else {}),
            "engine_version": ENGINE_VERSION,
            "profile": self.profile.code,
            "status": str(self.status),
            "complete": self.complete,
            "score": _published(self.value, digits),
            "exact": None if self.value is None else str(self.value),
            "interval": _interval(self.low, self.high, digits),
            "coverage": _published(self.coverage, 4),
            "known_share": _published(self.known_share, 4),
            "level": self.level,
            "uncapped_level": self.uncapped_level,
            "capped_by": self.capped_by,
            "excluded": list(self.excluded),
            "dont_know": list(self.dont_know),
            "dimensions": [
                _dimension_json(one, digits) | ({"evidence": one.evidence()} if disclosed else {})
                for one in self.dimensions
            ],
        }

    def result_hash(self) -> str:
        """Identify the published result, whatever the order of the grid's dimensions."""
        result = self.as_json()
        result["dimensions"].sort(key=lambda one: one["code"])
        return canonical_hash(result)


def publish(value: Fraction, digits: int = 1) -> Decimal:
    """Round half away from zero: the only rounding of the method, done once per figure."""
    top, bottom = value.as_integer_ratio()
    size = (abs(top) * 10**digits * 2 + bottom) // (2 * bottom)
    return Decimal(size if top >= 0 else -size).scaleb(-digits)


def score(grid: PreparedGrid, answers: Answers) -> Score:
    """Score checked answers by the grid's profile; codes unknown to the grid do not count."""
    shown = visibility(grid, answers)
    profile = grid.content.profile
    dimensions = tuple(_dimension(grid, one.code, answers, shown) for one in grid.dimensions)
    assessable = [one for one in dimensions if one.low is not None and one.high is not None]
    final = all(one.final for one in dimensions)
    low = _mean([(one.weight, one.low) for one in assessable])
    high = _mean([(one.weight, one.high) for one in assessable])
    uncapped = level(profile, low) if final and low is not None else None
    capped, capped_by = _capped(grid, dimensions, uncapped)
    excluded = tuple(one.code for one in dimensions if one.low is None)
    return Score(
        profile=profile,
        status=Status.FINAL if final else Status.PROVISIONAL,
        complete=final and not excluded,
        low=low,
        high=high,
        coverage=_mean([(one.weight, one.coverage) for one in assessable]) or _bare(final=final),
        known_share=_mean([(one.weight, one.known_share) for one in assessable]),
        level=capped,
        uncapped_level=uncapped,
        capped_by=capped_by,
        excluded=excluded,
        dont_know=tuple(item.code for one in dimensions for item in one.items if not item.known),
        dimensions=dimensions,
        inputs=inputs(ENGINE_VERSION, grid, answers, shown),
    )


def _bare(*, final: bool) -> Fraction:
    """Coverage without anything to cover."""
    return ONE if final else ZERO


def _mean(parts: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    kept = [(weight, part) for weight, part in parts if part is not None]
    whole = total(weight for weight, _ in kept)
    return dot(kept) / whole if whole else None


def _dimension(
    grid: PreparedGrid, code: str, answers: Answers, shown: Mapping[str, Visibility]
) -> DimensionScore:
    profile = grid.content.profile
    items: list[Item] = []
    aside: list[Fraction] = []
    for question, weight in grid.scored[code]:
        seen = shown[question]
        if seen is Visibility.HIDDEN:
            continue
        answer = answers.get(question) if seen is Visibility.VISIBLE else None
        found = item(grid, question, weight, answer)
        if found is None:
            aside.append(weight)
        else:
            items.append(found)
    applicable = total(one.weight for one in items)
    earned = dot((one.weight, one.ratio) for one in items if one.ratio is not None)
    answered = total(one.weight for one in items if one.ratio is not None)
    known = total(one.weight for one in items if one.known and one.ratio is not None)
    final = answered == applicable
    low = high = None
    if applicable and applicable >= exact(profile.min_applicable_share) * (
        applicable + total(aside)
    ):
        low = HUNDRED * earned / applicable
        pending = (applicable - answered) * highest(profile, Backing.VERIFIED)
        high = low if final else HUNDRED * (earned + pending) / applicable
    return DimensionScore(
        code=code,
        weight=grid.weights[code],
        items=tuple(items),
        low=low,
        high=high,
        coverage=answered / applicable if applicable else None,
        known_share=known / answered if answered else None,
        level=level(profile, low) if final and low is not None else None,
        final=final,
    )


def level(profile: ScoringProfile, value: Fraction) -> str:
    """Name the level of a score: thresholds belong to the lower level, and judge what is shown."""
    shown = publish(value, profile.precision)
    rank = sum(1 for threshold in profile.thresholds if shown > Decimal(repr(threshold)))
    return profile.levels[rank].code


def _capped(
    grid: PreparedGrid, dimensions: Sequence[DimensionScore], uncapped: str | None
) -> tuple[str | None, str | None]:
    """Non-compensation: at most one level above the weakest core dimension; says which one."""
    profile = grid.content.profile
    if uncapped is None or not profile.non_compensation:
        return uncapped, None
    codes = [one.code for one in profile.levels]
    core = {one.code for one in grid.dimensions if one.core}
    ranks = [
        (codes.index(one.level), one.code)
        for one in dimensions
        if one.code in core and one.level is not None
    ]
    if not ranks or codes.index(uncapped) <= min(ranks)[0] + 1:
        return uncapped, None
    rank, weakest = min(ranks)
    return codes[rank + 1], weakest


def _published(value: Fraction | None, digits: int) -> float | None:
    return None if value is None else float(publish(value, digits))


def _interval(low: Fraction | None, high: Fraction | None, digits: int) -> list[float] | None:
    if low is None or high is None:
        return None
    return [float(publish(low, digits)), float(publish(high, digits))]


def _dimension_json(one: DimensionScore, digits: int) -> dict[str, Any]:
    return {
        "code": one.code,
        "status": str(_status(one)),
        "score": _published(one.value, digits),
        "exact": None if one.value is None else str(one.value),
        "interval": _interval(one.low, one.high, digits),
        "coverage": _published(one.coverage, 4),
        "known_share": _published(one.known_share, 4),
        "level": one.level,
    }


def _status(one: DimensionScore) -> str:
    if not one.assessable:
        return "not_assessable"
    return Status.FINAL if one.final else Status.PROVISIONAL
