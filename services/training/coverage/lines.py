"""Which open offers and active certifications answer which job, and what nothing answers.

Pure. An offer *leads* to a job when it prepares an active certification whose fiche names the job;
it *maintains* it when it names the job itself, without such a certification. A job is covered when
an open offer does either.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from training.coverage.catalogue import Audience, Catalogue, Job, Level, Origin, union
from training.coverage.exposure import EXPOSED, Exposed, Exposure

Missing = Literal["offer", "certification"]
"""What nobody offers: a certification leads there already, or even that is to be made."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which offers are counted: of a territory, for an audience, of an origin, at a level."""

    territory: str
    audience: Audience | None = None
    origin: Origin | None = None
    level: Level | None = None

    def offers(self, catalogue: Catalogue) -> int:
        """Return the open offers of the scope."""
        found = catalogue.open & catalogue.within[self.territory]
        if self.audience:
            found &= catalogue.audiences[self.audience]
        if self.origin:
            found &= catalogue.new if self.origin == "new" else ~catalogue.new
        return found & catalogue.levels[self.level] if self.level else found


@dataclass(frozen=True, slots=True)
class Line:
    """A job with the offers that answer it, and the certifications that lead to it."""

    job: Job
    exposed: Exposed | None
    leads: int
    maintains: int
    certifications: int

    @property
    def label(self) -> str:
        """What people read for the job."""
        return (
            self.exposed.label if self.exposed and self.job.kind == "existing" else self.job.label
        )

    @property
    def offers(self) -> int:
        """All offers that answer the job, each once."""
        return self.leads | self.maintains

    @property
    def employment(self) -> float | None:
        """Employment in the region; an emerging job's is not known, nobody has counted it yet."""
        return self.exposed.employment if self.exposed and self.job.kind == "existing" else None

    @property
    def missing(self) -> Missing | None:
        """What the job lacks."""
        if self.offers:
            return None
        return "offer" if self.certifications else "certification"


def lines(catalogue: Catalogue, exposure: Exposure | None, scope: Scope) -> list[Line]:
    """Return the jobs of the programme: the exposed ones of ROME v3, and the emerging ones.

    Where no exposure is known, all jobs of ROME v3 are there.
    """
    return list(_lines(catalogue, exposure, scope.offers(catalogue)))


def _lines(catalogue: Catalogue, exposure: Exposure | None, offers: int) -> Iterator[Line]:
    for job in catalogue.jobs.values():
        exposed = exposure.jobs.get(job.basis) if exposure else None
        if exposure and job.kind == "existing" and not (exposed and exposed.grade in EXPOSED):
            continue
        named = catalogue.named.get(job.code, 0)
        leads = catalogue.leads.get(job.code, 0) & offers
        yield Line(job, exposed, leads, named & offers & ~leads, named & catalogue.active)


def gaps(found: Iterable[Line]) -> list[tuple[int, Line]]:
    """Rank what nothing answers by the exposed employment that goes without, from 1.

    Emerging jobs come after, the most exposed first; equals by code.
    """
    without = sorted((one for one in found if one.missing), key=_order)
    return list(enumerate(without, start=1))


def _order(line: Line) -> tuple[bool, float, str]:
    weight = line.employment
    if weight is None:
        weight = line.exposed.mean if line.exposed else 0.0
    return line.job.kind == "emerging", -weight, line.job.code


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total, in jobs and in employment; shares are ratios of these totals."""

    jobs: int
    employment: float

    @classmethod
    def of(cls, some: Iterable[Line]) -> "Share":
        """Add lines up."""
        taken = list(some)
        return cls(len(taken), sum(one.employment or 0.0 for one in taken))


def covered(found: Sequence[Line], by: int) -> Share:
    """Add up the jobs that an offer of this set answers."""
    return Share.of(one for one in found if one.offers & by)


def by_origin(found: Sequence[Line], new: int) -> Mapping[str, Share]:
    """Split the jobs by the origins of the offers that answer them: the parts are the whole."""
    tests: Mapping[str, Callable[[Line], bool]] = {
        "inherited_only": lambda one: bool(one.offers) and not one.offers & new,
        "new_only": lambda one: bool(one.offers & new) and not one.offers & ~new,
        "both": lambda one: bool(one.offers & new) and bool(one.offers & ~new),
        "none": lambda one: not one.offers,
    }
    return {name: Share.of(filter(test, found)) for name, test in tests.items()}


def answering(found: Iterable[Line]) -> int:
    """Return the offers that answer any of the jobs, each once."""
    return union(one.offers for one in found)
