"""From a job that AI changes: certifications that keep it, and the next jobs with theirs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, Field

from platformkit.clients.observatory import ObservatoryClient
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool
from training.recommendations import jobs, queries, versions
from training.recommendations.answers import DataRead, Named, Unavailable
from training.recommendations.jobs import Exposures, Wanted
from training.recommendations.rendering import rounded
from training.references.service import RomeUnknown

_READING: Final = Text(
    "Lecture : le ROME relie « {label} » à {count} autres métiers, dont {less} moins exposés à l’IA"
    " générative. La similarité est la part des compétences du métier visé que l’on apporte.",
    "Reading: ROME links “{label}” to {count} other jobs, of which {less} are less exposed to"
    " generative AI. Similarity is the share of the target’s skills that one brings along.",
)


class CertificationLead(BaseModel):
    """A certification in which one may enrol on the day, and how many offers prepare for it."""

    number: str
    title: str
    level: int | None
    registration_end: date | None
    offers: int


class CertificationKept(CertificationLead):
    """One that adapts to AI; the skills of adaptation that its texts name."""

    skills: list[str]


class Transition(BaseModel):
    """A job that the present one leads to, the least exposed first."""

    job: Named
    exposure: float | None
    difference: float | None = Field(description="negative where AI changes it less")
    similarity: float | None = Field(
        description="Nesta's; null where the two jobs are one at the level of ROME 3"
    )
    shared: int | None
    to_gain: list[Named] = Field(description="skills that it wants and the present job does not")
    certifications: list[CertificationLead]


class TransitionsRead(BaseModel):
    """Where a job leads, and what keeps it."""

    job: Named
    exposure: float | None
    keep: list[CertificationKept]
    items: list[Transition]
    data: DataRead
    unavailable: list[Unavailable]
    reading: str


async def transitions(
    reads: ReadPool, observatory: ObservatoryClient, rome: str, day: date
) -> tuple[bytes, bool]:
    """Tell where a job leads, and whether all could be told; raises RomeUnknown."""
    own = await reads.fetchrow("job", queries.JOB, rome)
    if own is None:
        raise RomeUnknown(code=rome)
    rows = await reads.fetch("mobilities of a job", queries.MOBILITIES, rome)
    codes = [row["code"] for row in rows]
    known = await jobs.exposures(observatory, [rome, *codes])
    wanted = await jobs.wanted(reads, {rome, *codes})
    bases = [row["basis"] for row in rows]
    leading: dict[str, list[CertificationLead]] = {code: [] for code in codes}
    for row in await reads.fetch("certifications leading", queries.LEADING, day, codes, bases):
        leading[row["job"]].append(CertificationLead(**_certification(row)))
    keeping = await reads.fetch("certifications keeping", queries.KEEPING, day, rome)
    items = sorted(
        (_transition(rome, row, known, wanted, leading[row["code"]]) for row in rows),
        key=lambda one: (
            1.0 if one.difference is None else one.difference,
            -(one.similarity or 0.0),
            one.job.code,
        ),
    )
    less = sum(one.difference is not None and one.difference < 0 for one in items)
    body = TransitionsRead(
        job=Named(code=rome, label=own["label"]),
        exposure=rounded(known.means.get(rome)),
        keep=[
            CertificationKept(**_certification(row), skills=row["skills"] or []) for row in keeping
        ],
        items=items,
        data=await versions.held(reads, day),
        unavailable=list(known.missing),
        reading=_READING(label=own["label"], count=len(items), less=less),
    )
    return body.model_dump_json().encode(), not known.missing


def _transition(
    rome: str,
    row: Mapping[str, Any],
    known: Exposures,
    wanted: Mapping[str, Wanted],
    certifications: Sequence[CertificationLead],
) -> Transition:
    here, there = wanted.get(rome), wanted.get(row["code"])
    gained: Sequence[Named] = ()
    similarity = shared = None
    if here and there and here.basis != there.basis:
        new = there.skills.keys() - here.skills.keys()
        gained = [Named(code=code, label=there.skills[code].label) for code in sorted(new)]
        similarity, shared = rounded(jobs.brought(here, there)), len(there.skills) - len(gained)
    own, mean = known.means.get(rome), known.means.get(row["code"])
    return Transition(
        job=Named(code=row["code"], label=row["label"]),
        exposure=rounded(mean),
        difference=None if own is None or mean is None else rounded(mean - own),
        similarity=similarity,
        shared=shared,
        to_gain=list(gained),
        certifications=list(certifications),
    )


def _certification(row: Mapping[str, Any]) -> dict[str, Any]:
    title = row["title_en"] if language() == "en" else None
    return {
        "number": row["code"],
        "title": title or row["title"],
        **{name: row[name] for name in ("level", "registration_end", "offers")},
    }
