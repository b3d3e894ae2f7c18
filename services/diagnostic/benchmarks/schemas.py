"""The comparison on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from diagnostic.benchmarks.groups import Level, Peers

BenchmarkStatus = Literal["shown", "insufficient_peers", "not_final", "not_comparable"]


class GroupRead(BaseModel):
    """The group of peers that is shown, in words."""

    model_config = ConfigDict(frozen=True)

    level: Level
    title: str


class StandingRead(BaseModel):
    """A score among its peers’: half of those lie from q1 to q3, `rank` % below the score."""

    model_config = ConfigDict(frozen=True)

    score: float
    q1: float
    median: float
    q3: float
    rank: float
    """Percentile rank by mid-ranks, 0 to 100: peers below, and half of those equal."""


class DimensionStanding(StandingRead):
    """A dimension among the peers'."""

    code: str
    title: str


class BenchmarkRead(BaseModel):
    """Where a company stands among its peers, itself left out.

    Or, in `reason`, why that is not shown, and then there is no figure at all.
    """

    model_config = ConfigDict(frozen=True)

    assessment_id: UUID
    language: Literal["fr", "en"]
    peers: Peers
    status: BenchmarkStatus
    reason: str | None
    group: GroupRead | None
    snapshot_id: UUID | None
    as_of: datetime | None
    k: int | None
    """Fewest peers that are ever shown."""
    n: int | None
    """Peers, rounded down to a multiple of five."""
    overall: StandingRead | None
    dimensions: list[DimensionStanding]


class PopulationRead(BaseModel):
    """Diagnostics that can be compared: the same scoring, at the same milestone."""

    scoring_hash: str
    milestone: str


class RebuildRead(BaseModel):
    """What was looked at anew; whether any figure changed is for nobody to know."""

    as_of: datetime
    looked_at: list[PopulationRead]
