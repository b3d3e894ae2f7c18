"""Comparisons on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.assessments.schemas import GridRef


class Side(BaseModel):
    """One of the two diagnostics, at its present revision."""

    assessment_id: UUID
    milestone: str
    status: str
    revision: int
    questionnaire: GridRef
    submitted_at: datetime | None


class Obstacle(BaseModel):
    """Why the two cannot be compared."""

    code: Literal[
        "same_assessment",
        "other_organisation",
        "other_questionnaire",
        "other_scoring",
        "void",
        "not_submitted",
        "incomplete",
    ]
    side: Literal["before", "after", "both"]
    detail: str


class ChangeRead(BaseModel):
    """Points out of 100 before and after, and levels gained; below zero what was lost."""

    before: float
    after: float
    difference: float
    difference_exact: str
    level_before: str | None
    level_after: str | None
    levels_gained: int | None


class DimensionChange(ChangeRead):
    """How a dimension changed."""

    code: str
    title: str


class QuestionChange(BaseModel):
    """How many points of the global score a question brings now, and brought before."""

    code: str
    dimension: str
    label: str
    before: float
    after: float
    difference: float
    difference_exact: str


class ComparisonRead(BaseModel):
    """What changed from `before` to `after`; without figures when the two are not comparable."""

    language: Literal["fr", "en"]
    comparable: bool
    reasons: list[Obstacle]
    before: Side
    after: Side
    score: ChangeRead | None
    dimensions: list[DimensionChange]
    questions: list[QuestionChange]
    """Every question whose points changed, the largest change first; all add up exactly."""
