"""Grids on the wire; texts come in both languages, so that one answer serves every reader."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from diagnostic.questionnaires.grid import GridContent, Label


class QuestionnaireSummary(BaseModel):
    """A grid and its version that new diagnostics use."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    owner: str
    title: Label
    version: str
    published_at: datetime
    content_hash: str
    scoring_hash: str
    question_count: int


class QuestionnaireRead(BaseModel):
    """A version of a grid, whole; scores compare when their `scoring_hash` is equal."""

    code: str
    owner: str
    version: str
    status: str
    published_at: datetime | None
    content_hash: str
    scoring_hash: str
    content: GridContent


class VersionListed(BaseModel):
    """A version of a grid and where it stands; one never published has no `published_at`."""

    code: str
    version: str
    status: Literal["draft", "in_review", "published", "superseded", "retired"]
    content_hash: str
    scoring_hash: str
    question_count: int
    created_at: datetime
    edited_at: datetime | None
    published_at: datetime | None
