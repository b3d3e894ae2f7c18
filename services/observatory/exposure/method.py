"""How exposure is computed: weighted means, their uncertainty, and shares by class.

Pure: every formula of the method `ilo-2025` version 1 is here or in `classes`, nothing else is.
Other indices use the same ones on their common scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import NamedTuple

from observatory.exposure.classes import EXPOSED, Grade, classify
from observatory.exposure.scored import Scored

CONFIDENCE = 0.95
Z = 1.959964
"""Half-width, in standard errors, of an interval of that confidence."""


@dataclass(frozen=True, slots=True)
class Range:
    """A closed interval of the scale from 0 to 1."""

    low: float
    high: float


def around(centre: float, half_width: float) -> Range:
    """Interval around a centre, cut to the scale."""
    return Range(max(0.0, centre - half_width), min(1.0, centre + half_width))


@dataclass(frozen=True, slots=True)
class Occupation:
    """A scored occupation: mean and sample SD over its tasks."""

    code: str
    mean: Decimal
    sd: Decimal
    tasks: int

    @property
    def grade(self) -> Grade:
        """Its class."""
        return classify(self.mean, self.sd)

    @property
    def variance(self) -> float:
        """Variance of the mean, σ²/n: a lower bound, tasks are not drawn at random."""
        return float(self.sd) ** 2 / self.tasks

    @property
    def spread(self) -> float:
        """Nothing: the index is native in the classification."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job through the crosswalk: its own occupation, or the scored neighbours of that one.

    The crosswalk gives one occupation per job. Where that one has no score, every scored
    occupation of its minor group (three digits) weighs the same, and the job has no class.
    """

    code: str
    occupations: tuple[Scored, ...]
    grade: Grade | None
    mean: float
    sd: float
    """Dispersion over tasks: within the occupations and between them."""
    spread: float
    """Variance that comes from not knowing which of the occupations it is."""
    se: float
    """Standard error of the mean: scores, and the choice of occupation."""

    @property
    def imputed(self) -> bool:
        """Tell whether its own occupation has no score."""
        return self.grade is None

    @property
    def share(self) -> float:
        """Weight of each occupation in the job."""
        return 1 / len(self.occupations)

    @property
    def tasks(self) -> int:
        """Tasks that were scored."""
        return sum(each.tasks for each in self.occupations)


def job(code: str, own: Scored | None, neighbours: Sequence[Scored]) -> Job | None:
    """Job from its occupation, else from the neighbours; None when nothing of it is scored."""
    occupations = tuple(neighbours) if own is None else (own,)
    if not occupations:
        return None
    share = 1 / len(occupations)
    mean = sum(float(each.mean) for each in occupations) * share
    spread = sum((float(each.mean) - mean) ** 2 for each in occupations) * share
    within = sum(float(each.sd) ** 2 for each in occupations) * share
    scores = sum(each.variance + each.spread for each in occupations) * share**2
    return Job(
        code=code,
        occupations=occupations,
        grade=None if own is None else own.grade,
        mean=mean,
        sd=sqrt(within + spread),
        spread=spread,
        se=sqrt(scores + spread),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """A number of workers (or hires) and the jobs they may have, equally likely."""

    code: str
    weight: float
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class GroupExposure:
    """A group within a whole: its share of the weight, its mean, its share in gradients 1-4."""

    code: str
    weight: float
    share: float
    mean: float
    exposed: float
    crosswalk: float
    """Variance of the mean that comes from not knowing the jobs of the group better."""


@dataclass(frozen=True, slots=True)
class Variance:
    """What the variance of a mean is made of."""

    scores: float
    crosswalk: float
    weights: float

    @property
    def total(self) -> float:
        """Sum of the three; they are independent."""
        return self.scores + self.crosswalk + self.weights

    def shares(self) -> dict[str, float]:
        """Part of each in the total; all zero when nothing varies."""
        total = self.total or 1.0
        return {
            "scores": self.scores / total,
            "crosswalk": self.crosswalk / total,
            "weights": self.weights / total,
        }


class Part(NamedTuple):
    """The weight of an occupation in a mean, and what its error is made of."""

    weight: float
    variance: float
    spread: float


_NOTHING = Part(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure of a sector or territory; shares are of the covered weight and sum to one."""

    weight: float
    covered: float
    mean: float
    variance: Variance
    grades: Mapping[Grade, float]
    unclassified: float
    groups: tuple[GroupExposure, ...]
    occupations: Mapping[str, Part]

    @property
    def se(self) -> float:
        """Standard error of the mean."""
        return sqrt(self.variance.total)

    @property
    def interval(self) -> Range:
        """95 % interval of the mean, from what is known to vary."""
        return around(self.mean, Z * self.se)

    @property
    def exposed(self) -> float:
        """Share in gradients 1 to 4."""
        return sum(self.grades[grade] for grade in EXPOSED)

    @property
    def coverage(self) -> float:
        """Share of the weight whose jobs have a score."""
        return self.covered / self.weight


def aggregate(groups: Sequence[Group], sampling: float) -> Exposure | None:
    """Weighted mean Σ w·a of the groups, class shares, and variance by the delta method.

    Always a ratio of totals. `sampling` is the share of workers that were observed: the weights
    are a sample of that many. None when nothing is covered.
    """
    known = [group for group in groups if group.jobs and group.weight > 0]
    covered = sum(group.weight for group in known)
    if not covered:
        return None
    grades = dict.fromkeys(Grade, 0.0)
    occupations: dict[str, Part] = {}
    unclassified = 0.0
    parts = []
    for group in known:
        share, each = group.weight / covered, 1 / len(group.jobs)
        mean = sum(job.mean for job in group.jobs) * each
        # every split of the group between its n jobs is as likely: Dirichlet(1, …, 1)
        between = sum((job.mean - mean) ** 2 for job in group.jobs) * each
        spread = sum(job.spread for job in group.jobs) * each**2
        exposed = 0.0
        for job in group.jobs:
            grade = job.grade
            if grade is None:
                unclassified += share * each
            else:
                grades[grade] += share * each
                exposed += each if grade in EXPOSED else 0.0
            for one in job.occupations:
                before = occupations.get(one.code, _NOTHING).weight
                weight = before + share * each * job.share
                occupations[one.code] = Part(weight, one.variance, one.spread)
        crosswalk = between / (len(group.jobs) + 1) + spread
        parts.append(GroupExposure(group.code, group.weight, share, mean, exposed, crosswalk))
    mean = sum(part.share * part.mean for part in parts)
    scattered = sum(part.share * (part.mean - mean) ** 2 for part in parts)
    return Exposure(
        weight=sum(group.weight for group in groups),
        covered=covered,
        mean=mean,
        variance=Variance(
            # an occupation in several groups counts once: its error is the same in all
            scores=sum(one.weight**2 * one.variance for one in occupations.values()),
            crosswalk=sum(part.share**2 * part.crosswalk for part in parts)
            + sum(one.weight**2 * one.spread for one in occupations.values()),
            weights=scattered / (sampling * covered),
        ),
        grades=grades,
        unclassified=unclassified,
        groups=tuple(sorted(parts, key=lambda part: (-part.mean, part.code))),
        occupations=occupations,
    )


def difference(here: Exposure, reference: Exposure) -> tuple[float, float]:
    """Difference of two means and its standard error: errors of scores common to both cancel."""
    variance = here.variance.weights + reference.variance.weights
    for code in here.occupations.keys() | reference.occupations.keys():
        one = here.occupations.get(code, _NOTHING)
        other = reference.occupations.get(code, _NOTHING)
        known = one if one.weight else other
        variance += (one.weight - other.weight) ** 2 * (known.variance + known.spread)
    shares = {group.code: group.share for group in reference.groups}
    spreads = {group.code: group.crosswalk for group in (*reference.groups, *here.groups)}
    now = {group.code: group.share for group in here.groups}
    for code, spread in spreads.items():
        variance += (now.get(code, 0.0) - shares.get(code, 0.0)) ** 2 * spread
    return here.mean - reference.mean, sqrt(variance)


def contributions(here: Exposure, reference: Exposure) -> dict[str, float]:
    """Split the difference of means by group: (w - w₀)(a - X₀), which sum to X - X₀.

    A group has the same mean in both, so the whole difference is one of structure.
    """
    before = {group.code: group.share for group in reference.groups}
    means = {group.code: group.mean for group in (*reference.groups, *here.groups)}
    now = {group.code: group.share for group in here.groups}
    return {
        code: (now.get(code, 0.0) - before.get(code, 0.0)) * (mean - reference.mean)
        for code, mean in means.items()
    }
