"""Sessions on the wire."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from diagnostic.cohorts.timetable import SessionKind
from diagnostic.names import Name
from platformkit.paris import day_in_paris
from platformkit.wire import Instant, Wire, refusal

SHORTEST = timedelta(minutes=5)


def _https(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_good = False
    if not is_good or not url.isascii() or not url.isprintable() or " " in url:
        raise refusal(
            "link_unfit",
            "Une adresse https, en ASCII, sans identifiants, est attendue.",
            "An https address in ASCII, without credentials, is expected.",
        )
    return url


Link = Annotated[str, Field(max_length=500), AfterValidator(_https)]
"""Where to join from afar."""


def time_fault(starts_at: datetime, ends_at: datetime) -> tuple[str, str, str] | None:
    """Say what is wrong with the hours of a session: code, French, English."""
    if ends_at - starts_at < SHORTEST:
        return (
            "ends_too_soon",
            "Une séance finit cinq minutes au moins après son début.",
            "A session ends at least five minutes after its start.",
        )
    if day_in_paris(starts_at) != day_in_paris(ends_at):
        return (
            "not_one_day",
            "Une séance commence et finit le même jour, à l’heure de Paris.",
            "A session starts and ends on one day, in the time of Paris.",
        )
    return None


class SessionCreate(Wire):
    """One more session, on a day of the cohort."""

    kind: SessionKind = SessionKind.OTHER
    title: Name | None = None
    starts_at: Instant
    ends_at: Instant
    place: Name | None = None
    online_url: Link | None = None

    @field_validator("ends_at")
    @classmethod
    def _hours(cls, ends_at: datetime, others: ValidationInfo) -> datetime:
        starts_at = others.data.get("starts_at")
        if starts_at is not None and (fault := time_fault(starts_at, ends_at)):
            raise refusal(*fault)
        return ends_at


_UNSENT = datetime.min.replace(tzinfo=UTC)


class SessionUpdate(Wire):
    """What to change of a session; a field left out stays, null takes away what may be missing."""

    title: Name | None = None
    starts_at: Instant = Field(default_factory=lambda: _UNSENT)
    ends_at: Instant = Field(default_factory=lambda: _UNSENT)
    place: Name | None = None
    online_url: Link | None = None

    def sent(self) -> dict[str, Any]:
        """Give the fields that came."""
        return self.model_dump(exclude_unset=True)


class SessionRead(BaseModel):
    """A session; its day and hours are meant in `timezone`."""

    id: UUID
    cohort_id: UUID
    kind: SessionKind
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str | None
    online_url: str | None
    status: Literal["planned", "cancelled"]
    """Also cancelled when its cohort is."""
    version: int
