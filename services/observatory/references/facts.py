"""One release of the reference tables in memory: about seventeen thousand small rows."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from platformkit.i18n import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Occupation:
    """An ISCO-08 unit group; `score` is (mean, SD, tasks, published class), None if unscored."""

    code: str
    label: Text
    score: tuple[Decimal, Decimal, int, str] | None


@dataclass(frozen=True, slots=True)
class Link:
    """A ROME v3 job and its unit group."""

    code: str
    label: str
    occupation: str


@dataclass(frozen=True, slots=True)
class Job:
    """A ROME 4.0 job and the ROME v3 job that carries its unit group."""

    code: str
    label: str
    basis: str


@dataclass(frozen=True, slots=True)
class Family:
    """A job family and its ROME v3 jobs."""

    code: str
    label: Text
    jobs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sector:
    """A section, division or sub-class of NAF rev. 2."""

    code: str
    level: str
    parent: str
    label: Text


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory; `id` is unique, `code` is the official one within its kind."""

    id: str
    code: str
    kind: str
    label: Text
    parent: str
    crosses_regions: bool


@dataclass(frozen=True, slots=True)
class Dataset:
    """A loaded table and its provenance."""

    name: str
    version: int
    sha256: str
    rows: int
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IndexScore:
    """A score by an index; SD and tasks where the producer publishes a dispersion."""

    value: float
    sd: float | None
    tasks: int | None


@dataclass(frozen=True, slots=True)
class Index:
    """The scores of an index, by code of the classification that its producer uses."""

    classification: str
    scores: Mapping[str, IndexScore]


@dataclass(frozen=True, slots=True)
class Industry:
    """The score of an industry; `members` are beginnings of its NAICS codes."""

    code: str
    members: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Facts:
    """All tables of one release; what is derived from them is remembered with them."""

    release: str
    datasets: Mapping[str, Dataset]
    occupations: Mapping[str, Occupation]
    links: Mapping[str, Link]
    jobs: Mapping[str, Job]
    mobilities: Mapping[str, tuple[str, ...]]
    skills: Mapping[str, str]
    job_skills: Mapping[str, frozenset[str]]
    families: Mapping[str, Family]
    employment: Mapping[str, Mapping[str, int]]
    sectors: Mapping[str, Sector]
    hires: Mapping[str, Mapping[str, int]]
    territories: Mapping[str, Territory]
    indices: Mapping[str, Index]
    soc_links: Mapping[str, tuple[str, ...]]
    history: Mapping[int, Mapping[str, int]]
    industries: Mapping[str, tuple[Industry, ...]]
    industry_links: Mapping[str, tuple[str, ...]]
    _derived: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def derive(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what `build` made for this key, once per release; the keys must be bounded."""
        if key not in self._derived:
            self._derived[key] = build()
        found: T = self._derived[key]
        return found
