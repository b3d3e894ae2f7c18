"""The catalogue of one day as strings of bits, and whatever is counted in a set of its offers.

Pure. A set of offers is a whole number that has a bit for each of them: what is in two sets is
their AND, so no offer counts twice, and numbers are summed by their binary digits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Final, Literal, TypeVar
from uuid import UUID

K = TypeVar("K")

Audience = Literal["at_work", "young", "job_seeker"]
Origin = Literal["inherited", "new"]
Level = Literal["1", "2", "3", "4", "5", "6", "7", "8", "not_stated"]
Kind = Literal["existing", "emerging"]

FUNDED: Final[Mapping[Audience, Sequence[str]]] = {
    "at_work": ("5", "16", "17"),
    "young": (),
    "job_seeker": ("4",),
}
"""Funders (LHÉO) that pay for one audience: employer, Opco, Transitions Pro; France Travail."""

ROUTES: Final[Mapping[Audience, Sequence[str]]] = {
    "at_work": ("FC", "CL", "VAE"),
    "young": ("FI", "CA", "CQ"),
    "job_seeker": ("FC", "CQ"),
}
"""Access routes of a certification by which an audience comes to it. Our own reading."""

LEVELS: Final[Sequence[Level]] = ("8", "7", "6", "5", "4", "3", "2", "1")
MODES: Final = ("on_site", "mixed", "remote")
MEASURED: Final = ("sessions", "seats", "hours")


@dataclass(frozen=True, slots=True)
class Job:
    """A job of ROME: one of ROME v3 with what became of it, or an emerging one by itself."""

    code: str
    label: str
    basis: str
    """The job of ROME v3 that has the exposure and the employment."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory under the observatory's identifier."""

    id: str
    code: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sets of offers and of certifications of one day, by what they have."""

    version: UUID
    day: date
    jobs: Mapping[str, Job]
    territories: Mapping[str, Territory]
    open: int
    """Offers that one may enrol in; the sets of offers below are to be ANDed with it."""
    new: int
    named: Mapping[str, int]
    """By job: offers and certifications that give it themselves."""
    leads: Mapping[str, int]
    """By job: open offers that prepare an active certification which leads to it."""
    within: Mapping[str, int]
    """By territory: offers that take place there."""
    audiences: Mapping[Audience, int]
    levels: Mapping[Level, int]
    """By the highest level of an offer: a partition."""
    modes: Mapping[str, int]
    planes: Mapping[str, Sequence[int]]
    """Sessions, places and hours of open offers, by binary digit."""
    stated: Mapping[str, int]
    active: int
    """Certifications that one may enrol in."""
    proposed: int
    """Those that came through a proposal of the programme."""
    entitled: Mapping[Audience, int]
    """Active certifications, by the audiences that their access routes are for."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is in a set of offers; levels and origins add up to it, audiences overlap."""

    offers: int
    inherited: int
    new: int
    audiences: Mapping[Audience, int]
    levels: Mapping[Level, int]
    modes: Mapping[str, int]
    sessions: int
    seats: int
    seats_stated: int
    hours: int
    hours_stated: int


def union(sets: Iterable[int]) -> int:
    """Return what is in any of the sets."""
    return reduce(or_, sets, 0)


def total(catalogue: Catalogue, measure: str, offers: int) -> int:
    """Sum a number over a set of offers."""
    return sum(
        (offers & plane).bit_count() << place
        for place, plane in enumerate(catalogue.planes[measure])
    )


def count(catalogue: Catalogue, offers: int) -> Counts:
    """Count a set of open offers."""
    new = (offers & catalogue.new).bit_count()
    size = offers.bit_count()
    return Counts(
        offers=size,
        inherited=size - new,
        new=new,
        audiences=_sizes(catalogue.audiences, offers),
        levels=_sizes(catalogue.levels, offers),
        modes=_sizes(catalogue.modes, offers),
        sessions=total(catalogue, "sessions", offers),
        seats=total(catalogue, "seats", offers),
        seats_stated=(offers & catalogue.stated["seats"]).bit_count(),
        hours=total(catalogue, "hours", offers),
        hours_stated=(offers & catalogue.stated["hours"]).bit_count(),
    )


def _sizes(sets: Mapping[K, int], within: int) -> dict[K, int]:
    return {name: (one & within).bit_count() for name, one in sets.items()}


def by_level(has: Mapping[str, int], everything: int) -> dict[Level, int]:
    """Give each offer its highest level, or none: a partition of everything."""
    found: dict[Level, int] = {}
    left = everything
    for level in LEVELS:
        found[level] = has.get(level, 0) & left
        left &= ~found[level]
    return found | {"not_stated": left}
