"""Wire format of the certifications; PostgreSQL renders it, a test holds it to these models."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from platformkit.i18n import Text
from training.certifications.lifecycle import State
from training.certifications.numbers import Directory
from training.certifications.quality import Quality
from training.certifications.records import (
    AccessRoute,
    Audience,
    LiteracyLevel,
    Promotion,
    Source,
    Theme,
)


class Title(BaseModel):
    """The official French title; the English one is our translation, not an official text."""

    fr: str
    en: str | None


class Label(BaseModel):
    """A label of ours, in both languages."""

    fr: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Self:
        """Show a text in both."""
        return cls(fr=text.fr, en=text.en)


class EditorialRead(BaseModel):
    """Marks by the Vigie team, not by France compétences."""

    themes: list[Theme]
    audience: list[Audience]
    ai_literacy_level: LiteracyLevel | None


class TermRead(BaseModel):
    """A code of a nomenclature with the label of the source's vintage."""

    code: str
    label: str


class BlocRead(BaseModel):
    """A competency bloc."""

    id: UUID = Field(description="always the same for the same number and code")
    code: str
    title: str


class BodyRead(BaseModel):
    """A certifying body in function; no SIRET where the source gives none."""

    siret: str | None
    name: str


class CriterionRead(BaseModel):
    """Something that a complete record says, and what it counts for."""

    code: str
    weight: int
    label: Label


class QualityRead(BaseModel):
    """How completely a record informs, 0 to 100; 100 is nothing missing."""

    score: int
    missing: list[CriterionRead] = Field(description="the heaviest first")

    @classmethod
    def of(cls, quality: Quality) -> Self:
        """Show a judgement."""
        missing = [
            CriterionRead(code=one.code, weight=one.weight, label=Label.of(one.label))
            for one in quality.missing
        ]
        return cls(score=quality.score, missing=missing)


class _Common(BaseModel):
    id: UUID
    number: str = Field(examples=["RS7423"])
    directory: Directory
    title: Title
    level: int | None = Field(description="1–8 of the French framework; none in the RS")
    state: State = Field(description="derived from the legal dates, in the time of Paris")
    registration_end: date | None
    registration_end_year: int | None = Field(description="when only the year is known")
    delivery_limit: date | None
    editorial: EditorialRead
    rome: list[TermRead] = Field(description="jobs, with the labels of the source's vintage")
    certifying_bodies: list[BodyRead]
    source: Source
    unknown: list[str] = Field(description="fields that the source does not give")


class CertificationSummary(_Common):
    """A certification in a list."""

    blocs_count: int


class CertificationRead(_Common):
    """A certification whole; `source_state` and `source_active` are the source's own words."""

    abbreviation: str | None
    registration_type: str | None
    decided_on: date | None
    effective_on: date | None
    source_state: str | None
    source_active: bool | None
    access_routes: list[AccessRoute]
    nsf: list[TermRead]
    formacodes: list[TermRead]
    blocs: list[BlocRead]
    predecessors: list[str]
    successors: list[str]
    source_id: str | None = Field(description="what the source itself calls the fiche")
    import_run: UUID | None = Field(
        description="whose file gave the facts; null where the product ships them"
    )
    absent_since: date | None = Field(
        description="since when the directory's daily file lacks it; it is not deleted for that"
    )
    version: int


class BlocWhole(BlocRead):
    """A competency bloc with what it attests and how that is assessed."""

    competences: str | None
    assessment: str | None


class BlocsRead(BaseModel):
    """The blocs; `known` is false when the source does not say whether there are any."""

    number: str
    known: bool
    items: list[BlocWhole]
    source: Source


class DescriptionRead(BaseModel):
    """The prose and figures of the fiche; null is "the source does not say"."""

    number: str
    objectives: str | None
    activities: str | None
    capacities: str | None
    sectors: str | None
    accessible_jobs: str | None
    prerequisites: str | None
    regulations: str | None
    url: str | None
    registration_years: int | None
    published_on: date | None
    idcc: list[TermRead] = Field(description="collective agreements")
    statistics: list[Promotion] = Field(description="what became of those certified")
    source: Source
