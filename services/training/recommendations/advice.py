"""From offers and a gap to advice: what is barred, what scores how much, which path; pure.

One action stands for each offer: the best of those that the person may follow, else the one with
the least against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from training.certifications.lifecycle import Validity
from training.recommendations import paths, readiness, scoring
from training.recommendations.filters import Action, Barrier, Limits, Verdict, judged
from training.recommendations.readiness import Levels, Requirement
from training.recommendations.scoring import Score

_BUDGETED: Final = frozenset({Barrier.HOURS, Barrier.PRICE})
"""What stands between a person and a course that more hours or euros would open."""


@dataclass(frozen=True, slots=True)
class Link:
    """That an offer teaches a skill, how far if anybody says so, and how we know."""

    skill: str
    level: int | None
    method: str
    confidence: float
    source: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A formation with the skills that it teaches and needs, and the ways of following it."""

    id: str
    number: str
    title: str
    provider: str
    provider_name: str
    certifications: tuple[str, ...]
    level: int | None
    is_allowed: bool
    is_cold: bool
    links: Mapping[str, Link]
    needs: Levels
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A way of following an offer, judged and scored for a person and a job."""

    offer: Offer
    action: Action
    verdict: Verdict
    taught: Levels
    score: Score

    @property
    def starts_on(self) -> date | None:
        """Give the first day of the session to take."""
        return self.verdict.session.dates.starts_on if self.verdict.session else None


@dataclass(frozen=True, slots=True)
class Situation:
    """A person before a job: what it wants, what they have, what they can take on."""

    wanted: Sequence[Requirement]
    have: Levels
    limits: Limits
    budget: paths.Budget
    weights: Mapping[str, float]
    demand: float | None
    day: date


@dataclass(frozen=True, slots=True)
class Advice:
    """Courses by their score, a path and what would prolong it, and what is barred by what."""

    courses: Sequence[Option]
    path: paths.Path
    more: paths.More | None
    excluded: Sequence[tuple[Option, Sequence[str]]]
    options: Mapping[str, Option]


def advise(
    situation: Situation, offers: Sequence[Offer], validities: Mapping[str, Validity | None]
) -> Advice:
    """Advise somebody who lacks something for a job."""
    found = [one for offer in offers if (one := _option(situation, offer, validities))]
    free = {one.offer.id: one for one in found if not one.verdict.barriers}
    dear = {one.offer.id: one for one in found if _BUDGETED.issuperset(one.verdict.barriers)}
    wanted, have, budget = situation.wanted, situation.have, situation.budget
    path = paths.best(wanted, have, _courses(free), budget)
    taken = {one.key for one in path.courses}
    reachable = [one for one in free.values() if readiness.is_reachable(one.offer.needs, have)]
    locked = [
        (one, (Barrier.PREREQUISITES,))
        for one in free.values()
        if one.offer.id not in taken and not readiness.is_reachable(one.offer.needs, have)
    ]
    barred = [(one, one.verdict.barriers) for one in found if one.verdict.barriers]
    return Advice(
        courses=scoring.diverse(
            [(one.offer.provider[:9], one) for one in sorted(reachable, key=_rank)]
        ),
        path=path,
        more=paths.more(wanted, have, _courses(dear), budget, path),
        excluded=sorted(
            [*barred, *locked], key=lambda each: (-each[0].score.coverage, each[0].offer.id)
        ),
        options=dear,
    )


def _courses(options: Mapping[str, Option]) -> list[paths.Course]:
    return [
        paths.Course(key, one.taught, one.offer.needs, one.action.hours, one.action.price)
        for key, one in sorted(options.items())
    ]


def _rank(option: Option) -> tuple[float, float, date, str]:
    """Order by score, then by the score without the cap, the next start and the id."""
    begins = option.starts_on or date.min
    return -option.score.score, -option.score.uncapped, begins, option.offer.id


def _option(
    situation: Situation, offer: Offer, validities: Mapping[str, Validity | None]
) -> Option | None:
    """Choose the action that stands for an offer; None where it fills nothing."""
    certified = {code: validities.get(code) for code in offer.certifications}
    best: tuple[tuple[int, float, float, date, str], Option] | None = None
    for action in offer.actions:
        taught = {
            one.skill: one.level or scoring.level_by_hours(action.hours)
            for one in offer.links.values()
        }
        if not readiness.filled(situation.wanted, situation.have, taught):
            continue
        verdict = judged(
            action,
            situation.limits,
            situation.day,
            certified,
            level=offer.level,
            is_allowed=offer.is_allowed,
        )
        near = scoring.nearness(action.mode, verdict.distance_km, situation.limits.radius_km)
        score = scoring.score(
            situation.wanted,
            situation.have,
            taught,
            hours=action.hours,
            nearness=near,
            demand=situation.demand,
            weights=situation.weights,
            is_cold=offer.is_cold,
        )
        option = Option(offer, action, verdict, taught, score)
        rank = (len(verdict.barriers), *_rank(option)[:3], action.id)
        if best is None or rank < best[0]:
            best = (rank, option)
    return best[1] if best else None
