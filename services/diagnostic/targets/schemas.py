"""Targets on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from diagnostic.questionnaires.scalars import Code, OptionCode
from platformkit.wire import Wire, refusal

Points = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]


class Target(Wire):
    """Where to be on a dimension: a score out of 100, or a level of the grid's profile."""

    score: Points | None = None
    level: OptionCode | None = Field(default=None, validate_default=True)

    @field_validator("level")
    @classmethod
    def _one_of_both(cls, level: str | None, others: ValidationInfo) -> str | None:
        if (level is None) == (others.data.get("score") is None) and "score" in others.data:
            raise refusal(
                "score_or_level",
                "Une cible est un score ou un niveau : donnez l’un des deux.",
                "A target is a score or a level: give one of them.",
            )
        return level


class TargetsWrite(Wire):
    """The targets of all dimensions that have one; a dimension left out has none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"dimensions": {"STR": {"score": 80}, "DATA": {"level": "advanced"}}}]
        }
    )

    dimensions: Annotated[dict[Code, Target], Field(max_length=20)]


class TargetGap(BaseModel):
    """A target and the points still missing; `points` is the least score that reaches it."""

    dimension: str
    title: str
    score: float | None
    level: str | None
    points: float
    present: float | None
    """The present score; null while it is provisional or not assessable, and so is the gap."""
    gap: float | None


class TargetsRead(BaseModel):
    """The targets of a diagnostic, in the order of its grid; `version` is their entity tag."""

    assessment_id: UUID
    version: int
    dimensions: list[TargetGap]
