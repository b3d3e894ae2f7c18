"""Jobs as they are shown, with what answers them, and what the figures are of."""

from dataclasses import fields
from typing import Any

from training.coverage import wording
from training.coverage.catalogue import Catalogue, Counts, Territory, count
from training.coverage.lines import Line
from training.coverage.schemas import (
    About,
    CertificationCounts,
    ExposureSource,
    Gap,
    JobCoverage,
    JobExposureRead,
    JobOffers,
    OfferCounts,
    TerritoryRead,
    UnavailableRead,
)
from training.coverage.service import REGION, Known


def about(known: Known, territory: Territory) -> dict[str, Any]:
    """Say what the figures are of."""
    made = About(
        on=known.catalogue.day,
        territory=TerritoryRead.model_validate(territory),
        exposure=exposure_source(known),
        unavailable=unavailable(known),
    )
    return dict(made)


def exposure_source(known: Known) -> ExposureSource | None:
    """Name the release that exposure is of."""
    if known.exposure is None:
        return None
    return ExposureSource(
        method=wording.EXPOSURE_METHOD,
        release=known.exposure.release,
        weights=TerritoryRead.model_validate(known.catalogue.territories[REGION]),
    )


def unavailable(known: Known) -> list[UnavailableRead]:
    """Say that the observatory is away."""
    return [UnavailableRead(part="exposure", reason=known.reason)] if known.reason else []


def counts(catalogue: Catalogue, offers: int) -> OfferCounts:
    """Show what there is in a set of offers."""
    return OfferCounts(**_counted(count(catalogue, offers)))


def _counted(found: Counts) -> dict[str, Any]:
    mean = round(found.hours / found.hours_stated, 1) if found.hours_stated else None
    return {one.name: getattr(found, one.name) for one in fields(found)} | {"hours_mean": mean}


def answers(catalogue: Catalogue, leads: int, maintains: int) -> JobOffers:
    """Show the offers that answer a job, or any of several."""
    return JobOffers(
        **_counted(count(catalogue, leads | maintains)),
        leads=leads.bit_count(),
        maintains=(maintains & ~leads).bit_count(),
    )


def _job(catalogue: Catalogue, line: Line) -> dict[str, Any]:
    exposed = line.exposed
    return {
        "code": line.job.code,
        "label": line.label,
        "kind": line.job.kind,
        "basis": line.job.basis,
        "exposure": exposed
        and JobExposureRead(
            mean=exposed.mean, grade=exposed.grade, label=wording.grade(exposed.grade)
        ),
        "employment": line.employment,
        "certifications": CertificationCounts(
            active=line.certifications.bit_count(),
            new=(line.certifications & catalogue.proposed).bit_count(),
            audiences={
                audience: (line.certifications & entitled).bit_count()
                for audience, entitled in catalogue.entitled.items()
            },
        ),
    }


def job(catalogue: Catalogue, where: str, line: Line) -> JobCoverage:
    """Show what answers a job."""
    offers = answers(catalogue, line.leads, line.maintains)
    return JobCoverage(
        **_job(catalogue, line),
        offers=offers,
        covered=offers.offers > 0,
        reading=wording.job(
            catalogue.day,
            where,
            line.label,
            offers.leads,
            offers.maintains,
            line.employment,
        ),
    )


def gap(catalogue: Catalogue, where: str, rank: int, line: Line, region: Line) -> Gap:
    """Show a job that nothing answers, and how many offers do in the rest of the region."""
    missing = line.missing
    assert missing is not None  # noqa: S101  # it is a gap
    return Gap(
        **_job(catalogue, line),
        rank=rank,
        missing=missing,
        elsewhere=region.offers.bit_count(),
        reading=wording.gap(
            missing,
            catalogue.day,
            line.employment,
            place=where,
            label=line.label,
            certifications=line.certifications.bit_count(),
            rank=rank,
        ),
    )
