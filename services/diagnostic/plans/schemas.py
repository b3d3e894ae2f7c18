"""Plans on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from diagnostic.questionnaires.scalars import Code
from diagnostic.roadmaps.priority import EFFORT, RecommendationCode
from diagnostic.scores.schemas import LevelRead
from diagnostic.targets.schemas import Target
from platformkit.wire import Day, Wire

Cost = Annotated[int, Field(strict=True, ge=1, le=1000)]
Capacity = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Codes = Annotated[tuple[RecommendationCode, ...], Field(max_length=100)]
QuarterName = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$", strict=True)]


class Efforts(Wire):
    """What an action of each size takes, in the unit of the capacity: points or person-days."""

    XS: Cost = EFFORT["XS"]
    S: Cost = EFFORT["S"]
    M: Cost = EFFORT["M"]
    L: Cost = EFFORT["L"]
    XL: Cost = EFFORT["XL"]


class PlanAsked(Wire):
    """Where to get, and what there is to get there with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "target": {"level": "moderately_advanced"},
                    "dimensions": {"GOV": {"score": 60}},
                    "capacity": [6, 6, 4, 6],
                    "exclude": ["R-SOCLE"],
                    "deadlines": {"R-RGPD": "2027-06-30"},
                }
            ]
        }
    )

    target: Target | None = None
    """Of the whole."""
    dimensions: Annotated[dict[Code, Target], Field(max_length=20)] | None = None
    """Null or left out: the targets that are set on the diagnostic."""
    capacity: Annotated[list[Capacity], Field(min_length=1, max_length=12)]
    """Of each quarter; there are as many quarters."""
    first_quarter: QuarterName | None = None
    """Null: the next one."""
    efforts: Efforts = Efforts()
    exclude: Codes = ()
    require: Codes = ()
    deadlines: Annotated[dict[RecommendationCode, Day], Field(max_length=100, default_factory=dict)]
    """By when an action must have ended, if it is in the plan."""


class PlanTarget(BaseModel):
    """What was to be reached, and the figure before and after; dimension null: the whole."""

    dimension: str | None
    title: str | None
    level: str | None
    points: float
    now: float | None
    then: float | None
    implied: bool
    """By non-compensation, from the level of the whole."""


class PlanEffort(BaseModel):
    """In the unit of the capacity."""

    total: int
    least: int | None
    """No plan takes less than this; null where that could not be told."""
    greedy: int | None
    """What it takes in the order of the roadmap; null where that never gets there."""


class PlannedAction(BaseModel):
    """An action and its quarters: its effort is spread evenly over them."""

    code: str
    title: str
    effort: int
    quarters: int
    starts_on: date
    due_on: date
    begins: str
    ends: str


class DimensionPoints(BaseModel):
    """An axis, out of 100; null when it is not assessable."""

    code: str
    score: float | None


class PlanQuarter(BaseModel):
    """A quarter, and the score at its end by the engine, of all that has ended by then."""

    quarter: str
    starts_on: date
    ends_on: date
    capacity: int
    used: float
    begins: list[str]
    ends: list[str]
    score: float | None
    """The low end while the score is provisional."""
    status: Literal["final", "provisional"]
    level: LevelRead | None
    reached: bool
    dimensions: list[DimensionPoints]


class PlanRead(BaseModel):
    """The plan of least effort; `proven` says that no other takes less. Nothing is stored."""

    assessment_id: UUID
    roadmap_id: UUID
    proven: bool
    effort: PlanEffort
    targets: list[PlanTarget]
    actions: list[PlannedAction]
    quarters: list[PlanQuarter]
    left_out: list[str]
    """Neither needed nor excluded."""
    excluded: list[str]
    """Excluded, rejected or dropped, and what cannot be done without them."""
    done: list[str]
    """Done already: their effect counts from the start, and takes nothing."""
