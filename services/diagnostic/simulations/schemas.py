"""What-if on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from diagnostic.assessments.schemas import AnswerWrite, Interval
from diagnostic.questionnaires.scalars import Code
from diagnostic.roadmaps.priority import RecommendationCode
from diagnostic.scores.schemas import LevelRead
from platformkit.wire import Wire


class WhatIf(Wire):
    """Answers as they might be, and actions as if they were done, both or either."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "answers": {"STR1": {"state": "answered", "value": "o3"}},
                    "recommendations": ["R-CHARTE", "R-CYBER"],
                }
            ]
        }
    )

    answers: Annotated[dict[Code, AnswerWrite], Field(max_length=300, default_factory=dict)]
    recommendations: Annotated[tuple[RecommendationCode, ...], Field(max_length=100)] = ()


class Standing(BaseModel):
    """A global score and its level, null while provisional, and the interval it lies in."""

    status: str
    score: float | None
    exact: str | None
    interval: Interval
    level: LevelRead | None
    capped_by: str | None
    """The core dimension that holds the level back, where the profile says so."""


class DimensionShift(BaseModel):
    """An axis now and then, out of 100; null when it is not assessable."""

    code: str
    title: str
    now: float | None
    then: float | None
    gain: float | None
    gain_exact: str | None
    level_now: str | None
    level_then: str | None


class WhatIfRead(BaseModel):
    """What all of it together would change: gains are by re-running the score, never summed.

    `gain` is in points of the global score; while a score is provisional, of its low end.
    """

    assessment_id: UUID
    now: Standing
    then: Standing
    gain: float | None
    gain_exact: str | None
    dimensions: list[DimensionShift]
    changed: list[str]
    """Questions that would be answered otherwise, in the order of the grid."""
    shown: list[str]
    """Questions that would be asked and are not now."""
    hidden: list[str]
    """Questions that are asked now and would not be."""
