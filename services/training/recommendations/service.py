"""Recommending courses: reads the nomenclatures and the catalogue, keeps nothing of the person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from platformkit.clients.observatory import ObservatoryClient
from platformkit.reads import ReadPool
from training.recommendations import codes, jobs, queries, texts, versions
from training.recommendations.answers import (
    MethodRead,
    Named,
    Recommended,
    TargetRead,
)
from training.recommendations.jobs import Exposures, Wanted
from training.recommendations.person import person
from training.recommendations.rendering import rounded
from training.recommendations.schemas import MOST_TARGETS, Profile
from training.recommendations.targets import target

_TRIED: Final = 6
"""Less exposed jobs for which a path is sought: those to which one brings most along."""


async def recommend(
    reads: ReadPool, observatory: ObservatoryClient, profile: Profile, day: date
) -> bytes:
    """Answer a profile as JSON, the same bytes for the same data; raises ProfileRefused."""
    meant = await codes.resolved(reads, profile, day)
    point = await codes.point(reads, profile)
    job = meant.job(profile.job) if profile.job else None
    aimed = [meant.job(one) for one in profile.targets]
    known = Exposures({}, [])
    if profile.aim == "less_exposed" and job:
        aimed, known = await _less_exposed(reads, observatory, job)
    elif profile.aim == "stay" and job:
        aimed = [job]
    wanted = await jobs.wanted(reads, {one.code for one in [*aimed, *([job] if job else [])]})
    if profile.aim == "less_exposed" and job:
        aimed = _nearest(job, aimed, wanted)
    somebody = person(profile, meant, point, wanted, day)
    tensions = await jobs.tensions(reads, [one.code for one in aimed])
    extra = await jobs.adaptation(reads) if profile.aim == "stay" else {}
    in_all = await reads.fetchval("jobs in all", queries.JOBS)
    found = [
        await target(
            reads,
            somebody,
            one,
            wanted.get(one.code),
            extra,
            tensions.get(one.code),
            known.means.get(one.code),
            in_all,
        )
        for one in aimed
    ]
    if profile.aim == "less_exposed":
        found = sorted(found, key=_shortest)[:MOST_TARGETS]
    body = Recommended(
        aim=profile.aim,
        on=day,
        job=job,
        exposure=rounded(known.means.get(job.code) if job else None),
        replaced=list(meant.replaced),
        targets=found,
        method=MethodRead(
            version=texts.VERSION,
            weights=profile.weights.model_dump(),
            citations=list(texts.CITATIONS),
            limits=[one() for one in texts.LIMITS],
        ),
        data=await versions.held(reads, day),
        unavailable=list(known.missing),
    )
    return body.model_dump_json().encode()


async def _less_exposed(
    reads: ReadPool, observatory: ObservatoryClient, job: Named
) -> tuple[list[Named], Exposures]:
    """Find the jobs that this one leads to and that AI changes less."""
    rows = await reads.fetch("mobilities of a job", queries.MOBILITIES, job.code)
    asked = [job.code, *(row["code"] for row in rows)]
    known = await jobs.exposures(observatory, asked)
    own = known.means.get(job.code)
    targets = [
        Named(code=row["code"], label=row["label"])
        for row in rows
        if own is not None and known.means.get(row["code"], own) < own
    ]
    return targets, known


def _nearest(job: Named, targets: Sequence[Named], wanted: Mapping[str, Wanted]) -> list[Named]:
    """Keep the targets to which most is brought along, of those that can be told apart."""
    here = wanted.get(job.code)
    apart = [
        one
        for one in targets
        if here and one.code in wanted and wanted[one.code].basis != here.basis
    ]
    return sorted(
        apart, key=lambda one: (-jobs.brought(wanted[job.code], wanted[one.code]), one.code)
    )[:_TRIED]


def _shortest(target: TargetRead) -> tuple[bool, float, float, str]:
    """Order by whether one may apply at the end, then by hours, or by how near one comes."""
    path = target.path
    if path is None or not path.applicable:
        return True, -(path.readiness if path else target.readiness or 0.0), 0.0, target.job.code
    return False, path.hours, -path.readiness, target.job.code
