"""Wire format of milestones and events."""

import datetime as dt
import uuid
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from observatory.programme.schemas import Bilingual, Code
from observatory.structures.schemas import Names, Read
from platformkit.wire import Day, Wire

EventKind = Literal["steering_committee", "launch", "workshop", "publication", "other"]
Link = Annotated[
    str,
    StringConstraints(pattern=r"^https://[^\s\x00-\x1f\"<>]+$", max_length=1_000),
    Field(examples=["https://www.hautsdefrance.fr/etude-ia"]),
]


class MilestoneDraft(Wire):
    """What is to be reached, and by when."""

    code: Code
    title: Names
    due_on: Day


class MilestoneMove(Wire):
    """Another day, and why."""

    due_on: Day
    reason: Names


class MilestoneReach(Wire):
    """When it was reached, and where that is to be seen."""

    reached_on: Day
    evidence: Link


class MilestoneRead(Read):
    """A milestone today (Europe/Paris)."""

    code: str
    title: Bilingual
    state: Annotated[
        Literal["planned", "late", "reached"],
        Field(description="`late`: its day is past, and it was not reached"),
    ]
    first_due_on: Annotated[dt.date, Field(description="first promised")]
    due_on: dt.date
    reached_on: dt.date | None
    days_late: Annotated[
        int, Field(description="against `due_on`: of today, or of the day when it was reached")
    ]
    evidence: str | None
    version: int


class EventDraft(Wire):
    """A meeting or a publication."""

    kind: EventKind
    title: Names
    held_on: Day
    link: Link | None = None


class EventCancel(Wire):
    """Why it will not take place."""

    reason: Names


class EventRead(Read):
    """An event today (Europe/Paris)."""

    id: uuid.UUID
    kind: EventKind
    title: Bilingual
    held_on: dt.date
    link: str | None
    state: Literal["planned", "held", "cancelled"]
    version: int


class DeedRead(Read):
    """Who did what, when; amounts and codes, and the reason where one was given."""

    id: int
    at: str
    client: str
    subject: str
    action: str
    entity: str
    entity_id: str
    detail: dict[str, object]
