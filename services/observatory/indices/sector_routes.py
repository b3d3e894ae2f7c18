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
    """The divisions that both ways reach, with their places, 1 for the most exposed."""

    industry: Method
    hires: dict[str, float]
    industries: dict[str, float]
    hires_rank: dict[str, int]
    industries_rank: dict[str, int]
    agreement: float | None
    """Spearman's rank correlation, None without divisions."""


def compare(facts: Facts, industry: Method) -> Routes:
    """Compare the two ways over the divisions that both reach, none where an index is missing."""
    return facts.derive(("routes", industry.id), lambda: _compare(facts, industry))


def _compare(facts: Facts, industry: Method) -> Routes:
    other = by_industry(facts, industry.id)
    shared = sorted(other.keys() & set(ilo.ranking(facts, "division")))
    hires = {
        code: exposure.mean for code in shared if (exposure := ilo.sector(facts, code)) is not None
    }
    industries = {code: other[code] for code in hires}
    return Routes(
        industry=industry,
        hires=hires,
        industries=industries,
        hires_rank=_ranked(hires),
        industries_rank=_ranked(industries),
        agreement=spearman(list(hires.values()), list(industries.values())) if hires else None,
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
    return SectorRoute(
        code=code,
        label=label,
        hires=ByHires(
            method=version_read(methods()[HIRES]),
            mean=round(found.hires[code], 3),
            rank=found.hires_rank[code],
        ),
        industry=ByIndustry(
            method=version_read(found.industry),
            value=round(found.industries[code], 3),
            rank=found.industries_rank[code],
        ),
        reading_key=READING_KEY_READ,
        reading=texts.READ_ROUTES(
            label=label,
            hires=found.hires_rank[code],
            industry=found.industries_rank[code],
            of=len(found.hires),
            agreement=number(found.agreement or 0.0, 2),
        ),
    )
