"""Funding on the wire, in the language asked."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class RuleRead(BaseModel):
    """A published condition, in its operator's words."""

    code: str
    label: str


class OpportunityRead(BaseModel):
    """A public aid; a null rate or cap was not published, and `note` says what was."""

    code: str
    title: str
    operator: str
    nature: str
    is_call_for_projects: bool
    summary: str
    opens_on: date | None
    closes_on: date | None
    window: Literal["upcoming", "open", "closed"]
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


class MissingFact(BaseModel):
    """A fact that would decide, and the question to put to the company."""

    fact: str
    question: str


class EligibilityRead(BaseModel):
    """Unknown is neither yes nor no: the facts of `missing` decide, in this order."""

    status: Literal["eligible", "ineligible", "unknown"]
    window: Literal["upcoming", "open", "closed"]
    failed: list[RuleRead]
    missing: list[MissingFact]


class FundingRead(BaseModel):
    """An aid and whether this company can have it."""

    opportunity: OpportunityRead
    eligibility: EligibilityRead


class FundingList(BaseModel):
    """Every aid of the catalogue for one company: eligible first, then unknown, then not."""

    organisation_id: UUID
    items: list[FundingRead]
