"""Progress on the wire: counts, and never a company."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.statistics.schemas import (
    ActionCounts,
    CohortCounts,
    MedianRead,
    Moves,
    Steps,
)


class QuarterSteps(BaseModel):
    """How many companies took each step in a quarter, `2026-Q4`, days in Paris."""

    quarter: str
    steps: Steps


class ProgrammeProgress(BaseModel):
    """How far a programme is, whole and by quarter; counts are rounded down to multiples of five.

    Everything is zero while the programme has too few companies to be shown.
    """

    programme: str
    title: str
    as_of: date
    made_at: datetime
    k: int
    cohorts: CohortCounts
    companies: int
    steps: Steps
    actions: ActionCounts
    quarters: list[QuarterSteps]


class CohortMovement(BaseModel):
    """What changed from T0 to T1 for companies scored in one way, never fewer than k."""

    questionnaire: str
    scoring_hash: str
    companies: int
    moves: Moves
    median: int
    """Of the points gained."""
    dimensions: list[MedianRead]


class CohortProgress(BaseModel):
    """How far a cohort is.

    A facilitator's counts are exact. Who takes part reads about the others, rounded down to
    multiples of five, and no movement: its restitution at T1 tells it, frozen. Movement is of
    those who consent to be compared and whose T0 and T1 are of the cohort, of k at least.
    """

    cohort_id: UUID
    code: str
    title: str
    view: Literal["facilitator", "participant"]
    as_of: datetime
    k: int
    companies: int
    steps: Steps
    actions: ActionCounts
    movements: list[CohortMovement]
