"""How ready somebody is for a job, by its skills: pure arithmetic of training.md §5.2.

A skill counts by what it is (1 essential, ½ optional), by how few jobs want it (idf, of mean 1 over
those of the job), and by how much AI changes it (1 + exposure).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Levels = Mapping[str, int]
"""Skills with the level held, taught or needed, 1 to 4; what is absent is 0."""

ESSENTIAL: Final = 1.0
OPTIONAL: Final = 0.5
APPLICABLE: Final = 0.8
"""Of JCRec's match, from which on somebody may apply for a job (Frej et al., SIGIR 2024)."""


@dataclass(frozen=True, slots=True)
class Want:
    """A skill that a job wants; `jobs` is how many want it, None where that says nothing."""

    skill: str
    level: int
    essential: bool
    jobs: int | None = None
    exposure: float = 0.0


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill that a job wants at a level, and its weight among those of the job."""

    skill: str
    level: int
    weight: float


def requirements(wants: Sequence[Want], jobs: int) -> list[Requirement]:
    """Weigh the skills of a job; `jobs` is how many jobs there are in all."""
    rare = {one.skill: math.log(1 + jobs / one.jobs) for one in wants if one.jobs}
    mean = sum(rare.values()) / len(rare) if rare else 1.0
    return [
        Requirement(
            one.skill,
            one.level,
            (ESSENTIAL if one.essential else OPTIONAL)
            * (rare[one.skill] / mean if one.skill in rare else 1.0)
            * (1 + one.exposure),
        )
        for one in wants
    ]


def gap(wanted: Requirement, have: Levels) -> float:
    """Return the share of the level that is missing."""
    return max(0, wanted.level - have.get(wanted.skill, 0)) / wanted.level


def total(wanted: Sequence[Requirement]) -> float:
    """Return the sum of the weights."""
    return math.fsum(one.weight for one in wanted)


def missing(wanted: Sequence[Requirement], have: Levels) -> float:
    """Return the weighted sum of the gaps."""
    return math.fsum(one.weight * gap(one, have) for one in wanted)


def readiness(wanted: Sequence[Requirement], have: Levels) -> float:
    """Return the weighted share of what the job wants that is held: 1 is all of it."""
    held = (one.weight * min(have.get(one.skill, 0), one.level) / one.level for one in wanted)
    return math.fsum(held) / total(wanted)


def match(wanted: Sequence[Requirement], have: Levels) -> float:
    """Return JCRec's match: the same share, each skill alike."""
    held = (min(have.get(one.skill, 0), one.level) / one.level for one in wanted)
    return math.fsum(held) / len(wanted)


def filled(wanted: Sequence[Requirement], have: Levels, taught: Levels) -> dict[str, float]:
    """Return what a course fills of each weighted gap; nothing where it fills nothing."""
    found = {}
    for one in wanted:
        level = min(taught.get(one.skill, 0), one.level)
        held = have.get(one.skill, 0)
        if level > held:
            found[one.skill] = one.weight * (level - held) / one.level
    return found


def after(have: Levels, taught: Levels) -> dict[str, int]:
    """Return what is held after a course: of each skill the higher level."""
    return {**have, **{one: max(level, have.get(one, 0)) for one, level in taught.items()}}


def is_reachable(needs: Levels, have: Levels) -> bool:
    """Whether enough of the prerequisites is held: four fifths of their levels on average."""
    if not needs:
        return True
    held = math.fsum(min(have.get(one, 0), level) / level for one, level in needs.items())
    return held / len(needs) >= APPLICABLE
