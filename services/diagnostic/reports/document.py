"""What a report says, already in its language: plain data that a template only lays out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from diagnostic.questionnaires.grid import Language


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension; a null score is never a zero: it has an interval, or was not assessed.

    `share` is its weight among the assessed dimensions, `known_share` the part of its answers
    other than “don't know”, both in 0..1.
    """

    title: str
    summary: str
    score: float | None
    level: str | None
    text: str | None
    interval: tuple[float, float] | None = None
    code: str = ""
    exact: str | None = None
    share: float | None = None
    known_share: float | None = None
    target: float | None = None
    gap: float | None = None
    """Points missing to the target; none left is 0."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one question brings to the score and what it leaves, in points out of 100."""

    question: str
    dimension: str
    contribution: float
    lost: float
    code: str = ""
    answer: str = ""
    ratio: float = 0.0
    contribution_exact: str = "0"
    lost_exact: str = "0"
    axis: str = ""
    """Code of the dimension."""
    confidence: int | None = None
    """How sure whoever answered was, 1 to 5."""
    backing: Literal["declared", "document", "verified"] | None = None
    """What stood behind the answer, where the grid lets that limit it to `ratio`."""
    declared_ratio: float | None = None
    """What the answer alone would get."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A question that does not enter the score, and why; `note` is the reason that was given."""

    code: str
    question: str
    dimension: str
    why: Literal["not_applicable", "hidden", "excluded"]
    note: str | None = None


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
class Caps:
    """Highest ratio of an answer by what stands behind it (design, method 13)."""

    declared: float
    document: float
    verified: float


@dataclass(frozen=True, slots=True)
class PeerLine:
    """One's own score beside the middle half of the group; `rank` is the percentile rank."""

    title: str
    own: float
    q1: float
    median: float
    q3: float
    rank: float


@dataclass(frozen=True, slots=True)
class Peers:
    """Where the company stands, or in words why that may not be shown: then without lines."""

    group: str | None
    as_of: date | None
    count: int | None
    """Companies of the group, rounded down to a multiple of five."""
    floor: int
    """The fewest companies that a figure may be made of."""
    overall: PeerLine | None = None
    lines: tuple[PeerLine, ...] = ()
    reason: str | None = None


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
    exact: str | None = None
    complete: bool = True
    coverage: float = 1.0
    known_share: float | None = None
    uncapped_level: str | None = None
    capped_by: str | None = None
    revision: int = 1
    being_amended: bool = False
    parts: tuple[Part, ...] = ()
    uncounted: tuple[Uncounted, ...] = ()
    caps: Caps | None = None
    peers: Peers | None = None
    robustness: Robustness | None = None
    dont_know: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    score_after: float | None = None
    more_actions: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
