"""Diagnostics on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationInfo, field_validator

from platformkit.wire import Wire, refusal

AnswerState = Literal["answered", "not_applicable", "dont_know"]
Interval = tuple[float, float] | None


class AssessmentStart(Wire):
    """Which company answers which grid, at which point of the programme."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organisation_id": "0b0e9f5c-5a52-4a2e-8a5f-5f0a2f6f1c11",
                    "questionnaire": "MIA",
                    "milestone": "T0",
                    "cohort_id": "4c9f2a1e-06b5-4c3f-9a57-1f7d5be2a001",
                }
            ]
        }
    )

    organisation_id: UUID
    questionnaire: Annotated[str, Field(max_length=32)]
    milestone: Literal["T0", "T1", "T2", "ad_hoc"] = "T0"
    cohort_id: UUID | None = None
    derived_from: UUID | None = None
    """An earlier diagnostic of the company on this grid, whose answers are proposed again."""


class AnswerWrite(Wire):
    """An answer; which values fit depends on the question's type; confidence never scores."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "answered", "value": "o2", "confidence": 4}]}
    )

    state: AnswerState
    value: Any = None
    reason: str | None = None
    confidence: Annotated[StrictInt, Field(ge=1, le=5)] | None = None

    @field_validator("confidence")
    @classmethod
    def _of_an_answer(cls, confidence: int | None, others: ValidationInfo) -> int | None:
        if confidence is not None and others.data.get("state", "answered") != "answered":
            raise refusal(
                "confidence_unexpected",
                "Une réponse « non concerné » ou « ne sait pas » n’a pas de confiance.",
                "A not-applicable or don't-know answer has no confidence.",
            )
        return confidence


class AnswerRead(BaseModel):
    """A stored answer; `version` is its entity tag."""

    question: str
    state: AnswerState
    value: Any
    reason: str | None
    confidence: int | None
    version: int
    answered_at: datetime


class QuestionState(BaseModel):
    """A question to show: `version` is the tag that its next answer sends, "0" when unanswered."""

    code: str
    dimension: str | None
    type: str
    required: bool
    visibility: Literal["visible", "open"]
    state: AnswerState | None
    value: Any
    reason: str | None
    confidence: int | None
    version: int


class Progress(BaseModel):
    """Counted on the questions shown; `missing` blocks the submission."""

    visible: int
    answered: int
    share: float
    missing: list[str]


class EvidenceShares(BaseModel):
    """Shares of the answers' weight that are declared only, documented or verified."""

    declared: float
    document: float
    verified: float


class DimensionState(BaseModel):
    """How sure the answers of one axis are, 1 to 5 on average, and what backs them."""

    code: str
    confidence: float | None
    confidence_exact: str | None
    confident_answers: int
    evidence: EvidenceShares | None


class GridRef(BaseModel):
    """The frozen version that a diagnostic keeps for life."""

    code: str
    version: str
    content_hash: str
    scoring_hash: str


class AssessmentListed(BaseModel):
    """A diagnostic in a list: enough to find the one to go on with."""

    id: UUID
    organisation_id: UUID
    questionnaire: str
    version: str
    milestone: str
    status: str
    started_at: datetime
    submitted_at: datetime | None


class Left(BaseModel):
    """A question for which nothing could be proposed."""

    question: str
    reason: Literal[
        "question_gone",
        "type_changed",
        "options_changed",
        "does_not_fit",
        "file",
        "own_words",
        "not_registered",
    ]


class PrefillRead(BaseModel):
    """What was proposed at the start: carried over, or registered; and what was left, and why."""

    carried: list[str]
    registered: list[str]
    left: list[Left]
    to_confirm: list[str]
    """Proposed and shown, and saved by nobody since: each blocks the submission."""


class AssessmentRead(BaseModel):
    """A diagnostic: what to ask next, how far it is, and between which bounds its score lies."""

    id: UUID
    organisation_id: UUID
    questionnaire: GridRef
    milestone: str
    programme: str | None
    cohort_id: UUID | None
    status: str
    revision: int
    started_at: datetime
    submitted_at: datetime | None
    progress: Progress
    interval: Interval
    dimensions: list[DimensionState]
    questions: list[QuestionState]
    hidden: list[str]
    """Answered earlier, hidden now: kept, never scored."""

    derived_from: UUID | None
    prefill: PrefillRead | None
