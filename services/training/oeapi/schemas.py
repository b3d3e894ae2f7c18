"""Wire format of the Open Education API 6.0: of its objects, the members that we can fill."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

T = TypeVar("T")


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Said(_Wire):
    """A LanguageTypedString."""

    language: str
    value: str


class Code(_Wire):
    """An IdentifierEntry; types of our own begin with `x-`."""

    code_type: str
    code: str


class Consumer(_Wire):
    """The profile `x-vigie` 1.0: what the French catalogue knows and OEAPI has no place for."""

    model_config = ConfigDict(extra="allow")

    consumer_key: str


class StudyLoad(_Wire):
    """How long it takes."""

    study_load_unit: str
    value: int


class Country(_Wire):
    """A country of ISO 3166-1."""

    alpha2: str = Field(alias="iso3166-1-alpha2")


class Geolocation(_Wire):
    """Degrees."""

    latitude: float
    longitude: float


class Address(_Wire):
    """Where something is taught, or an organisation is."""

    address_type: str
    post_code: str | None = None
    city: str | None = None
    country_code: Country | None = None
    geolocation: Geolocation | None = None


class Cost(_Wire):
    """A price, all taxes included."""

    cost_type: str
    amount: str | None = None
    currency: str | None = None


class EnrolmentPeriod(_Wire):
    """When one may enrol."""

    start_date_time: datetime
    end_date_time: datetime | None = None


class Operation(_Wire):
    """An operation that is served."""

    verbs: list[str]
    path: str


class Expansion(_Wire):
    """What an operation can expand."""

    expandable_objects: list[str]
    path: str


class SupportedConsumer(_Wire):
    """A consumer whose profile is filled."""

    consumer_key: str
    version: str


class Service(_Wire):
    """What is served here."""

    contact_email: str
    specification: str
    documentation: str
    supported_consumers: list[SupportedConsumer]
    supported_operations: list[Operation]
    supported_expands: list[Expansion]


class Organisation(_Wire):
    """Whoever gives training or certifies; `organisationId` says the SIRET."""

    organisation_id: UUID
    organisation_type: str
    primary_code: Code
    name: list[Said]
    addresses: list[Address] | None = None
    other_codes: list[Code] | None = None
    consumer: Consumer


class LearningOutcome(_Wire):
    """A competency bloc."""

    learning_outcome_id: UUID
    primary_code: Code
    name: list[Said]
    description: list[Said] | None = None
    fields_of_study: str | None = None
    other_codes: list[Code] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    consumer: Consumer


class Programme(_Wire):
    """A certification."""

    programme_id: UUID
    programme_type: str
    primary_code: Code
    name: list[Said]
    abbreviation: str | None = None
    description: list[Said] | None = None
    qualification_awarded: str
    level_of_qualification: str | None = None
    fields_of_study: str | None = None
    learning_outcome_ids: list[UUID]
    admission_requirements: list[Said] | None = None
    assessment: list[Said] | None = None
    formal_document: str
    link: str | None = None
    other_codes: list[Code]
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    organisation_id: UUID | None = None
    organisation: Organisation | None = None
    timeline_overrides: list[Any] | None = None
    consumer: Consumer


class Course(_Wire):
    """A formation of one provider."""

    course_id: UUID
    primary_code: Code
    name: list[Said]
    description: list[Said]
    study_load: list[StudyLoad] | None = None
    modes_of_delivery: list[str]
    first_start_date: datetime | None = None
    teaching_languages: list[str] | None = None
    fields_of_study: str | None = None
    qualification_requirements: list[Said] | None = None
    link: str | None = None
    addresses: list[Address] | None = None
    other_codes: list[Code]
    programme_ids: list[UUID]
    programmes: list[Programme] | None = None
    organisation_id: UUID
    organisation: Organisation | None = None
    timeline_overrides: list[Any] | None = None
    consumer: Consumer


class _Offering(_Wire):
    primary_code: Code
    name: list[Said]
    state: str
    teaching_languages: list[str] | None = None
    modes_of_delivery: list[str]
    start_date_time: datetime | None = None
    end_date_time: datetime | None = None
    flexible_entry_period_start_date_time: datetime | None = None
    addresses: list[Address] | None = None
    price_information: list[Cost] | None = None
    enrolment_periods: list[EnrolmentPeriod] | None = None
    organisation_id: UUID
    organisation: Organisation | None = None
    consumer: Consumer


class CourseOffering(_Offering):
    """A session of a formation."""

    course_offering_id: UUID
    flexible_entry_period_end_date_time: date | None = None
    """A day here and an instant in the other: so the contract has it."""

    course_id: UUID
    course: Course | None = None
    programme_offering_ids: list[UUID]


class ProgrammeOffering(_Offering):
    """A session of a formation, as a way to one certification."""

    programme_offering_id: UUID
    flexible_entry_period_end_date_time: datetime | None = None
    programme_id: UUID
    programme: Programme | None = None


class Listed(_Wire, Generic[T]):
    """A page of a list; the Link header continues it at any depth."""

    page_size: int
    page_number: int
    has_previous_page: bool
    has_next_page: bool
    items: list[T]
