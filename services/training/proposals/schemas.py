"""Wire format of the proposals."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from platformkit.wire import Wire
from training.certifications.schemas import Label
from training.proposals.states import Side, State, Transition

Kind = Literal["certification", "offer"]
Opinion = Literal["favourable", "reserved", "unfavourable"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Payload = Annotated[
    dict[str, Any],
    Field(
        max_length=60,
        description="an offer: a formation as `GET /v1/formations/{id}` shows it, without ids; a"
        " certification: see the guide. Anything may be missing until it is published",
    ),
]


class ProposalCreate(Wire):
    """What is proposed, as far as it is known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "offer", "payload": {"title": "L’IA au secrétariat"}}]
        }
    )

    kind: Kind
    payload: Payload


class ProposalUpdate(Wire):
    """The whole payload anew."""

    payload: Payload


class TransitionAsked(Wire):
    """What to do with a proposal, and why; `fields` are the places that a complement is about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "request_complement",
                    "reason": "L’accès des personnes handicapées n’est pas décrit.",
                    "fields": ["/actions/0/disabled_access"],
                }
            ]
        }
    )

    name: Transition
    reason: Reason | None = None
    fields: Annotated[
        list[Annotated[str, StringConstraints(max_length=300)]],
        Field(max_length=50, description="RFC 6901 pointers into the payload"),
    ] = Field(default_factory=list)


class StateRead(BaseModel):
    """Where it stands."""

    code: State
    label: Label


class AllowedRead(BaseModel):
    """A transition that the state allows, and whose it is."""

    name: Transition
    label: Label
    side: Side
    wants_reason: bool


class ComplementRead(BaseModel):
    """What is asked of the author: nothing else may change meanwhile."""

    fields: list[str]
    reason: str


class ClockRead(BaseModel):
    """The time of those who review; it stands while somebody else is to move."""

    is_running: bool
    days_spent: int
    days_given: int
    due_on: date | None = Field(description="in Paris; null while it stands")


class PublishedRead(BaseModel):
    """What it became in the catalogue."""

    entity: Literal["formation", "certification"]
    id: str
    address: str


class ProposalSummary(BaseModel):
    """A proposal in a list."""

    id: UUID
    kind: Kind
    title: str
    organisation: str = Field(description="the tenant that proposes")
    state: StateRead
    clock: ClockRead
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


class ProposalRead(ProposalSummary):
    """A proposal whole."""

    payload: dict[str, Any]
    allowed: list[AllowedRead]
    complement: ComplementRead | None
    reviewers: list[str] = Field(description="none: any reviewer of another organisation")
    published: PublishedRead | None


class StepRead(BaseModel):
    """One transition, as it was done."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    transition: Transition
    source: State
    target: State
    reason: str | None
    fields: list[str]
    organisation: str = Field(validation_alias="tenant")
    client: str
    actor: str
    version: int = Field(description="of the proposal, after it")
    payload_sha256: str = Field(description="of the payload as JSON, on which it was done")


class ReviewerAssign(Wire):
    """Who is to review: a person or a program, in the name of an organisation."""

    organisation: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,100}$")]
    reviewer: Annotated[
        str,
        StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$"),
        Field(description="the subject of their token: a person, or the client itself"),
    ]


class ReviewerRead(BaseModel):
    """Somebody charged with the review."""

    organisation: str
    reviewer: str
    assigned_at: datetime


class OpinionGive(Wire):
    """One reviewer's opinion and its grounds."""

    opinion: Opinion
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=10, max_length=2_000)
    ]


class OpinionRead(BaseModel):
    """An opinion, given in a round of the review."""

    model_config = ConfigDict(from_attributes=True)

    round: int
    opinion: Opinion
    reason: str
    organisation: str = Field(validation_alias="tenant")
    reviewer: str
    at: datetime
