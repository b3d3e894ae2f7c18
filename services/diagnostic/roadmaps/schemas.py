"""Roadmaps on the wire, in the language asked."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.actions.schemas import ActionState, ProgressRead
from diagnostic.opportunities.schemas import FundingRead


class CertificationRead(BaseModel):
    """A certification that answers an action, as the catalogue of training has it now."""

    number: str
    title: str
    level: int | None
    state: str | None
    registration_end: date | None
    source_url: str | None


class QuestionRef(BaseModel):
    """A question whose answer calls for the action."""

    code: str
    label: str


class ActionRead(ActionState):
    """An action in its place: `gain` in points of the global score, `priority` gain by effort.

    One of the company's own has no text of the catalogue and gains nothing.
    """

    why: str
    how: list[str]
    because: list[QuestionRef]
    horizon_months: int
    gain: float
    gain_exact: str
    priority: float
    quadrant: Literal["quick_win", "big_bet", "fill_in", "avoid"]
    certifications: list[CertificationRead]
    funding: list[FundingRead]


class Missing(BaseModel):
    """A part that a neighbour could not give; the rest stands."""

    part: str
    reason: str


class ScoreProspect(BaseModel):
    """The global score today, and as if every action were done."""

    now: float | None
    after_first: float | None
    """Once the first five actions are done."""
    projected: float | None


class ExposureRead(BaseModel):
    """How exposed the company's sector is to generative AI, as the observatory has it now."""

    code: str
    label: str
    mean: float
    low: float
    high: float
    exposed_share: float
    reading: str
    method: str


class RoadmapRead(BaseModel):
    """The actions that the answers call for, in the order to take them."""

    id: UUID
    assessment_id: UUID
    organisation_id: UUID
    created_at: datetime
    score: ScoreProspect
    progress: ProgressRead
    sector: ExposureRead | None
    actions: list[ActionRead]
    unavailable: list[Missing]
