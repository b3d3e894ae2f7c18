"""What the rows of `queries` hold, beside whole certifications."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from training.certifications.records import Source
from training.offers.flags import Flag
from training.offers.schemas import OfferSource, Teaching
from training.providers.schemas import ProviderAddress


class Named(BaseModel):
    """A certification that an offer leads to."""

    id: UUID
    number: str


class OrganisationFacts(BaseModel):
    """Who has this SIRET: a declared provider, one of an offer, or a certifying body."""

    siret: str
    name: str
    activity_number: str | None
    qualiopi: list[str]
    address: ProviderAddress | None


class OutcomeFacts(BaseModel):
    """A bloc, and what it takes from its certification."""

    id: UUID
    number: str
    code: str
    title: str
    competences: str | None
    nsf: list[str]
    starts_on: date | None
    ends_on: date | None
    source: Source


class CourseFacts(BaseModel):
    """A formation without its actions, of which it tells what they have in common."""

    id: UUID
    number: str
    title: str
    objectives: str
    content: str
    expected_results: str
    web: list[str]
    provider: str
    modes: list[Teaching]
    languages: list[str]
    hours: list[int]
    starts_on: date | None
    nsf: list[str]
    rome: list[str]
    formacodes: list[str]
    codes: list[str]
    programmes: list[Named]
    quality: int | None
    flags: list[Flag]
    source: OfferSource


class PlaceFacts(BaseModel):
    """Where a session takes place."""

    postcode: str
    city: str
    latitude: float | None
    longitude: float | None


class OfferingFacts(BaseModel):
    """A session, with what it takes from its action and its formation."""

    id: UUID
    number: str
    title: str
    formation: UUID
    provider: str
    mode: Teaching
    entries: str
    languages: list[str]
    audiences: list[str]
    funders: list[str]
    price: Decimal | None
    hours: int | None
    starts_on: date | None
    ends_on: date | None
    enrolment_starts_on: date | None
    enrolment_ends_on: date | None
    recruitment_state: str | None
    places: list[PlaceFacts]
    programmes: list[Named]
    source: OfferSource
