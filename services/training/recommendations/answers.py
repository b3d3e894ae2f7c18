"""Wire format of what is recommended; shares are between 0 and 1."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from training.offers.schemas import Teaching
from training.recommendations.schemas import Aim

Outcome = Literal["recommended", "target_reached", "nothing_fits", "insufficient_data"]
Method = Literal["declared", "classified", "extracted"]


class Named(BaseModel):
    """A code with its label in the language of the request, or in French."""

    code: str
    label: str


class Replaced(BaseModel):
    """A code that is obsolete, and the one that was taken in its place."""

    scheme: str
    given: str
    used: str


class Gap(BaseModel):
    """A skill that the job wants: how much, how much is held, what is missing."""

    skill: Named
    essential: bool
    weight: float
    required: int
    held: int
    presumed: bool = Field(description="held because the present job wants it")
    gap: float


class Taught(BaseModel):
    """A skill that a course fills a gap of, and how we know that it teaches it."""

    skill: Named
    level: int
    method: Method
    confidence: float
    source: str | None = Field(description="the certification by which the course has it")
    evidence: str | None = Field(description="the sentence that names it, where texts say so")


class Points(BaseModel):
    """Points of a score; those of all parts add up to it. `cap` is for cold data."""

    part: Literal["coverage", "efficiency", "proximity", "demand", "cap"]
    skill: str | None
    points: float


class CourseNamed(BaseModel):
    """A way of following a formation, and what it takes; null is what nobody says."""

    formation: UUID
    number: str
    title: str
    provider: Named
    certifications: list[str]
    action: UUID
    mode: Teaching
    hours: int | None
    euros: float | None
    distance_km: float | None


class CourseRead(CourseNamed):
    """A course that fills a part of the gap: its score is the sum of its `explanation`."""

    session: UUID
    starts_on: date | None
    ends_on: date | None
    score: float
    coverage: float = Field(description="share of the gap; it may rise as one learns elsewhere")
    gain: float = Field(description="readiness that it adds; it never rises as one learns")
    readiness: float = Field(description="after this course alone")
    capped: bool
    explanation: list[Points]
    skills: list[Taught]


class Step(CourseNamed):
    """A course of a path: what it adds there, and how ready one is after it."""

    starts_on: date | None
    gain: float
    readiness: float
    skills: list[Taught]


class More(BaseModel):
    """The least to add to the limits for one more course, and what it would bring."""

    hours: float
    euros: float
    courses: int
    course: CourseNamed
    readiness: float
    reading: str


class PathRead(BaseModel):
    """Courses one after the other within the limits; their dates are not compared."""

    steps: list[Step]
    hours: float
    euros: float
    readiness: float
    match: float = Field(description="JCRec's, each skill alike; one may apply from 0.8 on")
    applicable: bool
    more: More | None


class Excluded(CourseNamed):
    """A course that would fill a part of the gap, and every reason why it is not recommended."""

    coverage: float
    reasons: list[str]


class Exclusions(BaseModel):
    """The best of those excluded; `total` counts all that were considered."""

    total: int
    items: list[Excluded]


class TargetRead(BaseModel):
    """What brings somebody to one job."""

    job: Named
    basis: str = Field(description="the job of ROME 3 whose skills are meant")
    exposure: float | None = Field(description="of the job to generative AI, where it was asked")
    status: Outcome
    reason: str | None = Field(description="why the data do not allow an answer")
    readiness: float | None
    match: float | None
    applicable: bool | None
    demand: float | None
    weights: dict[str, float] = Field(description="shared among the parts that are known")
    gaps: list[Gap]
    courses: list[CourseRead] = Field(description="the ten best, two of a provider at most")
    path: PathRead | None
    exclusions: Exclusions
    matched: int = Field(description="offers that teach something that is missing")
    considered: int


class Unavailable(BaseModel):
    """A part that a neighbour could not give."""

    part: str
    reason: str


class MethodRead(BaseModel):
    """How it was reckoned, and what not to read in it."""

    version: str
    weights: dict[str, float]
    citations: list[str]
    limits: list[str]


class DataRead(BaseModel):
    """Releases of what the answer was made of: the same ones give the same bytes."""

    references: dict[str, str]
    certifications: dict[str, date | None]
    catalogue: UUID | None


class Recommended(BaseModel):
    """What is recommended; the profile is not repeated, stored or logged."""

    aim: Aim
    on: date
    job: Named | None
    exposure: float | None
    replaced: list[Replaced]
    targets: list[TargetRead]
    method: MethodRead
    data: DataRead
    unavailable: list[Unavailable]
