"""Answers about the exposure of jobs."""

from typing import Final

from observatory.exposure import book, method, service, texts
from observatory.exposure.schemas import (
    Basis,
    JobExposure,
    JobExposureItem,
    JobRanges,
    OccupationRead,
)
from observatory.references import service as references
from observatory.references.facts import Facts, Job
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text, language

BATCH = 50
"""Most job codes in one request."""

TABLES: Final = ("scores", "crosswalk", "jobs")
_TOO_MANY = Text("Au plus {most} codes par requête.", "At most {most} codes in a request.")


def job(facts: Facts, given: str) -> bytes:
    """Exposure of a ROME job as JSON; raises Invalid, CodeUnknown or ExposureUnmeasured."""
    found = references.find_job(facts, given)
    scored = book.jobs(facts).get(found.basis)
    if scored is None:
        raise service.ExposureUnmeasured(given=found.code, label=found.label)
    return facts.derive(
        ("job answer", found.code, language()),
        lambda: _answer(facts, found, scored).model_dump_json(by_alias=True).encode(),
    )


def _answer(facts: Facts, found: Job, scored: method.Job) -> JobExposure:
    short = _item(facts, found, scored)
    linked = facts.links[found.basis].occupation
    around = [float(each.mean) for each in book.minor_group(facts, linked)]
    klass = (
        texts.READ_CLASS(name=short.grade.label)
        if short.grade is not None
        else texts.READ_NO_CLASS()
    )
    return JobExposure(
        **dict(short),
        **service.provenance(facts, TABLES),
        reading=texts.READ_JOB(
            code=found.code, label=found.label, mean=texts.number(short.mean, 2), klass=klass
        ),
        occupations=[
            OccupationRead(
                code=each.code,
                label=facts.occupations[each.code].label(),
                weight=round(scored.share, 4),
                mean=float(each.mean),
                sd=float(each.sd),
                tasks=each.tasks,
            )
            for each in scored.occupations
        ],
        tasks=scored.tasks,
        ranges=JobRanges(
            score=short.interval,
            tasks=service.interval_read(method.around(scored.mean, scored.sd)),
            crosswalk=service.interval_read(method.Range(min(around), max(around))),
        ),
    )


def told_basis(facts: Facts, found: Job, scored: method.Job) -> Basis:
    """Say which job of ROME v3 the figures of one are about, and why."""
    reason = texts.JOB_DIRECT() if found.code == found.basis else texts.JOB_FROM_PARENT()
    if scored.imputed:
        reason += " " + texts.JOB_IMPUTED()
    return Basis(
        code=found.basis,
        label=facts.links[found.basis].label,
        kind="rome_v3",
        exact=found.code == found.basis and not scored.imputed,
        reason=reason,
    )


def _item(facts: Facts, found: Job, scored: method.Job) -> JobExposureItem:
    return JobExposureItem(
        code=found.code,
        label=found.label,
        basis=told_basis(facts, found, scored),
        mean=round(scored.mean, 4),
        sd=round(scored.sd, 4),
        se=round(scored.se, 4),
        grade=service.grade_read(scored.grade),
        interval=service.interval_read(method.around(scored.mean, method.Z * scored.se)),
    )


def chosen(
    facts: Facts, codes: str | None, grade: str | None, query: str | None
) -> tuple[list[Job], list[str]]:
    """Jobs of these codes and class that the query finds, and the codes without exposure."""
    scored = book.jobs(facts)
    known = {code: job for code, job in facts.jobs.items() if job.basis in scored}
    wanted = known.keys() if codes is None else _wanted(codes)
    found = [
        known[code]
        for code in wanted & known.keys()
        if grade in (None, scored[known[code].basis].grade or "unclassified")
        and references.matches(query, code, known[code].label)
    ]
    return found, sorted(wanted - known.keys())


def item(facts: Facts, found: Job) -> JobExposureItem:
    """Short form of a job that has an exposure."""
    return _item(facts, found, book.jobs(facts)[found.basis])


def _wanted(codes: str) -> set[str]:
    given = [code.strip() for code in codes.split(",") if code.strip()]
    faults = [
        references.malformed(f"codes/{place}", references.JOB_FORM, where="query")
        for place, code in enumerate(given)
        if not references.is_job_code(code)
    ]
    if len(given) > BATCH:
        most = Text(_TOO_MANY.fr.format(most=BATCH), _TOO_MANY.en.format(most=BATCH))
        faults.append(Fault("/codes", "too-many-codes", most, where="query"))
    if faults:
        raise Invalid(faults)
    return {code.upper() for code in given}
