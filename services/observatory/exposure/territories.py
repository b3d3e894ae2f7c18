"""Answers about the exposure of territories."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from observatory.exposure import book, method, service, texts
from observatory.exposure.schemas import (
    Basis,
    Comparison,
    FamilyExposure,
    TerritoryExposure,
    TerritoryJob,
)
from observatory.references import service as references
from observatory.references.facts import Facts, Territory
from platformkit.i18n import language

_TOP = 5
TABLES: Final = ("scores", "crosswalk", "family_jobs", "family_employment", "territories")


def territory(facts: Facts, given: str) -> bytes:
    """Exposure of a territory as JSON, or of the nearest one around it that can be measured."""
    found = references.find_territory(facts, given)
    return facts.derive(
        ("territory answer", found.id, language()),
        lambda: _answer(facts, found).model_dump_json(by_alias=True).encode(),
    )


def measured(facts: Facts, found: Territory) -> tuple[Territory, method.Exposure]:
    """Nearest territory around this one, or itself, that is measured; or ExposureUnmeasured."""
    for candidate in references.lineage(facts, found):
        exposure = book.territory(facts, candidate)
        if exposure is not None:
            return candidate, exposure
    raise service.ExposureUnmeasured(given=found.id, label=found.label())


def told_basis(found: Territory, basis: Territory) -> Basis:
    """Say which territory the figures of one are about, and why."""
    reason = texts.TERRITORY_DIRECT() if basis is found else texts.TERRITORY_FROM_PARENT()
    if found.crosses_regions:
        reason += texts.TERRITORY_CROSSES()
    return Basis(
        code=basis.id,
        label=basis.label(),
        kind=basis.kind,
        exact=basis is found,
        reason=reason,
    )


def _answer(facts: Facts, found: Territory) -> TerritoryExposure:
    basis, exposure = measured(facts, found)
    country, reference = measured(facts, facts.territories[book.COUNTRY])
    difference, error = method.difference(exposure, reference)
    interval = exposure.interval
    return TerritoryExposure(
        id=found.id,
        code=found.code,
        kind=found.kind,
        label=found.label(),
        basis=told_basis(found, basis),
        employment=round(exposure.weight),
        **service.aggregate(exposure, "jobs"),
        **service.provenance(facts, TABLES),
        reading=texts.READ_TERRITORY(
            label=basis.label(),
            mean=texts.number(exposure.mean),
            low=texts.number(interval.low),
            high=texts.number(interval.high),
            reference=texts.number(reference.mean),
            country=country.label(),
            exposed=texts.percent(exposure.exposed),
        ),
        comparison=Comparison(
            code=country.id,
            label=country.label(),
            mean=round(reference.mean, 4),
            exposed_share=round(reference.exposed, 4),
            difference=round(difference, 4),
            difference_se=round(error, 5),
        ),
        top_families=_families(facts, exposure)[:_TOP],
    )


def families(facts: Facts, given: str) -> tuple[str, Basis, list[FamilyExposure]]:
    """Families of a territory, most exposed first, with what the figures are about."""
    found = references.find_territory(facts, given)
    basis, exposure = measured(facts, found)
    return found.id, told_basis(found, basis), _families(facts, exposure)


def jobs(facts: Facts, given: str) -> tuple[str, Basis, list[TerritoryJob]]:
    """Scored jobs with the employment that they have in a territory by the method.

    Those in gradients 1 to 4 have together the share that the territory's answer calls exposed.
    """
    found = references.find_territory(facts, given)
    basis, _ = measured(facts, found)
    held = employed(facts, basis)
    return (
        found.id,
        told_basis(found, basis),
        [
            TerritoryJob(
                code=code,
                label=facts.links[code].label,
                employment=round(held.get(code, 0.0), 3),
                mean=round(scored.mean, 4),
                grade=service.grade_read(scored.grade),
            )
            for code, scored in book.jobs(facts).items()
        ],
    )


def employed(facts: Facts, basis: Territory) -> Mapping[str, float]:
    """Employment by job: who is in a family may have any of its scored jobs, equally likely."""
    return facts.derive(("employed", basis.id), lambda: _employed(facts, basis))


def _employed(facts: Facts, basis: Territory) -> Mapping[str, float]:
    employed: defaultdict[str, float] = defaultdict(float)
    for group in book.territory_groups(facts, book.employment(facts, basis), book.jobs(facts)):
        for job in group.jobs:
            employed[job.code] += group.weight / len(group.jobs)
    return employed


def _families(facts: Facts, exposure: method.Exposure) -> list[FamilyExposure]:
    _, reference = measured(facts, facts.territories[book.COUNTRY])
    adds = method.contributions(exposure, reference)
    return [
        FamilyExposure(
            code=group.code,
            label=facts.families[group.code].label(),
            jobs=round(group.weight),
            share=round(group.share, 4),
            mean=round(group.mean, 4),
            exposed_share=round(group.exposed, 4),
            contribution=round(adds[group.code], 6),
        )
        for group in exposure.groups
    ]
