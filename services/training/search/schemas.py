"""Wire format of the search; a test holds its bytes to these models."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from training.certifications.lifecycle import State
from training.certifications.numbers import Directory
from training.offers.schemas import ProviderNamed, Teaching


class Highlight(BaseModel):
    """HTML, escaped, with `<mark>` around the words that were found; null without words."""

    title: str
    excerpt: str | None


class FormationNamed(BaseModel):
    """The formation of an offer: `GET /v1/formations/{id}`; `action` is the way of following it."""

    id: UUID
    number: str
    action: str


class PlaceShown(BaseModel):
    """Where: the place nearest to the centre of the search, or the first."""

    name: str | None
    postcode: str
    city: str
    department: str


class SessionShown(BaseModel):
    """The next session that the search allows; `open` is whether one may enrol today."""

    id: UUID
    starts_on: date | None
    ends_on: date | None
    enrolment_ends_on: date | None
    open: bool


class OfferHit(BaseModel):
    """An action of a formation; its price in euros, all taxes included."""

    formation: FormationNamed
    provider: ProviderNamed
    certifications: list[str]
    mode: Teaching
    entries: Literal["fixed_dates", "permanent"]
    price: str | None = Field(examples=["1200.00"])
    hours: int | None
    funders: list[str]
    languages: list[str]
    place: PlaceShown | None
    next_session: SessionShown | None
    quality: int | None


class CertificationHit(BaseModel):
    """A certification: `GET /v1/certifications/{number}`."""

    number: str
    directory: Directory
    level: int | None
    state: State
    registration_end: date | None
    registration_end_year: int | None
    certifying_bodies: list[str]
    themes: list[str]
    audience: list[str]
    ai_literacy_level: str | None


class HitSource(BaseModel):
    """Where it was read, and under which licence it may be passed on."""

    name: str
    dated_on: date | None
    licence: str | None


class Hit(BaseModel):
    """What was found: exactly one of `offer` and `certification`."""

    kind: Literal["offer", "certification"]
    id: UUID
    title: str
    highlight: Highlight | None
    distance_km: float | None
    offer: OfferHit | None
    certification: CertificationHit | None
    source: HitSource


class FacetValue(BaseModel):
    """A value that may be chosen, and how many hits there would be with it alone in its facet."""

    value: str
    count: int
    label: str | None = Field(description="in the language asked; null where no source names it")


class Correction(BaseModel):
    """A word that nothing has, and what was looked for instead."""

    word: str
    instead: str


class Understood(BaseModel):
    """How the words were read; `matched` is `some` where too little has all of them."""

    words: list[str] = Field(description="those that count")
    corrected: list[Correction]
    matched: Literal["all", "some"] | None


class SearchPage(BaseModel):
    """A page of hits, the best first, with what they may be narrowed by."""

    items: list[Hit]
    next: str | None
    total: int | None
    query: Understood
    facets: dict[str, list[FacetValue]] | None
