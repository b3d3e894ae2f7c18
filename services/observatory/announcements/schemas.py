"""Wire format of announcements."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from observatory.structures.schemas import Id, Names
from platformkit.wire import Instant, Wire


class Announcement(Wire):
    """A release to come."""

    dataflow: Id
    title: Names
    period: Annotated[
        str | None,
        StringConstraints(min_length=4, max_length=30),
        Field(description="reference period that it will be about", examples=["2026-Q4"]),
    ] = None
    scheduled_at: Instant


class Move(Wire):
    """Another instant for an announced release, and why."""

    scheduled_at: Instant
    reason: Names


class Cancellation(Wire):
    """Why an announced release will not appear."""

    reason: Names


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(_Read):
    """A text in French and English."""

    fr: str
    en: str


class DateRead(_Read):
    """An instant that was announced; null is the cancellation."""

    scheduled_at: str | None
    reason: Bilingual | None
    recorded_at: str


class Punctuality(_Read):
    """Days between what was announced and what was done (Europe/Paris); positive is late."""

    days: Annotated[int, Field(description="against the last announced day")]
    days_from_first: Annotated[int, Field(description="against the first announced day")]


class AnnouncementRead(_Read):
    """A release in the calendar."""

    id: str
    dataflow: str
    agency: str
    ordinal: Annotated[int, Field(description="of the release that it announces")]
    title: Bilingual
    period: str | None
    state: Annotated[
        Literal["announced", "late", "published", "cancelled"],
        Field(description="`late`: its instant is past, and it has not appeared"),
    ]
    scheduled_at: str
    published_at: str | None
    punctuality: Punctuality | None
    dates: Annotated[list[DateRead], Field(description="Every announced instant, oldest first")]
    version: int
