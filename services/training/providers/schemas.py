"""Wire format of the providers; PostgreSQL renders it, a test holds it to these models."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from training.providers.listing import Category


class ProviderAddress(BaseModel):
    """Where a provider is, no closer than its town: many are persons at home."""

    postcode: str | None
    city: str | None
    department: str | None = Field(description="of the postcode; `20` is Corsica")
    region: str | None = Field(description="code of the region, as the list gives it")


class DeclaredPeriod(BaseModel):
    """The financial year of the last declaration."""

    start: date | None
    end: date | None


class SpecialtyRead(BaseModel):
    """A specialty of the NSF that the provider declares."""

    code: str
    label: str | None


class ProviderSource(BaseModel):
    """Where a provider was read."""

    name: str
    url: str
    dated_on: date | None
    licence: str
    import_: UUID = Field(alias="import", description="the run that read it")


class ProviderSummary(BaseModel):
    """A provider in a list."""

    activity_number: str = Field(description="NDA, 11 characters", examples=["32591234567"])
    siret: str | None = Field(description="of the establishment that declares")
    siren: str | None
    name: str
    address: ProviderAddress
    qualiopi: list[Category] = Field(description="what the company is certified for")
    version: int


class ListedProvider(ProviderSummary):
    """A provider as the public list has it."""

    previous_numbers: list[str]
    declared_on: date | None
    period: DeclaredPeriod
    specialties: list[SpecialtyRead]
    trainees: int | None = Field(description="in that year")
    trainees_entrusted: int | None = Field(description="by another provider, among them")
    trainers: int | None
    other_numbers: list[str] = Field(description="other declarations of the same SIREN")
    source: ProviderSource
