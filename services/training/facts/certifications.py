"""A certification as the views read it: its document, its prose and its blocs at once."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from training.certifications.lifecycle import State
from training.certifications.numbers import Directory
from training.certifications.records import AccessRoute, Source
from training.certifications.schemas import BlocWhole, BodyRead, EditorialRead, TermRead, Title


class CertificationFacts(BaseModel):
    """What one row of `queries.CERTIFICATION` holds; null is "the source does not say"."""

    id: UUID
    number: str
    directory: Directory
    title: Title
    abbreviation: str | None
    level: int | None
    state: State
    registration_type: str | None
    decided_on: date | None
    effective_on: date | None
    registration_end: date | None
    delivery_limit: date | None
    access_routes: list[AccessRoute]
    editorial: EditorialRead
    rome: list[TermRead]
    nsf: list[TermRead]
    formacodes: list[TermRead]
    certifying_bodies: list[BodyRead]
    predecessors: list[str]
    successors: list[str]
    source: Source
    blocs: list[BlocWhole]
    objectives: str | None
    activities: str | None
    capacities: str | None
    prerequisites: str | None
    url: str | None
    updated_at: datetime
    version: int

    @property
    def page(self) -> str:
        """Return the address of the fiche in the directory of France compétences."""
        digits = self.number.removeprefix(self.directory)
        return f"https://www.francecompetences.fr/recherche/{self.directory.lower()}/{digits}/"

    @property
    def starts_on(self) -> date | None:
        """Return the first day of the registration, where the source says it."""
        return self.effective_on or self.decided_on
