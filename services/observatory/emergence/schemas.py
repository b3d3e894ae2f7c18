"""Emergence on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from observatory.emergence.states import Decision, State
from observatory.formulas.thresholds import Family
from platformkit.wire import Wire

Kind = Literal["skill", "job"]
Line = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class Labelled(BaseModel):
    """A code and how people call it."""

    code: str
    label: str


class NearestRead(BaseModel):
    """The known label that is most like it; 1 is the same words."""

    code: str
    label: str
    similarity: float


class SignalRead(BaseModel):
    """A skill or a job that is or was asked for more and more."""

    id: int
    kind: Kind
    source: str
    code: str
    label: str
    state: Labelled
    since: Annotated[
        str | None, Field(description="quarter of the last step", examples=["2026-Q3"])
    ]
    mapped_to: Annotated[str | None, Field(description="ROME job or skill that it is now")]
    nearest: NearestRead | None
    version: int
    updated_at: datetime


class PointRead(BaseModel):
    """One quarter; `share` is of all ads of the source, null where it is silent."""

    quarter: str
    count: int
    total: int | None
    share: float | None
    employers: int | None
    largest_employer: float | None
    hidden: Annotated[
        int, Field(description="how many more there are at most, which the source does not tell")
    ]


class StepRead(BaseModel):
    """One step: who, why, on what evidence. `counts` is the reason of those that figures make."""

    origin: State | None
    target: State
    quarter: str | None
    organisation: str
    reason: str
    evidence: dict[str, Any]
    at: datetime


class SignalWhole(SignalRead):
    """A signal with its figures and its life."""

    decisions: list[Decision]
    series: list[PointRead]
    steps: list[StepRead]
    reading: str


class DecisionRequest(Wire):
    """What a person decides, why, and on what."""

    decision: Decision
    reason: Line
    evidence: Annotated[list[Line], Field(min_length=1, max_length=20, description="addresses")]
    target: Annotated[
        str | None, Field(max_length=20, description="with `map`: a ROME job or skill")
    ] = None


class LoadedRead(BaseModel):
    """What a file has brought."""

    quarters: list[str]
    terms: int
    silent: Annotated[list[str], Field(description="quarters of which nothing is known")]
    steps: Annotated[dict[State, int], Field(description="how many terms came to each state")]


class SourceRead(BaseModel):
    """What a source has told of, and what it has not."""

    source: str
    kind: Kind
    counted: Annotated[Family, Field(description="by whose thresholds it is judged")]
    first: str
    last: str
    told: Annotated[int, Field(description="periods with a total")]
    silent: Annotated[
        list[str],
        Field(description="periods between the first and the last of which nothing is known"),
    ]


class SurveyRead(LoadedRead):
    """What the survey of a year says of a region; what is hidden is not zero."""

    year: int
    figures: Annotated[int, Field(description="cells of the region that are told")]
    hidden: Annotated[int, Field(description="cells of the region under statistical secrecy")]
    regions: Annotated[list[str], Field(description="that the file has figures of")]


class ThresholdsRead(BaseModel):
    """The thresholds; those of growth, demand and concentration are policy choices."""

    horizon: int
    false_discovery_rate: float
    least_count: int
    least_growth: float
    least_employers: int
    largest_employer: float
    persistence: int
    window: int
    fades_after: int


class MethodRead(BaseModel):
    """How emergence is judged."""

    version: str
    formula: str
    test: str
    thresholds: ThresholdsRead
    families: Annotated[
        dict[Family, ThresholdsRead],
        Field(description="the thresholds by what is counted; those of `ads` are `thresholds`"),
    ]
    indicators: Annotated[
        list[str], Field(description="where these thresholds and the backtest are read as data")
    ]
    states: list[Labelled]
    references: list[str]


class BacktestRead(BaseModel):
    """How the alerts fared as of a quarter; precision is null as long as none is due.

    Recall is of the terms that have emerged and lasted, null as long as there is none.
    """

    source: str
    kind: Kind
    quarter: str
    rule: Annotated[str, Field(description="version of the thresholds")]
    alerts: int
    decided: int
    lasting: int
    precision: float | None
    emerged: int
    recalled: int
    recall: float | None
    lead_quarters: Annotated[
        float | None, Field(description="median, from the alert to twice its share")
    ]
    reading: str
