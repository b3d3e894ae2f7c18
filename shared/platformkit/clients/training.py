"""The catalogue of certifications, as its neighbours read it."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from platformkit.clients.base import Read, ServiceClient

State = Literal["upcoming", "active", "delivery_only", "inactive", "unknown"]


class Title(Read):
    """The official French title; the English one, when there is one, is our translation."""

    fr: str
    en: str | None = None


class Job(Read):
    """A ROME job with the label of the source's vintage."""

    code: str
    label: str


class CertifyingBody(Read):
    """Who delivers the certification."""

    name: str
    siret: str | None = None


class Editorial(Read):
    """Marks by the Vigie team; codes that this reader does not know pass through."""

    themes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    ai_literacy_level: str | None = None


class Source(Read):
    """Where the facts were read; `dated_on` is their vintage."""

    kind: str
    url: str
    dated_on: date | None = None


class Certification(Read):
    """A certification in short, its state that of the moment of the request."""

    number: str
    directory: str
    title: Title
    level: int | None
    state: State
    registration_end: date | None
    registration_end_year: int | None = None
    delivery_limit: date | None = None
    editorial: Editorial
    rome: tuple[Job, ...] = ()
    certifying_bodies: tuple[CertifyingBody, ...] = ()
    source: Source
    blocs_count: int = 0


class Replacement(Read):
    """A successor, direct (`distance` 1) or through others."""

    number: str
    distance: int


class Continuity(Read):
    """Where a certification goes on; it answers for one that was withdrawn, too."""

    state: State
    enrol_in: tuple[str, ...]
    replacements: tuple[Replacement, ...]

    @property
    def successors(self) -> tuple[str, ...]:
        """Give those that one may enrol in, else the direct ones."""
        return self.enrol_in or tuple(one.number for one in self.replacements if one.distance == 1)


class _Offers(Read):
    offers: int


class _Active(Read):
    active: int


class JobCoverage(Read):
    """What open training answers of a job in a territory."""

    code: str
    label: str
    offers: _Offers
    certifications: _Active


class _Covered(Read):
    employment: float | None
    employment_share: float | None


class _Jobs(Read):
    employment: float | None
    covered: _Covered


class CoverageSummary(Read):
    """What open training answers of the exposed jobs of a territory."""

    existing: _Jobs


class TrainingClient(ServiceClient):
    """Reads certifications and coverage; every method is one request."""

    name: ClassVar[str] = "training"

    async def certifications(self, numbers: Sequence[str]) -> list[Certification]:
        """Read those of at most 50 numbers that exist, in whatever state they are."""
        if not numbers:
            return []
        return await self._list({"numbers": list(numbers), "limit": 100})

    async def continuity(self, number: str) -> Continuity:
        """Read whether one may still enrol in a certification, and what replaces it."""
        body = await self.get(f"/certifications/{number}/continuity")
        return Continuity.model_validate(body)

    async def by_rome(self, rome: str, limit: int = 20) -> list[Certification]:
        """Read the active certifications that lead to a job."""
        return await self._list({"rome": rome, "state": "active", "limit": limit})

    async def search(
        self,
        *,
        themes: Sequence[str] = (),
        numbers: Sequence[str] = (),
        rome: Sequence[str] = (),
        audience: str | None = None,
        words: str | None = None,
        limit: int = 20,
    ) -> list[Certification]:
        """Read active certifications that meet one of the themes, numbers or jobs.

        Short ones (RS) come first, then the newest; `audience` and `words` narrow the choice.
        """
        asked = {
            "theme": list(themes),
            "numbers": list(numbers),
            "rome": list(rome),
            "audience": audience,
            "q": words,
        }
        given = {name: value for name, value in asked.items() if value}
        return await self._list({**given, "match": "any", "state": "active", "limit": limit})

    async def coverage(self, territory: str) -> CoverageSummary:
        """Read how much of the exposed employment of a territory open training answers."""
        body = await self.get("/coverage/summary", {"territory": territory})
        return CoverageSummary.model_validate(body)

    async def job_coverage(self, jobs: Sequence[str], territory: str) -> list[JobCoverage]:
        """Read what open training answers of these ROME v3 jobs, those that are exposed."""
        asked = {"job": list(jobs), "territory": territory, "kind": "existing", "limit": 200}
        body = await self.get("/coverage", asked)
        return [JobCoverage.model_validate(item) for item in body["items"]]

    async def _list(self, parameters: dict[str, object]) -> list[Certification]:
        body = await self.get("/certifications", parameters)
        return [Certification.model_validate(item) for item in body["items"]]
