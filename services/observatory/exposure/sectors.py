"""Answers about the exposure of sectors."""

from typing import Final

from observatory.exposure import book, method, service, texts
from observatory.exposure.schemas import (
    Basis,
    Rank,
    SectorExposure,
    SectorExposureItem,
    SectorJob,
)
from observatory.references import service as references
from observatory.references.facts import Facts, Sector
from platformkit.i18n import Text, language

_TOP = 10
TABLES: Final = ("scores", "crosswalk", "sector_hires", "sectors")


def sector(facts: Facts, given: str) -> bytes:
    """Exposure of a sector as JSON; a sub-class gets that of its division, and says so."""
    found = references.find_sector(facts, given)
    return facts.derive(
        ("sector answer", found.code, language()),
        lambda: _answer(facts, found).model_dump_json(by_alias=True).encode(),
    )


def measured(facts: Facts, found: Sector) -> tuple[Sector, Text, method.Exposure]:
    """Nearest level of a sector with known hires, why it is that one; or ExposureUnmeasured."""
    basis, reason = found, texts.SECTOR_DIRECT
    if basis.level == "subclass":
        basis, reason = facts.sectors[basis.parent], texts.SECTOR_FROM_DIVISION
    exposure = book.sector(facts, basis.code)
    if exposure is None and basis.level == "division":
        basis, reason = facts.sectors[basis.parent], texts.SECTOR_FROM_SECTION
        exposure = book.sector(facts, basis.code)
    if exposure is None:
        raise service.ExposureUnmeasured(given=found.code, label=found.label())
    return basis, reason, exposure


def told_basis(found: Sector, basis: Sector, reason: Text) -> Basis:
    """Say which sector the figures of one are about, and why."""
    return Basis(
        code=basis.code,
        label=basis.label(),
        kind=basis.level,
        exact=basis is found,
        reason=reason(),
    )


def _answer(facts: Facts, found: Sector) -> SectorExposure:
    basis, reason, exposure = measured(facts, found)
    interval = exposure.interval
    return SectorExposure(
        code=found.code,
        level=found.level,
        label=found.label(),
        basis=told_basis(found, basis, reason),
        **service.aggregate(exposure, "hires"),
        **service.provenance(facts, TABLES),
        reading=texts.READ_SECTOR(
            label=basis.label(),
            mean=texts.number(exposure.mean),
            low=texts.number(interval.low),
            high=texts.number(interval.high),
            exposed=texts.percent(exposure.exposed),
        ),
        rank=_rank(facts, basis),
        top_jobs=_top_jobs(facts, exposure),
    )


def _rank(facts: Facts, sector: Sector) -> Rank:
    ranking = book.ranking(facts, sector.level)
    return Rank(position=ranking.index(sector.code) + 1, of=len(ranking))


def _top_jobs(facts: Facts, exposure: method.Exposure) -> list[SectorJob]:
    exposed = [group for group in exposure.groups if group.exposed]
    return [
        SectorJob(
            code=group.code,
            label=facts.links[group.code].label,
            weight=round(group.share, 4),
            mean=round(group.mean, 4),
            grade=service.grade_read(book.jobs(facts)[group.code].grade),
        )
        for group in sorted(exposed, key=lambda each: (-each.weight, each.code))[:_TOP]
    ]


def chosen(facts: Facts, level: str, query: str | None) -> list[Sector]:
    """Sections or divisions with known hires that the query finds."""
    measured = [facts.sectors[code] for code in book.ranking(facts, level)]
    return [each for each in measured if references.matches(query, each.code, each.label())]


def item(facts: Facts, found: Sector) -> SectorExposureItem:
    """Short form of a measured sector."""
    exposure = book.sector(facts, found.code)
    assert exposure is not None  # noqa: S101  # the ranking holds measured sectors only
    return SectorExposureItem(
        code=found.code,
        level=found.level,
        label=found.label(),
        mean=round(exposure.mean, 4),
        interval=service.interval_read(exposure.interval),
        exposed_share=round(exposure.exposed, 4),
        coverage_share=round(exposure.coverage, 4),
        rank=_rank(facts, found),
    )
