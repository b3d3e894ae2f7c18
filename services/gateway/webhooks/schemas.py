"""Wire format of webhooks."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gateway.webhooks import backoff
from platformkit.wire import Wire

Status = Literal["active", "paused", "disabled"]
State = Literal["pending", "delivered", "dead"]

Url = Annotated[str, Field(max_length=500, examples=["https://ecole.example/hooks/vigie"])]
Description = Annotated[str, Field(max_length=200)]
Events = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(
        min_length=1,
        max_length=50,
        description="types of events, `*` for any entity or any kind",
        examples=[["training.certification.*", "observatory.*.created"]],
    ),
]
Position = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]


class NewWebhook(Wire):
    """An address to be told what changes; without `after` it begins with the next change."""

    url: Url
    events: Events
    description: Description = ""
    after: Annotated[Position | None, Field(description="begin with what is after it")] = None


class WebhookChange(Wire):
    """What to change of a webhook; what is left out stays."""

    url: Url | None = None
    events: Events | None = None
    description: Description | None = None
    status: Literal["active", "paused"] | None = None
    after: Annotated[Position | None, Field(description="go on with what is after it")] = None


class Rotation(Wire):
    """How long the secret before the new one signs too."""

    former_hours: Annotated[int, Field(strict=True, ge=0, le=24 * 90)] = 24


class Range(Wire):
    """The part of the log to send again: after one position, up to another or the end."""

    after: Position
    until: Position | None = None


class WebhookRead(BaseModel):
    """A webhook; its secret is not shown again."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    client_id: str
    url: str
    description: str
    events: list[str]
    status: Status
    reason: Annotated[
        str | None,
        Field(
            description="why it was disabled: `gone` (it answered 410), `failing` (nothing accepted"
            f" for {backoff.DISABLE.days} days), `scope-withdrawn`, `behind` (what it would read"
            " next is no longer kept)"
        ),
    ]
    position: Annotated[int, Field(description="the log has been read up to here")]
    held_until: Annotated[datetime | None, Field(description="as its receiver asked")]
    failing_since: datetime | None
    accepted_at: Annotated[datetime | None, Field(description="when it last accepted an event")]
    second_secret_until: Annotated[
        datetime | None, Field(description="until then the former secret signs too")
    ]
    created_at: datetime
    changed_at: datetime


class WebhookMade(WebhookRead):
    """The one answer that shows the secret of a new webhook."""

    secret: Annotated[str, Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazpSQDUrHWg="])]


class SecretMade(BaseModel):
    """The one answer that shows the new secret."""

    secret: str
    second_secret_until: datetime


class AttemptRead(BaseModel):
    """An attempt: the status that came back, or what hindered it."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    failure: Annotated[
        str | None,
        Field(
            description="`unreachable` (nobody is there, or the name leads to an address that is"
            " not public), `timeout`, `tls`, `invalid-answer`"
        ),
    ]
    answer: Annotated[str | None, Field(description="how a refusal began, at most 200 characters")]


class DeliveryRead(BaseModel):
    """An event for a webhook; `last` is the attempt that ended last."""

    id: int
    event: Annotated[str, Field(description="the `webhook-id`", examples=["evt_1842"])]
    type: Annotated[str, Field(examples=["training.certification.updated"])]
    position: Annotated[int | None, Field(description="in the log; null for a ping")]
    state: State
    attempts: Annotated[int, Field(description="begun")]
    created_at: datetime
    next_at: Annotated[datetime | None, Field(description="of a pending one: not before")]
    ended_at: datetime | None
    last: AttemptRead | None


class DeliveryWhole(DeliveryRead):
    """A delivery with all its attempts, and what is sent."""

    log: list[AttemptRead]
    body: dict[str, Any]


class Replayed(BaseModel):
    """How many events will be sent again; with `more`, ask again from `position` on."""

    events: int
    position: int
    more: bool

    def said(self, after: int) -> str:
        """Say it for the audit trail."""
        return f"{self.events} events after {after} up to {self.position}"
