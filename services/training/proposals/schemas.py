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


class CheckRead(BaseModel):
    """What keeps it from publication: where in the payload, and which rule."""

    pointer: str
    code: str
    label: Label


class AlikeRead(BaseModel):
    """Something in the catalogue that may be the same."""

    entity: Literal["formation", "certification"]
    id: str = Field(description="the formation's id, or the certification's number")
    title: str
    holder: str | None = Field(description="the provider's SIRET, of a formation")
    similarity: float = Field(description="share of common trigrams of the titles, 0 to 1")


class ChecksRead(BaseModel):
    """What would happen if it were published now."""

    publishable: bool
    faults: list[CheckRead]
    alike: list[AlikeRead] = Field(description="at most 50, the most alike first")


class AttachmentRead(BaseModel):
    """A document: `application` of the author, `decision` of who reviews."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Literal["application", "decision"]
    title: str
    media_type: str
    size: int
    sha256: str
    organisation: str = Field(validation_alias="tenant")
    added_at: datetime


class PreviewCreate(Wire):
    """For how long, and for whom in your own words."""

    days: Annotated[int, Field(ge=1, le=90, strict=True)] = 14
    note: Annotated[str | None, StringConstraints(min_length=1, max_length=200)] = None


class PreviewRead(BaseModel):
    """A link to a proposal that is not published."""

    id: UUID
    state: Literal["active", "expired", "revoked"]
    note: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class PreviewCreated(PreviewRead):
    """A new link; the token is shown this once."""

    token: str


class PreviewShown(BaseModel):
    """A proposal as a link shows it: it may change, and it may never be published."""

    kind: Kind
    title: str
    state: StateRead
    payload: dict[str, Any]
    notice: Label
    expires_at: datetime
