"""What a report says, already in its language: plain data that a template only lays out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from diagnostic.questionnaires.grid import Language


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension; a null score is never a zero: it has an interval, or was not assessed."""

    title: str
    summary: str
    score: float | None
    level: str | None
    text: str | None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one question brings to the score and what it leaves, in points out of 100."""

    question: str
    dimension: str
    contribution: float
    lost: float


@dataclass(frozen=True, slots=True)
class Certification:
    """A certification of the national registers that answers an action."""

    title: str
    number: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """A public aid, and whether the company can have it."""

    title: str
    operator: str
    status: Literal["eligible", "ineligible", "unknown"]
    window: Literal["upcoming", "open", "closed"]
    amount: str
    note: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A step of the roadmap, in its order."""

    position: int
    title: str
    why: str
    how: tuple[str, ...]
    effort: str
    horizon_months: int
    impact: int
    gain: float
    quadrant: str
    certifications: tuple[Certification, ...] = ()
    fundings: tuple[Funding, ...] = ()


@dataclass(frozen=True, slots=True)
class Robustness:
    """Lowest and highest score when the weights of the dimensions move by a quarter."""

    low: float
    high: float
    level_holds: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One delivered diagnostic; `computed_at` dates the document, so that it never changes."""

    language: Language
    organisation: str
    identifiers: tuple[str, ...]
    milestone: str
    computed_at: datetime
    grid: str
    grid_version: str
    profile: str
    engine_version: str
    result_hash: str
    score: float | None
    interval: tuple[float, float] | None
    level: str | None
    levels: tuple[str, ...]
    thresholds: tuple[float, ...]
    axes: tuple[Axis, ...]
    parts: tuple[Part, ...] = ()
    robustness: Robustness | None = None
    dont_know: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    score_after: float | None = None
    more_actions: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
