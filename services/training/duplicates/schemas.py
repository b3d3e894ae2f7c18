"""Wire format of duplicates."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from training.certifications.schemas import Label
from training.offers.schemas import ProviderNamed


class Rule(StrEnum):
    """How an offer is given twice."""

    ACTION_IDENTICAL = "action_identical"
    ACTION_HOURS_CLOSE = "action_hours_close"
    TITLE_IDENTICAL = "title_identical"
    TITLE_SIMILAR = "title_similar"


ListedRule = Literal["action_identical", "action_hours_close", "title_identical"]


class DuplicateSummary(BaseModel):
    """A formation of which something is given twice."""

    id: UUID
    number: str
    title: str
    provider: ProviderNamed
    rules: list[ListedRule]


class RuleRead(BaseModel):
    """A rule, and the anomaly that EDOF gives for it, where it is one of EDOF's."""

    code: Rule
    edof: str | None
    label: Label


class ComparedAction(BaseModel):
    """One of the two actions: what may set it apart."""

    id: UUID
    number: str
    hours: int | None
    price: str | None = Field(description="in euros, all taxes included")


class ActionDuplicate(BaseModel):
    """Two actions of the formation that are one, or nearly."""

    rule: RuleRead
    same: list[str] = Field(description="what both say, or both leave out")
    different: list[str]
    actions: list[ComparedAction] = Field(min_length=2, max_length=2)


class FormationDuplicate(BaseModel):
    """Another formation of the same company, for the same certifications, with such a title."""

    rule: RuleRead
    similarity: float = Field(description="share of common trigrams of the titles, 0 to 1")
    same: list[str]
    departments: list[str] = Field(description="where both are given")
    id: UUID
    number: str
    title: str
    provider: ProviderNamed


class DuplicatesRead(BaseModel):
    """What looks like a second time of a formation, or of one of its actions."""

    formation: UUID
    actions: list[ActionDuplicate] = Field(description="at most 50")
    formations: list[FormationDuplicate] = Field(description="at most 50, the most alike first")
