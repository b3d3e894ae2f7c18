"""The diagnostic as its neighbours, the gateway and `make demo` use it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from platformkit.clients.base import Read, ServiceClient
from platformkit.clients.roadmaps import Roadmap

Language = Literal["fr", "en"]
Interval = tuple[float, float] | None


class Organisation(Read):
    """A company of the caller's tenant."""

    id: UUID
    siren: str
    name: str
    naf_code: str
    headcount: int | None
    size_band: str | None
    region_code: str
    version: int


class Cohort(Read):
    """A week for a limited number of companies."""

    id: UUID
    programme: str
    code: str
    title: str
    facilitator: str
    capacity: int
    seats_taken: int
    starts_on: date
    ends_on: date
    enrol_closes_at: datetime
    status: str
    is_open: bool


class Enrolment(Read):
    """A seat, or a rank in the waiting list."""

    id: UUID
    cohort_id: UUID
    status: str
    seat_no: int | None
    rank: int | None


class Question(Read):
    """A question to show, with the version that its next answer must send."""

    code: str
    dimension: str | None
    type: str
    required: bool
    visibility: str
    state: str | None
    version: int


class Progress(Read):
    """How far a diagnostic is."""

    visible: int
    answered: int
    share: float
    missing: tuple[str, ...]


class Assessment(Read):
    """A diagnostic: what to ask next, and between which bounds its score lies."""

    id: UUID
    organisation_id: UUID
    status: str
    milestone: str
    progress: Progress
    interval: Interval
    questions: tuple[Question, ...]


class Level(Read):
    """A level of maturity and its name."""

    code: str
    title: str


class Dimension(Read):
    """An axis of the radar."""

    code: str
    title: str
    score: float | None
    interval: Interval
    level: Level | None


class Contribution(Read):
    """Points out of 100 that a question brought, and those it left."""

    code: str
    label: str
    dimension: str
    contribution: float
    lost: float


class Robustness(Read):
    """The score's range when each dimension's weight moves by a quarter."""

    low: float
    high: float
    level_holds: bool


class Explanation(Read):
    """Why the score is what it is."""

    questions: tuple[Contribution, ...]
    robustness: Robustness | None


class Score(Read):
    """A score by the published method."""

    assessment_id: UUID
    status: str
    complete: bool
    score: float | None
    exact: str | None
    interval: Interval
    level: Level | None
    dimensions: tuple[Dimension, ...]
    explanation: Explanation
    result_hash: str


class Perimeter(Read):
    """Where an aid holds; regions by INSEE code."""

    scale: str
    regions: tuple[str, ...]


class CallForProjects(Read):
    """A call for projects that is open."""

    code: str
    title: str
    operator: str
    perimeter: Perimeter | None
    closes_on: date | None
    source_url: str | None


class DiagnosticClient(ServiceClient):
    """Plays the journey of a company; each method is one request, each POST repeatable by key."""

    name: ClassVar[str] = "diagnostic"

    async def questionnaire(self, code: str) -> dict[str, Any]:
        """Read the grid that new diagnostics use, its texts in both languages."""
        found: dict[str, Any] = await self.get(f"/questionnaires/{code}")
        return found

    async def register(self, company: Mapping[str, Any], key: str | None = None) -> Organisation:
        """Register a company of the caller's tenant."""
        return Organisation.model_validate(await self._post("/organisations", company, key))

    async def by_siren(self, siren: str) -> Organisation | None:
        """Find a company that the caller's tenant registered before."""
        found = await self.get("/organisations", {"siren": siren})
        return next((Organisation.model_validate(one) for one in found["items"]), None)

    async def cohorts(self, *, status: str | None = "open") -> list[Cohort]:
        """Read the next cohorts, by first day."""
        found = await self.get("/cohorts", {"status": status} if status else None)
        return [Cohort.model_validate(one) for one in found["items"]]

    async def enrol(
        self, cohort_id: UUID, organisation_id: UUID, key: str | None = None
    ) -> Enrolment:
        """Take a seat, or a rank in the waiting list."""
        body = {"organisation_id": str(organisation_id)}
        found = await self._post(f"/cohorts/{cohort_id}/enrolments", body, key)
        return Enrolment.model_validate(found)

    async def start(
        self,
        organisation_id: UUID,
        questionnaire: str,
        *,
        milestone: str = "T0",
        cohort_id: UUID | None = None,
        key: str | None = None,
    ) -> Assessment:
        """Start a diagnostic on the latest version of the grid."""
        body = {
            "organisation_id": str(organisation_id),
            "questionnaire": questionnaire,
            "milestone": milestone,
            "cohort_id": str(cohort_id) if cohort_id else None,
        }
        return Assessment.model_validate(await self._post("/assessments", body, key))

    async def assessment(self, assessment_id: UUID) -> Assessment:
        """Read which questions to show and what is missing."""
        return Assessment.model_validate(await self.get(f"/assessments/{assessment_id}"))

    async def answer(
        self,
        assessment_id: UUID,
        question: str,
        value: object = None,
        *,
        state: str = "answered",
        reason: str | None = None,
        version: int = 0,
    ) -> int:
        """Save an answer over the version last read, 0 when there is none; returns the new one."""
        response = await self.send(
            "PUT",
            f"/assessments/{assessment_id}/answers/{question}",
            body={"state": state, "value": value, "reason": reason},
            headers={"if-match": f'"{version}"'},
        )
        return int(response.json()["version"])

    async def submit(self, assessment_id: UUID, key: str | None = None) -> Score:
        """Close the answers and freeze their score."""
        return Score.model_validate(
            await self._post(f"/assessments/{assessment_id}/submit", None, key)
        )

    async def score(self, assessment_id: UUID) -> Score:
        """Read the score with its explanation."""
        return Score.model_validate(await self.get(f"/assessments/{assessment_id}/score"))

    async def make_roadmap(self, assessment_id: UUID, key: str | None = None) -> Roadmap:
        """Make the roadmap of a submitted diagnostic."""
        return Roadmap.model_validate(
            await self._post(f"/assessments/{assessment_id}/roadmap", None, key)
        )

    async def roadmap(self, assessment_id: UUID) -> Roadmap:
        """Read the roadmap with the certifications and the funding of today."""
        return Roadmap.model_validate(await self.get(f"/assessments/{assessment_id}/roadmap"))

    async def report(self, assessment_id: UUID, language: Language = "fr") -> bytes:
        """Download the report as a PDF in this language."""
        response = await self.send(
            "GET",
            f"/assessments/{assessment_id}/report.pdf",
            headers={"accept-language": language},
        )
        return response.content

    async def summary(self, organisation_id: UUID) -> dict[str, Any]:
        """Read where a company stands, for an overview."""
        found: dict[str, Any] = await self.get(f"/organisations/{organisation_id}/summary")
        return found

    async def calls(self) -> list[CallForProjects]:
        """Read the calls for projects that are open now."""
        asked = {"is_call_for_projects": True, "window": "open", "limit": 200}
        body = await self.get("/opportunities", asked)
        return [CallForProjects.model_validate(item) for item in body["items"]]

    async def _post(self, path: str, body: object, key: str | None) -> Any:  # noqa: ANN401  # JSON
        headers = {"idempotency-key": key} if key else None
        response = await self.send("POST", path, body=body, headers=headers)
        return response.json()
