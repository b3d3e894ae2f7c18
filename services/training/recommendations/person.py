"""What a profile comes to: levels held, limits, what AI changes; gone with the request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from training.indexing.offers import AUDIENCES
from training.recommendations.answers import Named
from training.recommendations.codes import Codes
from training.recommendations.filters import Limits
from training.recommendations.jobs import Wanted
from training.recommendations.schemas import Profile

_PUBLICS: Final = {"employee": "at_work", "job_seeker": "job_seeker", "young": "young"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a day; `presumed` is what is held because the present job wants it."""

    profile: Profile
    day: date
    job: Named | None
    basis: str | None
    """The ROME 3 job of the present one, where its skills are presumed."""
    have: Mapping[str, int]
    presumed: Mapping[str, int]
    limits: Limits
    exposed: Mapping[str, float]


def person(
    profile: Profile,
    meant: Codes,
    point: tuple[float, float] | None,
    wanted: Mapping[str, Wanted],
    day: date,
) -> Person:
    """Put together what is known of somebody; levels that they tell prevail."""
    job = meant.job(profile.job) if profile.job else None
    own = wanted.get(job.code) if job and profile.presume else None
    presumed = {code: one.want.level for code, one in own.skills.items()} if own else {}
    told = {meant.skill(one.skill): one.level for one in profile.held}
    return Person(
        profile,
        day,
        job,
        own.basis if own else None,
        {**presumed, **told},
        {code: level for code, level in presumed.items() if code not in told},
        _limits(profile, point),
        {meant.skill(one.skill): one.exposure for one in profile.task_exposures},
    )


def _limits(profile: Profile, point: tuple[float, float] | None) -> Limits:
    asked = profile.constraints
    public = _PUBLICS.get(asked.status or "")
    return Limits(
        hours=asked.hours,
        price=asked.euros,
        starts_from=asked.starts_from,
        starts_to=asked.starts_to,
        modes=frozenset(asked.modes),
        point=point,
        radius_km=asked.place.radius_km if asked.place else 0.0,
        level=asked.level,
        languages=frozenset(asked.languages),
        publics=AUDIENCES[public] if public else frozenset(),
    )
