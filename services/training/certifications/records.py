"""A certification as a source gives it, in our shape: what every import must produce."""

import hashlib
import re
import unicodedata
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from training.certifications import numbers
from training.certifications.lifecycle import Validity

Theme = Literal[
    "ai_literacy",
    "ai_strategy",
    "automation",
    "cybersecurity",
    "data",
    "development",
    "digital_skills",
    "generative_ai",
    "governance",
    "human_resources",
]
Audience = Literal["at_work", "young"]
LiteracyLevel = Literal["awareness", "user", "practitioner", "specialist"]
AccessRoute = Literal["FI", "CA", "FC", "CQ", "CL", "VAE"]
SourceKind = Literal[
    "official_feed",
    "official_tables",
    "official_page",
    "certifying_body",
    "secondary",
    "regional_proposal",
]
Standing = Literal["active", "inactive"]
PartnerRole = Literal["train", "assess", "both"]

_LONGEST = 100_000
"""Characters of a text; the longest of the real directory has some 30,000."""

Code = Annotated[str, Field(pattern=r"^(RNCP|RS|REG)[1-9][0-9]{0,4}$")]
Siret = Annotated[str, Field(pattern=r"^[0-9]{14}$")]
Prose = Annotated[str | None, Field(max_length=_LONGEST)]
Percent = Annotated[float | None, Field(ge=0, le=100)]

_SILENT = (
    "registration_type",
    "registration_end",
    "delivery_limit",
    "nsf",
    "formacodes",
    "rome",
    "blocs",
    "certifying_bodies",
    "access_routes",
    "predecessors",
    "successors",
)
"""Fields whose null means "the source does not say", except in the official feed."""


class Part(BaseModel):
    """Refuses what it does not know, so that a typing error in a table is seen at load."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(Part):
    """A code of a nomenclature with the label of the source's vintage."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    label: Annotated[str, Field(max_length=1_000)]
    version: str | None = None


class BlocRecord(Part):
    """A competency bloc, what it attests and how that is assessed."""

    code: Annotated[str, Field(min_length=1, max_length=80)]
    title: Annotated[str, Field(max_length=_LONGEST)]
    competences: Prose = None
    assessment: Prose = None


class BodyRecord(Part):
    """A certifying body; no SIRET where the source gives none."""

    siret: Siret | None
    name: Annotated[str, Field(max_length=1_000)]
    state: Standing = "active"
    state_since: date | None = None


class PartnerRecord(BodyRecord):
    """Who trains or assesses for the certifying body; `active_since` its first habilitation."""

    role: PartnerRole
    active_since: date | None = None


class EquivalenceRecord(Part):
    """Blocs of this certification that count as blocs of another; an empty set is the whole."""

    source_blocs: list[str]
    target: Code
    target_blocs: list[str]


class Promotion(Part):
    """What became of those certified in a year; rates in per cent."""

    year: Annotated[int, Field(ge=1950, le=2100)]
    certified: Annotated[int, Field(ge=0)] | None = None
    certified_by_experience: Annotated[int, Field(ge=0)] | None = None
    employed_after_6_months: Percent = None
    in_the_job_after_6_months: Percent = None
    in_the_job_after_2_years: Percent = None


class Source(Part):
    """Where the facts were read; `dated_on` is the vintage, null when the source carries none."""

    kind: SourceKind
    name: str
    url: str
    dated_on: date | None
    licence: str | None


class Editorial(Part):
    """Our own marks, kept apart from the official facts."""

    title_en: str | None = None
    themes: list[Theme] = []
    audience: list[Audience] = []
    ai_literacy_level: LiteracyLevel | None = None


class CertificationRecord(Part):
    """One fiche; null is "the source does not say", an empty list is "there is none"."""

    number: Code
    title: Annotated[str, Field(min_length=1, max_length=800)]
    abbreviation: str | None
    level: Annotated[int, Field(ge=1, le=8)] | None
    registration_type: Literal["Enregistrement de droit", "Enregistrement sur demande"] | None
    decided_on: date | None
    effective_on: date | None
    registration_end: date | None
    registration_end_year: Annotated[int, Field(ge=1990, le=2100)] | None
    delivery_limit: date | None
    source_state: str | None
    source_active: bool | None
    nsf: list[Term] | None
    formacodes: list[Term] | None
    rome: list[Term] | None
    blocs: list[BlocRecord] | None
    certifying_bodies: list[BodyRecord] | None
    access_routes: list[AccessRoute] | None
    predecessors: list[str] | None
    successors: list[str] | None
    idcc: list[Term] | None = None
    partners: list[PartnerRecord] | None = None
    equivalences: list[EquivalenceRecord] | None = None
    registration_years: Annotated[int, Field(ge=0, le=99)] | None = None
    published_on: date | None = None
    objectives: Prose = None
    activities: Prose = None
    capacities: Prose = None
    sectors: Prose = None
    accessible_jobs: Prose = None
    prerequisites: Prose = None
    regulations: Prose = None
    url: Annotated[str | None, Field(max_length=2_000)] = None
    statistics: list[Promotion] | None = None
    source_id: str | None = None
    source: Source
    editorial: Editorial = Editorial()

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.registration_end and self.registration_end_year:
            raise ValueError("registration_end_year is for ends whose day is not known")
        return self

    @property
    def reference(self) -> numbers.Reference:
        """The directory and the number of the code."""
        reference = numbers.parse(self.number)
        assert reference is not None  # noqa: S101  # the pattern of `number`
        return reference

    @property
    def unknown(self) -> list[str]:
        """The fields that the source does not give; the official feed gives all of them."""
        if self.source.kind == "official_feed":
            return []
        silent = [name for name in _SILENT if getattr(self, name) is None]
        if self.level is None and self.number.startswith("RNCP"):
            silent.insert(0, "level")  # a certification of the RS has none
        return silent

    @property
    def validity(self) -> Validity:
        """The legal dates, for the rules of the lifecycle."""
        return Validity(
            starts_on=self.effective_on or self.decided_on,
            ends_on=self.registration_end,
            ends_in=self.registration_end_year,
            delivers_until=self.delivery_limit,
            delivery_known="delivery_limit" not in self.unknown,
        )

    @property
    def facts(self) -> bytes:
        """The facts as JSON: the record without where they were read, and without our own marks."""
        return self.model_dump_json(exclude=_NOT_FACTS).encode()

    @property
    def fingerprint(self) -> str:
        """A digest of the facts: equal facts, equal digest, whatever the file's layout and date."""
        return hashlib.sha256(self.facts).hexdigest()

    @property
    def search_text(self) -> str:
        """Everything a search may meet, folded as `fold` folds the words asked."""
        texts = [self.number, self.title, self.abbreviation, self.editorial.title_en]
        texts += [bloc.title for bloc in self.blocs or ()]
        texts += [body.name for body in self.certifying_bodies or ()]
        texts += [term.label for term in (self.formacodes or []) + (self.rome or [])]
        texts += self.editorial.themes
        return fold(" ".join(text for text in texts if text))


_NOT_FACTS = {"source", "editorial"}
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def fold(text: str) -> str:
    """Drop accents, case, typographic apostrophes and controls: "donnees" meets "Données"."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'").casefold()))
    plain = plain.replace("œ", "oe").replace("_", " ").replace("\n", " ")
    if plain.isprintable():
        return plain
    return "".join(character if character.isprintable() else " " for character in plain)


def patterns(words: str | None) -> list[str] | None:
    """Return words as LIKE patterns for folded texts, the longest first; None where there are none.

    The longest is in the fewest texts: a trigram index is asked for it alone.
    """
    escaped = fold(words or "").replace("\\", r"\\").replace("%", r"\%").split()
    return [f"%{word}%" for word in sorted(escaped, key=len, reverse=True)] or None
