"""Reminders on the wire, in the language asked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from diagnostic.reminders.stages import Stage
from diagnostic.roadmaps.lifecycle import ActionStatus


class ReminderRead(BaseModel):
    """What was told of an action, and how it stands now; days are days in Paris."""

    id: UUID
    stage: Stage
    about_on: Annotated[
        date, Field(description="The due day; of a stalled action, the day of its last change.")
    ]
    at: datetime
    organisation_id: UUID
    assessment_id: UUID
    action_id: UUID
    code: str
    title: str
    status: ActionStatus
    due_on: date | None
    still_holds: Annotated[
        bool, Field(description="False once the action went on, moved its day or was settled.")
    ]
