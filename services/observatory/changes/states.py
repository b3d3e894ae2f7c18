"""States of an exposure on two sides of a change, and those between that tell effects apart."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from observatory.exposure import book as ilo
from observatory.exposure import method
from observatory.exposure.service import ExposureUnmeasured
from observatory.formulas.change import State
from observatory.indices import book, units
from observatory.indices.catalogue import Method
from observatory.indices.service import IndexNotLoaded
from observatory.indices.units import Kind
from observatory.references.facts import Facts
from platformkit.errors import NotFound
from platformkit.i18n import Text

_FIGURES: Final = {
    "employment": "family_employment",
    "history": "family_years",
    "hires": "sector_hires",
    "occupations": "scores",
}
"""Figures among the facts, and the dataset whose vintage dates them."""

_BOUNDARIES: Final = ("territories", "links", "jobs", "families", "sectors", "soc_links")
"""Perimeters and classifications among the facts."""


class Scale(StrEnum):
    """What a change is told in."""

    PLACE = "place"
    NATIVE = "native"


class EmploymentUnknown(NotFound):
    """Employment by family is not known for this unit in this year."""

    code = "employment-unknown"
    detail = Text(
        "L’emploi par famille en {year} n’est connu que pour FR, de {first} à {last}.",
        "Employment by family in {year} is known for FR only, from {first} to {last}.",
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: on which facts, by which method, in which year (None: the census)."""

    facts: Facts
    method: Method
    year: int | None


def groups(side: Side, kind: Kind, given: str) -> list[method.Group]:
    """Find the groups of a unit on a side; raises EmploymentUnknown, and as a range does."""
    if side.method.id not in book.measured(side.facts):
        raise IndexNotLoaded(id=side.method.id)
    unit = units.find(side.facts, kind, given)
    scored = book.jobs(side.facts, side.method)
    if side.year is None:
        found = unit.groups(scored)
        if not any(group.jobs for group in found):
            raise ExposureUnmeasured(given=unit.code, label=unit.label)
        return found
    counts = side.facts.history.get(side.year)
    if counts is None or kind is not Kind.TERRITORIES or unit.code != ilo.COUNTRY:
        known = sorted(side.facts.history) or [0]
        raise EmploymentUnknown(year=side.year, first=known[0], last=known[-1])
    return ilo.territory_groups(side.facts, counts, scored)


def state(side: Side, kind: Kind, given: str, scale: Scale) -> State:
    """Weights and scores of the groups of a unit on a side."""
    found = groups(side, kind, given)
    placed = book.occupations(side.facts, side.method)

    def score(job: method.Job) -> float:
        if scale is Scale.PLACE:
            return job.mean
        return sum(placed[each.code].native for each in job.occupations) * job.share

    return State(
        weights={group.code: group.weight for group in found},
        scores={
            group.code: sum(score(job) for job in group.jobs) / len(group.jobs)
            for group in found
            if group.jobs
        },
    )


def revised(before: Side, now: Facts) -> Side:
    """Return the side with figures as known now, where the producer calls them the same vintage."""
    if before.facts.release == now.release:
        return before
    old = before.facts
    fields = {
        field: getattr(now, field)
        for field, dataset in _FIGURES.items()
        if _vintage(old, dataset) == _vintage(now, dataset)
    }
    if before.method.id in now.indices and _vintage(old, before.method.dataset) == _vintage(
        now, before.method.dataset
    ):
        own = {before.method.id: now.indices[before.method.id]}
        fields["indices"] = {**old.indices, **own}
    return replace(before, facts=replace(old, **fields, _derived={}))


def redrawn(before: Side, now: Facts) -> Side:
    """Return the side on the perimeters and classifications of now."""
    if before.facts.release == now.release:
        return before
    fields = {field: getattr(now, field) for field in _BOUNDARIES}
    return replace(before, facts=replace(before.facts, **fields, _derived={}))


def _vintage(facts: Facts, dataset: str) -> str | None:
    found = facts.datasets.get(dataset)
    return None if found is None else str(found.source["vintage"])
