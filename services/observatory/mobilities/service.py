"""Where a job leads, beside the exposure of both ends and the skills between them."""

from typing import Final

from observatory.exposure import book, service, texts
from observatory.exposure.schemas import SourceRead
from observatory.mobilities.schemas import MobilitiesRead, SkillsRead, TargetRead
from observatory.references import service as references
from observatory.references.facts import Facts, Job
from platformkit.i18n import Text, language

_TABLES: Final = ("mobilities", "job_skills", "skills", "scores", "crosswalk", "jobs")
_READING: Final = Text(
    "Lecture : le ROME relie « {label} » à {count} autres métiers ; {less} ont une exposition"
    " moyenne à l’IA générative plus faible (indice de l’OIT, {mean} ici). Une compétence à"
    " acquérir est demandée par le métier visé et non par le métier actuel, au niveau du ROME v3.",
    "Reading: ROME links “{label}” to {count} other jobs; {less} have a lower mean exposure to"
    " generative AI (ILO index, {mean} here). A skill to gain is one that the target job wants and"
    " the present one does not, at the level of ROME v3.",
)
_UNMEASURED: Final = Text("non mesurée", "not measured")


def mobilities(facts: Facts, given: str) -> bytes:
    """Return where a job leads as JSON; raises Invalid or CodeUnknown."""
    found = references.find_job(facts, given)
    return facts.derive(
        ("mobilities", found.code, language()),
        lambda: _answer(facts, found).model_dump_json(by_alias=True).encode(),
    )


def _answer(facts: Facts, found: Job) -> MobilitiesRead:
    own = _mean(facts, found)
    targets = [
        facts.jobs[code] for code in facts.mobilities.get(found.code, ()) if code in facts.jobs
    ]
    items = [_target(facts, found, own, target) for target in targets]
    less = sum(item.difference is not None and item.difference < 0 for item in items)
    return MobilitiesRead(
        code=found.code,
        label=found.label,
        mean=own,
        items=items,
        sources=[
            SourceRead(table=table, **references.provenance(facts, table))
            for table in _TABLES
            if table in facts.datasets
        ],
        release=facts.release,
        reading=_READING(
            label=found.label,
            count=len(items),
            less=less,
            mean=_UNMEASURED() if own is None else texts.number(own, 2),
        ),
    )


def _mean(facts: Facts, job: Job) -> float | None:
    scored = book.jobs(facts).get(job.basis)
    return None if scored is None else round(scored.mean, 4)


def _target(facts: Facts, found: Job, own: float | None, target: Job) -> TargetRead:
    mean = _mean(facts, target)
    scored = book.jobs(facts).get(target.basis)
    return TargetRead(
        code=target.code,
        label=target.label,
        mean=mean,
        difference=None if own is None or mean is None else round(mean - own, 4),
        grade=None if scored is None else service.grade_read(scored.grade),
        skills=_skills(facts, found.basis, target.basis),
    )


def _skills(facts: Facts, present: str, target: str) -> SkillsRead | None:
    here, there = facts.job_skills.get(present), facts.job_skills.get(target)
    if here is None or there is None or present == target:
        return None
    gained = sorted(facts.skills[code] for code in there - here if code in facts.skills)
    return SkillsRead(shared=len(here & there), to_gain=gained)
