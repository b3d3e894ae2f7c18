"""An offer as the views read it: of LHÉO's document, what other models have a place for."""

import re
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel

from training.facts.certifications import CertificationFacts
from training.offers.schemas import OfferSource, Period, Price, Teaching

_WEB: Final = re.compile(r"https?://[^\s/?#]+\S*", re.ASCII)
_LONGEST_ADDRESS: Final = 2_048


def link(addresses: list[str]) -> str | None:
    """Return the first that is an address of the web; providers write anything there."""
    return next(
        (one for one in addresses if len(one) <= _LONGEST_ADDRESS and _WEB.fullmatch(one)), None
    )


class Coordinates(BaseModel):
    """Degrees, as decimal texts."""

    latitude: str | None = None
    longitude: str | None = None


class Address(BaseModel):
    """A postal address."""

    lines: list[str] = []
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    coordinates: Coordinates | None = None


class Details(BaseModel):
    """How somebody or something is reached."""

    address: Address | None = None
    web: list[str] = []


class Place(BaseModel):
    """Where an action takes place."""

    siret: str | None = None
    details: Details = Details()


class SessionFacts(BaseModel):
    """When an action takes place."""

    id: UUID
    number: str
    period: Period
    enrolment_period: Period | None = None
    recruitment_state: Literal["open", "closed", "suspended"] | None = None
    web: list[str] = []


class ActionFacts(BaseModel):
    """How a formation is given."""

    id: UUID
    number: str
    mode: Teaching
    entries: Literal["fixed_dates", "permanent"]
    languages: list[str] = []
    hours: int | None = None
    price: Price | None = None
    rhythm: str | None = None
    disabled_access: str | None = None
    places: list[Place] = []
    web: list[str] = []
    sessions: list[SessionFacts]

    @property
    def tongues(self) -> list[str]:
        """Return the languages as ISO 639 writes them, in small letters."""
        return list(dict.fromkeys(one.lower() for one in self.languages))


class ProviderFacts(BaseModel):
    """Who is responsible for a formation."""

    siret: str
    activity_number: str
    name: str
    legal_name: str
    details: Details = Details()


class Formacode(BaseModel):
    """A subject."""

    code: str


class Domain(BaseModel):
    """What a formation is about."""

    nsf: list[str] = []
    rome: list[str] = []
    formacodes: list[Formacode] = []


class FormationFacts(BaseModel):
    """What one row of `queries.FORMATION` holds."""

    id: UUID
    number: str
    title: str
    objectives: str
    content: str
    expected_results: str
    certifying: bool
    domain: Domain = Domain()
    provider: ProviderFacts
    web: list[str] = []
    actions: list[ActionFacts]
    codes: list[str]
    """The certifications that it names, also those that we do not know."""

    certifications: list[CertificationFacts] = []
    qualiopi: list[str]
    """The categories for which its provider is certified; none where the list has it not."""

    source: OfferSource
    updated_at: datetime
    version: int

    @property
    def tongues(self) -> list[str]:
        """Return the languages of all its actions."""
        return list(dict.fromkeys(one for action in self.actions for one in action.tongues))
