"""What stands between a person and a course, before anything is scored; every reason is told."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from training.certifications.lifecycle import Validity
from training.openings import rules

_EARTH_KM: Final = 6371.0
_BRIDGED: Final = 1
"""Levels above one's own that a course may lead to without a bridge."""


class Barrier(StrEnum):
    """Why a course is not for this person now; those of sessions are `openings.rules.Reason`."""

    NO_SESSION = "no_session"
    PROVIDER_NOT_ALLOWED = "provider_not_allowed"
    HOURS = "hours"
    HOURS_UNKNOWN = "hours_unknown"
    PRICE = "price"
    PRICE_UNKNOWN = "price_unknown"
    DISTANCE = "distance"
    PLACE_UNKNOWN = "place_unknown"
    MODE = "mode"
    DATES = "dates"
    LEVEL = "level"
    LANGUAGE = "language"
    AUDIENCE = "audience"
    PREREQUISITES = "prerequisites"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person can take on; None or empty is no limit."""

    hours: float | None = None
    price: float | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    modes: frozenset[str] = frozenset()
    point: tuple[float, float] | None = None
    radius_km: float = 30.0
    level: int | None = None
    languages: frozenset[str] = frozenset()
    publics: frozenset[str] = frozenset()
    """Codes of publics, of which the person is one."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session with its id, for the answer."""

    id: str
    dates: rules.Session


@dataclass(frozen=True, slots=True)
class Action:
    """One way of following a course; `points` are where it takes place."""

    id: str
    mode: str
    hours: int | None
    price: float | None
    audiences: frozenset[str]
    languages: frozenset[str]
    points: tuple[tuple[float, float], ...]
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The session to take, or every reason against the action; how far it is, where that counts."""

    session: Session | None
    barriers: tuple[str, ...]
    distance_km: float | None


def judged(
    action: Action,
    limits: Limits,
    day: date,
    certifications: Mapping[str, Validity | None],
    *,
    level: int | None,
    is_allowed: bool,
) -> Verdict:
    """Judge an action for a person on a day; `level` is the one that the course leads to."""
    distance = _distance(action, limits.point)
    found = [one for one, holds in _of_action(action, limits, distance) if holds]
    if not is_allowed:
        found.append(Barrier.PROVIDER_NOT_ALLOWED)
    if level is not None and limits.level is not None and level > limits.level + _BRIDGED:
        found.append(Barrier.LEVEL)
    session, against = _chosen(action.sessions, limits, day, certifications)
    barriers = (*found, *against)
    return Verdict(None if barriers else session, barriers, distance)


def _of_action(
    action: Action, limits: Limits, distance: float | None
) -> Sequence[tuple[Barrier, bool]]:
    near = limits.point is None or action.mode == "remote"
    return (
        (Barrier.HOURS, _exceeds(action.hours, limits.hours)),
        (Barrier.HOURS_UNKNOWN, limits.hours is not None and action.hours is None),
        (Barrier.PRICE, _exceeds(action.price, limits.price)),
        (Barrier.PRICE_UNKNOWN, limits.price is not None and action.price is None),
        (Barrier.MODE, bool(limits.modes) and action.mode not in limits.modes),
        (Barrier.PLACE_UNKNOWN, not near and distance is None),
        (Barrier.DISTANCE, not near and _exceeds(distance, limits.radius_km)),
        (Barrier.LANGUAGE, _excludes(action.languages, limits.languages)),
        (Barrier.AUDIENCE, _excludes(action.audiences, limits.publics)),
    )


def _exceeds(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit


def _excludes(given: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether both say something, and nothing in common."""
    return bool(given) and bool(wanted) and given.isdisjoint(wanted)


def _chosen(
    sessions: Sequence[Session],
    limits: Limits,
    day: date,
    certifications: Mapping[str, Validity | None],
) -> tuple[Session | None, Sequence[str]]:
    """Return the first session that one may enter, or what speaks least against any."""
    if not sessions:
        return None, (Barrier.NO_SESSION,)
    least: tuple[int, str, list[str]] | None = None
    for one in sorted(sessions, key=lambda each: (each.dates.starts_on or date.min, each.id)):
        against: list[str] = [*rules.against(one.dates, certifications, day)]
        begins = max(day, one.dates.starts_on or day)
        if (limits.starts_from and begins < limits.starts_from) or (
            limits.starts_to and begins > limits.starts_to
        ):
            against.append(Barrier.DATES)
        if not against:
            return one, ()
        if least is None or len(against) < least[0]:
            least = (len(against), one.id, against)
    assert least is not None  # noqa: S101  # there are sessions
    return None, least[2]


def _distance(action: Action, point: tuple[float, float] | None) -> float | None:
    if point is None or not action.points:
        return None
    return min(kilometres(point, one) for one in action.points)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points on the sphere (haversine)."""
    (south, west), (north, east) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
