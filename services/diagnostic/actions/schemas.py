"""Actions on the wire, in the language asked."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from diagnostic.actions.lifecycle import ActionStatus
from diagnostic.names import Name, Prose
from platformkit.wire import Day, Wire

ActionCode = Annotated[str, Field(min_length=1, max_length=32)]
Effort = Literal["XS", "S", "M", "L", "XL"]
Impact = Annotated[int, Field(strict=True, ge=1, le=5)]
PlanDay = Annotated[Day, Field(ge=date(2020, 1, 1), le=date(2099, 12, 31))]
"""A day in Paris, within a lifetime of the programme."""


class ActionAdd(Wire):
    """An action of the company's own; its prerequisites are codes of the same roadmap."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Former les chefs d’atelier à l’assistant de devis",
                    "effort": "S",
                    "impact": 4,
                    "prerequisites": ["R-CHARTER"],
                }
            ]
        }
    )

    title: Name
    effort: Effort
    impact: Impact
    horizon_months: Literal[3, 6, 12] = 12
    prerequisites: Annotated[tuple[ActionCode, ...], Field(max_length=10)] = ()


class ActionUpdate(Wire):
    """What to change of an action; a field left out stays, null empties it where it may be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "accepted", "starts_on": "2027-01-04", "due_on": "2027-03-28"}]
        }
    )

    status: ActionStatus = ActionStatus.PROPOSED
    reason: Prose | None = None
    owner_id: UUID | None = None
    starts_on: PlanDay | None = None
    due_on: PlanDay | None = None
    position: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    progress: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    note: Prose | None = None
    title: Name = Field(default_factory=str)


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
