"""Revisions on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from diagnostic.assessments.schemas import AnswerState


class StepRead(BaseModel):
    """Something done to the diagnostic, and the state that it led to."""

    verb: str
    status: str
    reason: str | None
    actor: str
    at: datetime


class RevisionListed(BaseModel):
    """A revision: its frozen score in short, null while it is open, and its steps in order."""

    revision: int
    score_id: UUID | None
    score: float | None
    level: str | None
    result_hash: str | None
    engine_version: str | None
    computed_at: datetime | None
    steps: list[StepRead]


class AnswerThen(BaseModel):
    """An answer as it stood; `revision` is the one in which it was last given."""

    question: str
    state: AnswerState
    value: Any
    reason: str | None
    version: int
    revision: int
    answered_at: datetime


class RevisionRead(BaseModel):
    """The answers at the end of a revision, rebuilt from every answer ever given."""

    assessment_id: UUID
    revision: int
    answers: list[AnswerThen]
    hidden: list[str]
    """Answered, but not shown by the other answers: kept, never scored."""
