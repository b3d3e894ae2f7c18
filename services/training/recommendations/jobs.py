"""What jobs want, where they lead, and how exposed they are to AI."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from platformkit.clients.base import PeerProblem, PeerUnavailable
from platformkit.clients.observatory import BATCH, ObservatoryClient
from platformkit.reads import ReadPool
from training.recommendations import queries, similarity
from training.recommendations.answers import Unavailable
from training.recommendations.codes import label
from training.recommendations.readiness import Want


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill that a job wants, with the words by which texts name it."""

    code: str
    label: str
    said: str
    want: Want


@dataclass(frozen=True, slots=True)
class Wanted:
    """The skills of a job; `basis` is the ROME 3 job that they are from."""

    basis: str
    skills: Mapping[str, Skill]


@dataclass(frozen=True, slots=True)
class Exposures:
    """Mean exposure of jobs to generative AI, of those that have one."""

    means: Mapping[str, float]
    missing: Sequence[Unavailable]


def _skill(row: Mapping[str, Any]) -> Skill:
    want = Want(row["code"], row["required"], row["essential"], row["jobs"])
    return Skill(row["code"], label(row), row["said"], want)


async def wanted(reads: ReadPool, jobs: Collection[str]) -> dict[str, Wanted]:
    """Read what each job wants; one of which nothing is known is absent."""
    found: dict[str, tuple[str, dict[str, Skill]]] = {}
    for row in await reads.fetch("skills of jobs", queries.WANTS, sorted(jobs)):
        found.setdefault(row["job"], (row["basis"], {}))[1][row["code"]] = _skill(row)
    return {job: Wanted(basis, skills) for job, (basis, skills) in found.items()}


async def adaptation(reads: ReadPool) -> dict[str, Skill]:
    """Read what whoever stays in a job that AI changes needs beside its skills."""
    rows = await reads.fetch("skills of adaptation", queries.ADAPTATION)
    return {row["code"]: _skill(row) for row in rows}


async def tensions(reads: ReadPool, jobs: Collection[str]) -> dict[str, float]:
    """Read the share of recruitments for the jobs that employers expect to be difficult."""
    rows = await reads.fetch("tensions of jobs", queries.TENSIONS, sorted(jobs))
    return {row["job"]: row["tension"] / 100 for row in rows}


async def exposures(observatory: ObservatoryClient, jobs: Sequence[str]) -> Exposures:
    """Ask the observatory; that it is down is a reason, not a fault."""
    try:
        found = await observatory.job_exposures(list(jobs)[:BATCH])
    except PeerUnavailable as error:
        return Exposures({}, [Unavailable(part="exposure", reason=error.reason)])
    except PeerProblem as error:
        return Exposures({}, [Unavailable(part="exposure", reason=error.code)])
    return Exposures({one.code: one.mean for one in found.items}, [])


def brought(origin: Wanted, destination: Wanted) -> float:
    """Return Nesta's similarity of two jobs, by what the first brings along to the second."""
    return similarity.coverage(
        *({code: one.label for code, one in job.skills.items()} for job in (origin, destination))
    )
