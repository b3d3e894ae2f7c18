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


class QuartilesRead(BaseModel):
    """Half of the scores of a group lie from q1 to q3."""

    model_config = ConfigDict(frozen=True)

    q1: float
    median: float
    q3: float


class DimensionQuartiles(QuartilesRead):
    """A dimension of a group."""

    code: str
    title: str


class SectorGroup(BaseModel):
    """A group of companies that is shown: of the sector by size, or all of the region."""

    model_config = ConfigDict(frozen=True)

    level: Level
    size_band: str | None
    title: str
    milestone: str
    as_of: datetime
    k: int
    """Fewest companies that are ever shown."""
    n: int
    """Companies, rounded down to a multiple of five."""
    overall: QuartilesRead
    dimensions: list[DimensionQuartiles]


class SectorBenchmark(BaseModel):
    """Where the companies of a NAF section stand; `reason` says why none of its groups is shown."""

    model_config = ConfigDict(frozen=True)

    section: str
    title: str
    region_code: str
    questionnaire: str
    language: Literal["fr", "en"]
    status: Literal["shown", "insufficient_peers"]
    reason: str | None
    groups: list[SectorGroup]


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
