"""Scores on the wire, with the texts of their grid in the language asked."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.assessments.schemas import EvidenceShares, GridRef, Interval

Number = float | None


class LevelRead(BaseModel):
    """A level of maturity and its name in the language asked."""

    code: str
    title: str


class DimensionRead(BaseModel):
    """An axis: its score once final, its interval before; both null when not assessable."""

    code: str
    title: str
    status: Literal["final", "provisional", "not_assessable"]
    score: Number
    exact: str | None
    interval: Interval
    coverage: Number
    known_share: Number
    level: LevelRead | None
    text: str | None
    target: Number
    evidence: EvidenceShares | None = None
    """What backs its answers, where the profile limits them by it."""
    gap: Number
    """Points that the target is still away, never below zero."""


class ContributionRead(BaseModel):
    """Points out of 100 that a question brought, and those it left; the exact ones add up."""

    code: str
    label: str
    dimension: str
    ratio: float
    contribution: float
    contribution_exact: str
    lost: float
    lost_exact: str
    declared_ratio: float | None = None
    """Of the answer alone, where the profile limits it by its evidence."""
    backing: Literal["declared", "document", "verified"] | None = None


class RobustnessRead(BaseModel):
    """The score's range when each dimension's weight moves by a quarter."""

    low: float
    high: float
    level_holds: bool


class EvidenceCaps(BaseModel):
    """The highest ratio of an answer, by what backs it."""

    declared: float
    document: float
    verified: float


class ExplanationRead(BaseModel):
    """Why the score is what it is; empty while it is provisional."""

    total: Number
    total_exact: str | None
    questions: list[ContributionRead]
    robustness: RobustnessRead | None


class ScoreRead(BaseModel):
    """A score by the published method; frozen ones never change, and only they have an `id`."""

    id: UUID | None
    assessment_id: UUID
    revision: int
    questionnaire: GridRef
    language: Literal["fr", "en"]
    engine_version: str
    profile: str
    status: Literal["final", "provisional"]
    complete: bool
    score: Number
    exact: str | None
    interval: Interval
    coverage: float
    known_share: Number
    level: LevelRead | None
    uncapped_level: LevelRead | None
    capped_by: str | None
    excluded: list[str]
    dont_know: list[str]
    dimensions: list[DimensionRead]
    evidence: EvidenceCaps | None = None
    """Null where the profile does not limit answers by their evidence."""
    explanation: ExplanationRead
    input_hash: str
    result_hash: str
    computed_at: datetime | None
    """Null until it is frozen: it is computed afresh at each reading."""


class Hashes(BaseModel):
    """What a score was made from, and what it says (SHA-256 of RFC 8785 canonical JSON)."""

    input_hash: str
    result_hash: str


class ReplayRead(BaseModel):
    """Whether the answers kept for a revision still give its frozen score."""

    score_id: UUID
    assessment_id: UUID
    revision: int
    engine_version: str
    match: bool
    cause: Literal["input_mismatch", "result_mismatch"] | None
    stored: Hashes
    replayed: Hashes
