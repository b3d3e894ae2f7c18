"""The heat map on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

HeatMapStatus = Literal["shown", "suppressed"]
Jalon = Literal["T0", "T1", "T2", "ad_hoc"]


class LevelRead(BaseModel):
    """A level of maturity, from the lowest to the highest."""

    code: str
    title: str


class BandRead(BaseModel):
    """Levels from one to another that are told together, with the share of companies in them."""

    first: str
    last: str
    share: int
    """Per cent of the companies, in steps of five."""


class HeatMapLine(BaseModel):
    """A dimension, or the global score under no code: the companies by bands of levels."""

    code: str
    title: str
    median: float
    level: str
    """Of the median."""
    bands: list[BandRead]


class HeatMap(BaseModel):
    """A cohort's restitution; or, in `reason`, why it is not shown, and then there is no figure."""

    cohort_id: UUID
    cohort: str
    milestone: Jalon
    language: Literal["fr", "en"]
    status: HeatMapStatus
    reason: str | None
    as_of: datetime | None
    """The figures stay those of this instant until the next night in which three change."""
    k: int | None
    """Fewest companies that are ever shown together."""
    n: int | None
    """Companies, rounded down to a multiple of five."""
    levels: list[LevelRead]
    overall: HeatMapLine | None
    dimensions: list[HeatMapLine]
