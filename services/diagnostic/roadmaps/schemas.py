"""Roadmaps on the wire, in the language asked."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from diagnostic.opportunities.schemas import FundingRead
from diagnostic.roadmaps.lifecycle import ActionStatus

Effort = Literal["XS", "S", "M", "L", "XL"]


class CertificationRead(BaseModel):
    """A certification that answers an action: as training has it now, or as it was cited."""

    number: str
    title: str
    level: int | None
    state: str | None
    registration_end: date | None
    source_url: str | None
    updated: Annotated[
        bool | None,
        Field(description="Whether it is no longer as shown; null while training is out of reach."),
    ]
    present_state: Annotated[
        str | None, Field(description="Its state today; `withdrawn` when it was taken out.")
    ]
    replaced_by: Annotated[
        list[str], Field(description="What one may enrol in instead, of one that has ended.")
    ]


class CitedFunding(FundingRead):
    """An aid as it is today in a draft; in a delivered roadmap as it was cited."""

    updated: Annotated[
        bool, Field(description="It was changed or withdrawn since the roadmap was delivered.")
    ]


class QuestionRef(BaseModel):
    """A question whose answer calls for the action."""

    code: str
    label: str


class ActionState(BaseModel):
    """What the company makes of an action; the days are days in Paris, the due one its last."""

    id: UUID
    position: int
    code: str
    title: str
    is_own: Annotated[bool, Field(description="The company's own: no recommendation.")]
    effort: Effort
    impact: int
    status: ActionStatus
    allowed: Annotated[list[ActionStatus], Field(description="Where it may go from here.")]
    reason: Annotated[str | None, Field(description="Why it was rejected, put on hold, dropped.")]
    owner_id: Annotated[UUID | None, Field(description="One of the company's respondents.")]
    starts_on: date | None
    due_on: date | None
    progress: Annotated[int, Field(description="In percent.")]
    note: str | None
    prerequisites: list[str]
    waiting_for: Annotated[
        list[str], Field(description="Prerequisites to be done before it can be.")
    ]
    without: Annotated[
        list[str], Field(description="Prerequisites rejected or dropped: is it still sound?")
    ]
    version: Annotated[int, Field(description="Its entity tag, for If-Match.")]
    changed_at: datetime


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
    funding: list[CitedFunding]


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


class ProgressRead(BaseModel):
    """How far a roadmap is today, in Paris; shares are of the effort of what is kept.

    Kept is what was neither rejected nor dropped; late and due are accepted or in progress.
    """

    kept: int
    done: int
    done_share: Annotated[float | None, Field(description="Effort of what is done.")]
    share: Annotated[float | None, Field(description="Effort by the progress of each.")]
    late: int
    next_due_on: date | None


class RoadmapRead(BaseModel):
    """The actions that the answers call for, in the order to take them."""

    id: UUID
    assessment_id: UUID
    organisation_id: UUID
    created_at: datetime
    status: Annotated[
        Literal["draft", "delivered"],
        Field(description="Delivered with its diagnostic: what it cites is kept from then on."),
    ]
    delivered_at: datetime | None
    score: ScoreProspect
    progress: ProgressRead
    sector: ExposureRead | None
    actions: list[ActionRead]
    unavailable: list[Missing]
