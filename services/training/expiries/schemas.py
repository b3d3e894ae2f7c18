"""Wire format of expiries."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from training.certifications.schemas import Title
from training.expiries.stages import MOST_PROVIDERS, MOST_SESSIONS, Hit, Stage
from training.offers.schemas import ProviderNamed


class ReplacementRead(BaseModel):
    """A certification to offer instead, in force when the session begins."""

    number: str
    title: Title
    relation: Literal["successor", "equivalent"]
    distance: int | None = Field(
        description="1 for a direct successor; null for what only recognises blocs"
    )
    enrolment_ends_on: date | None
    whole: bool = Field(description="the directory holds the whole certification for equivalent")
    blocs_recognised: list[str] = Field(description="of the certification that ends")
    blocs_left: list[str]
    explanation: str


class EndingRead(BaseModel):
    """A certification, and the last day on which one may enrol in it."""

    number: str
    title: Title


class FormationHit(BaseModel):
    """The offer that leads to a certification that ends."""

    id: UUID
    number: str
    title: str
    provider: ProviderNamed


class SessionHit(BaseModel):
    """A session that the end hits, and how."""

    id: UUID
    action: str = Field(description="its number")
    number: str
    starts_on: date | None
    ends_on: date | None
    hits: list[Hit]


class ExpiryRead(BaseModel):
    """What the end of one certification does to one of your offers, as it stands today."""

    certification: EndingRead
    ends_on: date = Field(description="the last day, in Paris, on which one may enrol")
    delivery_limit: date | None
    days_left: int = Field(description="0 on the last day, negative once it is over")
    formation: FormationHit
    sessions_hit: int
    sessions: list[SessionHit] = Field(
        description=f"the first {MOST_SESSIONS}, by the day on which they begin"
    )
    replacement: ReplacementRead | None


class ExpiryNoticeRead(BaseModel):
    """What was told of the end of a certification, once for each last day and stage."""

    id: UUID
    certification: EndingRead
    ends_on: date
    stage: Stage
    told_at: datetime
    formations: int = Field(description="offers that it hit when it was told")
    sessions: int
    providers: list[str] = Field(
        description=f"SIRETs of those that offer them, {MOST_PROVIDERS} at most"
    )
    still_holds: bool = Field(description="false once the certification ends on another day")
    replacement: ReplacementRead | None
