"""What has an exposure: jobs, sectors and territories, and what their figures are about."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from observatory.exposure import book, method, sectors, territories
from observatory.references import service as references
from observatory.references.facts import Facts, Job, Sector, Territory


class Kind(StrEnum):
    """The kinds of units."""

    JOBS = "jobs"
    SECTORS = "sectors"
    TERRITORIES = "territories"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; `basis` is the one whose weights are known, often itself."""

    kind: Kind
    code: str
    label: str
    basis: str
    basis_label: str
    counts: str
    """What its weights count: `jobs`, `hires`, or `job` for the one job that it is."""
    sampling: float
    groups: Callable[[Mapping[str, method.Job]], list[method.Group]]
    """Its weights by group, with the scored jobs of each."""


def find(facts: Facts, kind: Kind, given: str) -> Unit:
    """Return the unit; raises Invalid, CodeUnknown, or ExposureUnmeasured for want of weights."""
    match kind:
        case Kind.JOBS:
            return of_job(facts, references.find_job(facts, given))
        case Kind.SECTORS:
            return of_sector(facts, references.find_sector(facts, given))
        case Kind.TERRITORIES:
            return of_territory(facts, references.find_territory(facts, given))


def every(facts: Facts, kind: Kind) -> Iterable[Unit]:
    """Yield the units whose own weights are known, by code."""
    match kind:
        case Kind.JOBS:
            for code in sorted(facts.jobs):
                yield of_job(facts, facts.jobs[code])
        case Kind.SECTORS:
            levels = [*book.ranking(facts, "section"), *book.ranking(facts, "division")]
            for code in sorted(levels):
                yield of_sector(facts, facts.sectors[code])
        case Kind.TERRITORIES:
            for code in sorted(facts.territories):
                if book.territory(facts, facts.territories[code]) is not None:
                    yield of_territory(facts, facts.territories[code])


def of_job(facts: Facts, found: Job) -> Unit:
    """Return a job, measured on the ROME v3 job that carries its unit group."""

    def groups(scored: Mapping[str, method.Job]) -> list[method.Group]:
        own = (scored[found.basis],) if found.basis in scored else ()
        return [method.Group(found.basis, 1, own)]

    return Unit(
        kind=Kind.JOBS,
        code=found.code,
        label=found.label,
        basis=found.basis,
        basis_label=facts.links[found.basis].label,
        counts="job",
        sampling=1.0,
        groups=groups,
    )


def of_sector(facts: Facts, found: Sector) -> Unit:
    """Return a sector, measured on the level at which hires are known."""
    basis, _, _ = sectors.measured(facts, found)
    return Unit(
        kind=Kind.SECTORS,
        code=found.code,
        label=found.label(),
        basis=basis.code,
        basis_label=basis.label(),
        counts="hires",
        sampling=1.0,
        groups=lambda scored: book.sector_groups(facts, basis, scored),
    )


def of_territory(facts: Facts, found: Territory) -> Unit:
    """Return a territory, measured on the smallest one around it whose employment is known."""
    basis, _ = territories.measured(facts, found)
    return Unit(
        kind=Kind.TERRITORIES,
        code=found.id,
        label=found.label(),
        basis=basis.id,
        basis_label=basis.label(),
        counts="jobs",
        sampling=book.SAMPLING,
        groups=lambda scored: book.territory_groups(facts, book.employment(facts, basis), scored),
    )
