"""Companies on the wire; every rule about one field is here, so that all faults come at once."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    field_validator,
)

from diagnostic.names import Name
from diagnostic.organisations import company
from platformkit.wire import Wire, refusal

SizeBand = Literal["0", "1-9", "10-49", "50-249", "250+"]


def _siren(number: str) -> str:
    if not company.is_siren(number):
        raise refusal(
            "siren_invalid",
            "Un SIREN a neuf chiffres, sans espace, et une clé de contrôle juste.",
            "A SIREN has nine digits, no space, and a correct check digit.",
        )
    return number


def _siret(number: str) -> str:
    if not company.is_siret(number):
        raise refusal(
            "siret_invalid",
            "Un SIRET a quatorze chiffres, sans espace, et une clé de contrôle juste.",
            "A SIRET has fourteen digits, no space, and a correct check digit.",
        )
    return number


def _naf(code: str) -> str:
    if not company.is_naf(code):
        raise refusal(
            "naf_invalid",
            "Un code NAF (rév. 2) s’écrit comme 62.01Z, dans une division qui existe.",
            "A NAF code (rev. 2) is written like 62.01Z, in a division that exists.",
        )
    return code


def _region(code: str) -> str:
    if code not in company.REGIONS:
        raise refusal(
            "region_unknown",
            "Ce n’est pas le code INSEE d’une région (32 : Hauts-de-France ; 59 est un"
            " département).",
            "Not the INSEE code of a region (32: Hauts-de-France; 59 is a department).",
        )
    return code


Siren = Annotated[str, AfterValidator(_siren)]
Siret = Annotated[str, AfterValidator(_siret)]
Naf = Annotated[str, AfterValidator(_naf)]
Postcode = Annotated[str, Field(pattern=r"^(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}$")]
"""The first two digits are a department's, 20 Corsica, 97 and 98 overseas."""

Region = Annotated[str, AfterValidator(_region)]
Headcount = Annotated[StrictInt, Field(ge=0, le=5_000_000)]


class OrganisationCreate(Wire):
    """A company to register; the size band follows from the headcount when that is given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "siren": "732829320",
                    "name": "Atelier Dupont",
                    "naf_code": "25.62B",
                    "headcount": 42,
                    "postcode": "59000",
                    "region_code": "32",
                    "benchmark_consent": True,
                }
            ]
        }
    )

    siren: Siren
    siret: Siret | None = None
    name: Name
    naf_code: Naf
    headcount: Headcount | None = None
    size_band: SizeBand | None = None
    postcode: Postcode
    region_code: Region
    benchmark_consent: StrictBool = False

    @field_validator("siret")
    @classmethod
    def _of_the_siren(cls, number: str | None, others: ValidationInfo) -> str | None:
        siren = others.data.get("siren")
        if number is not None and siren is not None and not number.startswith(siren):
            raise refusal(*company.SIRET_OF_ANOTHER)
        return number

    @field_validator("size_band")
    @classmethod
    def _of_the_headcount(cls, band: SizeBand | None, others: ValidationInfo) -> SizeBand | None:
        headcount = others.data.get("headcount")
        if band is not None and headcount is not None and band != company.size_band(headcount):
            raise refusal(*company.BAND_MISMATCH)
        return band


class OrganisationUpdate(Wire):
    """What to change of a company; a field left out stays, and a SIREN never changes."""

    siret: Siret | None = None
    name: Name = Field(default_factory=str)
    naf_code: Naf = Field(default_factory=str)
    headcount: Headcount | None = None
    size_band: SizeBand | None = None
    postcode: Postcode = Field(default_factory=str)
    region_code: Region = Field(default_factory=str)
    benchmark_consent: StrictBool = Field(default_factory=bool)


class OrganisationRead(BaseModel):
    """A company as its tenant sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    siren: str
    siret: str | None
    name: str
    naf_code: str
    headcount: int | None
    size_band: SizeBand | None
    postcode: str
    region_code: str
    benchmark_consent: bool
    consent_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
