"""Actions on the wire, in the language asked."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from diagnostic.names import Name, Prose
from diagnostic.roadmaps.lifecycle import ActionStatus
from diagnostic.roadmaps.schemas import Effort
from platformkit.wire import Day, Wire

ActionCode = Annotated[str, Field(min_length=1, max_length=32)]
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
                    "prerequisites": ["R-CHARTE"],
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
