"""The method applied to one release of the facts; each figure is computed once per release."""

from collections import Counter
from collections.abc import Mapping

from observatory.exposure import method
from observatory.exposure.scored import Scored
from observatory.references import service as references
from observatory.references.facts import Facts, Sector, Territory

SAMPLING = 0.25
"""Share of households behind the census figures by occupation (complementary exploitation)."""

COUNTRY = "FR"
"""What territories are compared with."""


def jobs(facts: Facts) -> dict[str, method.Job]:
    """Scored ROME v3 jobs; those of the armed forces have no score and are absent."""
    return facts.derive("jobs", lambda: _jobs(facts))


def _jobs(facts: Facts) -> dict[str, method.Job]:
    return linked(facts, occupations(facts))


def linked(facts: Facts, scores: Mapping[str, Scored]) -> dict[str, method.Job]:
    """ROME v3 jobs with these scores of occupations, their own or those of the minor group."""
    around: dict[str, list[Scored]] = {}
    for code in sorted(scores):
        around.setdefault(code[:3], []).append(scores[code])
    found = {}
    for link in facts.links.values():
        group = link.occupation
        job = method.job(link.code, scores.get(group), around.get(group[:3], ()))
        if job is not None:
            found[link.code] = job
    return found


def occupations(facts: Facts) -> dict[str, method.Occupation]:
    """Scored occupations, by code."""
    return facts.derive(
        "occupations",
        lambda: {
            code: method.Occupation(code, *each.score[:3])
            for code, each in facts.occupations.items()
            if each.score is not None
        },
    )


def minor_group(facts: Facts, code: str) -> tuple[method.Occupation, ...]:
    """Scored occupations of the same minor group (three digits), itself among them."""

    def build() -> dict[str, tuple[method.Occupation, ...]]:
        groups: dict[str, list[method.Occupation]] = {}
        for each in occupations(facts).values():
            groups.setdefault(each.code[:3], []).append(each)
        return {minor: tuple(members) for minor, members in groups.items()}

    return facts.derive("minor groups", build).get(code[:3], ())


def sector(facts: Facts, code: str) -> method.Exposure | None:
    """Exposure of a section or division, None where no hire is known."""
    return facts.derive(("sector", code), lambda: _sector(facts, facts.sectors[code]))


def _sector(facts: Facts, wanted: Sector) -> method.Exposure | None:
    return method.aggregate(sector_groups(facts, wanted, jobs(facts)), sampling=1.0)


def sector_groups(
    facts: Facts, wanted: Sector, scored: Mapping[str, method.Job]
) -> list[method.Group]:
    """Hires of a section or division by job."""
    hires: Counter[str] = Counter()
    for division in facts.sectors.values():
        if division.level == "division" and wanted.code in (division.code, division.parent):
            hires.update(facts.hires.get(division.code, {}))
    return [
        method.Group(code, count, (scored[code],) if code in scored else ())
        for code, count in hires.items()
    ]


def ranking(facts: Facts, level: str) -> list[str]:
    """Sectors of a level with known hires, most exposed first."""

    def build() -> list[str]:
        found = {
            each.code: exposure.mean
            for each in facts.sectors.values()
            if each.level == level and (exposure := sector(facts, each.code)) is not None
        }
        return sorted(found, key=lambda code: (-found[code], code))

    return facts.derive(("ranking", level), build)


def territory(facts: Facts, wanted: Territory) -> method.Exposure | None:
    """Exposure of a region or country, None where employment by family is not known."""
    return facts.derive(("territory", wanted.id), lambda: _territory(facts, wanted))


def _territory(facts: Facts, wanted: Territory) -> method.Exposure | None:
    groups = territory_groups(facts, employment(facts, wanted), jobs(facts))
    return method.aggregate(groups, sampling=SAMPLING)


def employment(facts: Facts, wanted: Territory) -> Mapping[str, int]:
    """Employment by family of a region or country at the census; empty for what is smaller."""
    found: Counter[str] = Counter()
    for region in references.regions_in(facts, wanted):
        found.update(facts.employment.get(region, {}))
    return found


def territory_groups(
    facts: Facts, counts: Mapping[str, int], scored: Mapping[str, method.Job]
) -> list[method.Group]:
    """Employment by family, each with its scored jobs; a family of another release has none."""

    def members(code: str) -> tuple[method.Job, ...]:
        family = facts.families.get(code)
        return tuple(scored[job] for job in family.jobs if job in scored) if family else ()

    return [method.Group(code, count, members(code)) for code, count in counts.items()]
