"""Crosswalks on the wire: the mapping in both languages, a reading in the language asked."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.assessments.schemas import GridRef
from diagnostic.crosswalks.catalogue import Crosswalk


class CrosswalkList(BaseModel):
    """The crosswalks that ship for a grid; there are few, so there is one page."""

    items: list[Crosswalk]


class ItemRead(BaseModel):
    """An item of the other method; `questions` are those of the grid that tell it."""

    code: str
    title: str
    status: Literal["answered", "not_applicable", "to_ask"]
    score: float | None
    exact: str | None
    questions: list[str]


class DimensionRead(BaseModel):
    """An axis of the other method: the mean of the items that are told, out of 100."""

    code: str
    title: str
    score: float | None
    exact: str | None
    coverage: float
    items: list[ItemRead]


class CrosswalkReading(BaseModel):
    """A diagnostic read as another method; no overall score unless every item is told."""

    assessment_id: UUID
    crosswalk: str
    title: str
    verified: bool
    note: str
    questionnaire: GridRef
    score: float | None
    exact: str | None
    dimensions: list[DimensionRead]
    to_ask: list[str]
