"""Funding on the wire, in the language asked."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from diagnostic.opportunities.content import Hour

Standing = Literal["upcoming", "open", "closed"]
Verdicts = Literal["eligible", "ineligible", "unknown"]


class RuleRead(BaseModel):
    """A published condition, in its operator's words and in CEL."""

    code: str
    label: str
    condition: str


class PerimeterRead(BaseModel):
    """Where an aid holds; regions by INSEE code."""

    scale: Literal["europe", "country", "region"]
    regions: list[str]


class OpportunityRead(BaseModel):
    """A public aid; a null rate or cap was not published, and `note` says what was.

    `opens_at` is its first instant, `pre_deposit_ends_at` and `closes_at` the first too late.
    """

    code: str
    title: str
    operator: str
    nature: str
    is_call_for_projects: bool
    recurrence: Literal["one_off", "ongoing", "recurring"] | None
    summary: str
    perimeter: PerimeterRead | None
    opens_on: date | None
    opens_time: Hour | None
    opens_at: datetime | None
    pre_deposit_on: date | None
    pre_deposit_time: Hour | None
    pre_deposit_ends_at: datetime | None
    closes_on: date | None
    closes_time: Hour | None
    closes_at: datetime | None
    window: Standing
    rate_min: float | None
    rate_max: float | None
    cap_eur: float | None
    note: str | None
    rules: list[RuleRead]
    required_facts: list[str]
    source: str
    source_url: str | None
    vintage: str
    version: int


class VersionListed(BaseModel):
    """A version that was public from this instant on; equal hashes are equal contents."""

    version: int
    content_hash: str
    published_at: datetime


class VersionRead(VersionListed):
    """An aid as it was public then, its window as of now."""

    opportunity: OpportunityRead


class MissingFact(BaseModel):
    """A fact that would decide, and the question to put to the company."""

    fact: str
    question: str


class EligibilityRead(BaseModel):
    """Unknown is neither yes nor no: the facts of `missing` decide, in this order."""

    status: Verdicts
    window: Standing
    failed: list[RuleRead]
    missing: list[MissingFact]


class FundingRead(BaseModel):
    """An aid and whether this company can have it."""

    opportunity: OpportunityRead
    eligibility: EligibilityRead


class NextQuestionRead(MissingFact):
    """The one missing fact that decides most: the aids that any answer settles, or some may."""

    kind: Literal["count", "amount", "boolean", "region"]
    settles: list[str]
    may_settle: list[str]


class FundingList(BaseModel):
    """The aids of the catalogue for one company: eligible first, then unknown, then not."""

    organisation_id: UUID
    items: list[FundingRead]
    next_question: NextQuestionRead | None
