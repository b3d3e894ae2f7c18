"""Two ways to the exposure of a division: by the jobs it hires, and by an index of industries."""

from dataclasses import dataclass
from statistics import fmean

from observatory.exposure import book as ilo
from observatory.exposure.texts import number
from observatory.formulas.ranges import spearman
from observatory.indices import texts
from observatory.indices.catalogue import Method, methods
from observatory.indices.cells import READING_KEY_READ, version_read
from observatory.indices.schemas import ByHires, ByIndustry, SectorRoute
from observatory.references.facts import Facts

HIRES = "ilo-2025"


@dataclass(frozen=True, slots=True)
class Routes:
    """Divisions by both ways; a rank is among those that its way reaches, 1 the most exposed."""

    industry: Method
    hires: dict[str, float]
    industries: dict[str, float]
    hires_rank: dict[str, int]
    industries_rank: dict[str, int]
    agreement: float | None
    """Spearman's rank correlation over `industries`, None without any."""


def compare(facts: Facts, industry: Method) -> Routes:
    """Compare the two ways over the divisions with known hires."""
    return facts.derive(("routes", industry.id), lambda: _compare(facts, industry))


def _compare(facts: Facts, industry: Method) -> Routes:
    hires = {
        code: exposure.mean
        for code in ilo.ranking(facts, "division")
        if (exposure := ilo.sector(facts, code)) is not None
    }
    other = by_industry(facts, industry.id)
    industries = {code: other[code] for code in hires if code in other}
    shared = [hires[code] for code in industries]
    return Routes(
        industry=industry,
        hires=hires,
        industries=industries,
        hires_rank=_ranked(hires),
        industries_rank=_ranked(industries),
        agreement=spearman(shared, list(industries.values())) if shared else None,
    )


def by_industry(facts: Facts, index: str) -> dict[str, float]:
    """Mean score of a division over the ISIC classes of the industries that reach it."""
    found: dict[str, list[float]] = {}
    for each in facts.industries.get(index, ()):
        classes = {
            isic
            for naics, linked in facts.industry_links.items()
            if naics.startswith(each.members)
            for isic in linked
        }
        for isic in sorted(classes):
            found.setdefault(isic[:2], []).append(each.value)
    return {division: fmean(values) for division, values in found.items()}


def _ranked(values: dict[str, float]) -> dict[str, int]:
    ordered = sorted(values, key=lambda code: (-values[code], code))
    return {code: place for place, code in enumerate(ordered, start=1)}


def route_read(facts: Facts, found: Routes, code: str) -> SectorRoute:
    """Wire form of a division by both ways."""
    label = facts.sectors[code].label()
    said = {"label": label, "hires": found.hires_rank[code], "of": len(found.hires)}
    industry, sentence = None, texts.READ_HIRES(**said)
    if code in found.industries and found.agreement is not None:
        rank, among = found.industries_rank[code], len(found.industries)
        industry = ByIndustry(
            method=version_read(found.industry), value=round(found.industries[code], 3), rank=rank
        )
        agreement = number(found.agreement, 2)
        sentence = texts.READ_ROUTES(**said, industry=rank, among=among, agreement=agreement)
    return SectorRoute(
        code=code,
        label=label,
        hires=ByHires(
            method=version_read(methods()[HIRES]),
            mean=round(found.hires[code], 3),
            rank=found.hires_rank[code],
        ),
        industry=industry,
        reading_key=READING_KEY_READ,
        reading=sentence,
    )
