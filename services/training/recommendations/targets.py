"""One job before a person: how ready they are, which courses, which path, what is excluded."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from platformkit.i18n import Text
from platformkit.reads import ReadPool
from training.recommendations import (
    advice,
    catalogue,
    queries,
    readiness,
    rendering,
    scoring,
    texts,
)
from training.recommendations.advice import Advice, Situation
from training.recommendations.answers import Exclusions, Named, Outcome, TargetRead
from training.recommendations.jobs import Skill, Wanted
from training.recommendations.paths import Budget
from training.recommendations.person import Person
from training.recommendations.rendering import rounded


async def target(
    reads: ReadPool,
    person: Person,
    job: Named,
    wants: Wanted | None,
    extra: Mapping[str, Skill],
    demand: float | None,
    exposure: float | None,
    jobs_in_all: int,
) -> TargetRead:
    """Say what brings a person to a job, or why the data do not allow to say it."""
    profile = person.profile
    skills = {**(wants.skills if wants else {}), **extra}
    weights = scoring.effective(
        profile.weights.model_dump(),
        {
            "coverage": True,
            "efficiency": True,
            "proximity": person.limits.point is not None,
            "demand": demand is not None,
        },
    )
    blank = TargetRead(
        job=job,
        basis=wants.basis if wants else job.code,
        exposure=rounded(exposure),
        status="insufficient_data",
        reason=texts.NO_SKILLS(),
        readiness=None,
        match=None,
        applicable=None,
        demand=rounded(demand),
        weights=weights,
        gaps=[],
        courses=[],
        path=None,
        exclusions=Exclusions(total=0, items=[]),
        matched=0,
        considered=0,
    )
    if wants is None:
        return blank
    if profile.aim == "move" and wants.basis == person.basis and job != person.job:
        return blank.model_copy(update={"reason": texts.SAME_SKILLS()})
    weighed = [
        replace(one.want, exposure=person.exposed.get(code, 0.0)) for code, one in skills.items()
    ]
    wanted = readiness.requirements(weighed, jobs_in_all)
    match = readiness.match(wanted, person.have)
    known = blank.model_copy(
        update={
            "readiness": rounded(readiness.readiness(wanted, person.have)),
            "match": rounded(match),
            "applicable": match >= readiness.APPLICABLE,
            "gaps": rendering.gaps(wanted, skills, person.have, person.presumed),
        }
    )
    if readiness.missing(wanted, person.have) == 0:
        return _ended(known, "target_reached", texts.REACHED)
    found = await catalogue.teaching(reads, wanted, person.have, person.day)
    if not found.offers:
        return _ended(known, "insufficient_data", texts.NO_OFFERS)
    asked = profile.constraints
    situation = Situation(
        wanted,
        person.have,
        person.limits,
        Budget(asked.hours, asked.euros, asked.courses),
        weights,
        demand,
        person.day,
    )
    advised = await asyncio.to_thread(advice.advise, situation, found.offers, found.validities)
    counted = known.model_copy(
        update={
            "exclusions": rendering.exclusions(advised),
            "matched": found.matched,
            "considered": len(found.offers),
        }
    )
    if not advised.courses and not advised.path.courses:
        told = _ended(counted, "nothing_fits", texts.NOTHING_FITS)
        return told.model_copy(update={"path": rendering.path(advised, situation, skills, {})})
    return await _with_courses(reads, counted, advised, situation, skills)


async def _with_courses(
    reads: ReadPool,
    target: TargetRead,
    advised: Advice,
    situation: Situation,
    skills: Mapping[str, Skill],
) -> TargetRead:
    read = await reads.fetch("texts of courses", queries.TEXTS, *rendering.cited(advised))
    told = {row["id"]: row["texts"] for row in read}
    return target.model_copy(
        update={
            "status": "recommended",
            "reason": None,
            "courses": rendering.courses(advised, situation, skills, told),
            "path": rendering.path(advised, situation, skills, told),
        }
    )


def _ended(target: TargetRead, status: Outcome, reason: Text) -> TargetRead:
    return target.model_copy(update={"status": status, "reason": reason()})
