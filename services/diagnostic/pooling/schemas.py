"""Pooling on the wire; of another company only its name, a dimension and how strong it is."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, field_validator

from diagnostic.questionnaires.scalars import Code, GridCode
from platformkit.i18n import Text
from platformkit.wire import Wire, refusal

TERMS = Text(
    "Les entreprises de la cohorte qui ont dit oui verront votre nom, et sur quels axes vous pouvez"
    " les aider ou gagneriez à l’être ; l’animateur verra toutes les propositions. Vos scores ne"
    " sont jamais montrés. Vous pouvez retirer votre accord à tout moment : vous disparaissez"
    " aussitôt.",
    "The companies of the cohort that said yes will see your name, and with which dimensions you"
    " can help them or would gain from help; the facilitator will see all proposals. Your scores"
    " are never shown. You can withdraw at any moment: you disappear at once.",
)
"""What a company agrees to; another text is another version."""

Dimensions = Annotated[list[Code], Field(max_length=20)]


class PoolingJoin(Wire):
    """Yes to the terms of this version; a list left out follows from the scores, `[]` is none."""

    terms: Literal["1"]
    questionnaire: GridCode = "MIA"
    offers: Dimensions | None = None
    asks: Dimensions | None = None
    most_helped: Annotated[StrictInt, Field(ge=0, le=10)] = 2
    """How often it helps at most: companies times dimensions."""

    @field_validator("offers", "asks")
    @classmethod
    def _each_once(cls, codes: list[str] | None) -> list[str] | None:
        if codes is not None and len(set(codes)) != len(codes):
            raise refusal(
                "dimension_repeated",
                "Chaque axe n’est nommé qu’une fois.",
                "Each dimension is named once.",
            )
        return codes


class PoolingStanding(BaseModel):
    """What a company said in this cohort; without `consented_at` it never did."""

    organisation_id: UUID
    is_in: bool
    terms: str
    terms_text: str
    questionnaire: str | None
    offers: list[str] | None
    asks: list[str] | None
    most_helped: int | None
    consented_at: datetime | None
    withdrawn_at: datetime | None
    version: int


class Company(BaseModel):
    """A company that is in; the id of another tenant's is for the facilitator alone."""

    organisation_id: UUID | None
    name: str


class DimensionRead(BaseModel):
    """A dimension of the grid by which the companies are matched."""

    questionnaire: str
    code: str
    title: str


class MatchRead(BaseModel):
    """Who can help whom with what, and why."""

    helper: Company
    asker: Company
    dimension: DimensionRead
    strength: Literal["strong", "solid", "offered"]
    """By score from 75, from 50, or only because the helper says so."""
    reason: str


class WishRead(BaseModel):
    """A wish for which nobody was found."""

    asker: Company
    dimension: DimensionRead


class PoolingRules(BaseModel):
    """The published thresholds, in points of the dimension's score."""

    gap: int
    helps_from: int
    strong_from: int
    asks_below: int


class PoolingRead(BaseModel):
    """Proposals made of what holds now: the facilitator's are all, a company's those about it."""

    cohort_id: UUID
    view: Literal["facilitator", "participant"]
    is_in: bool
    """As a participant: one of your companies is in; without, nothing is shown."""
    rules: PoolingRules
    companies: list[Company]
    """As the facilitator all that are in, else yours."""
    matches: list[MatchRead]
    unmet: list[WishRead]
