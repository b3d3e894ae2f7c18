"""Consolidation on the wire."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from diagnostic.assessments.schemas import AnswerState, AnswerWrite
from platformkit.wire import Wire, refusal


class Proposed(BaseModel):
    """What the respondents' answers come to."""

    state: AnswerState
    value: Any


class Present(BaseModel):
    """The diagnostic's own answer."""

    state: AnswerState
    value: Any
    version: int


class Counts(BaseModel):
    """How many respondents are asked, have answered, and still may; never who."""

    asked: int
    answered: int
    waiting: int


class SplitLine(BaseModel):
    """So many chose this: an option, a step, the number of a band, or a state without value."""

    model_config = ConfigDict(from_attributes=True)

    row: str | None
    choice: str
    count: int


class QuestionConsolidation(BaseModel):
    """One question: what it has, what is proposed, and whether the respondents disagree."""

    code: str
    dimension: str | None
    type: str
    present: Present | None
    proposed: Proposed | None
    disagreement: bool
    respondents: Counts
    split: list[SplitLine] | None
    """Null below three answers, and for whoever is not of the company's own tenant."""


class ConsolidationRead(BaseModel):
    """Where the respondents stand, question by question in the grid's order."""

    assessment_id: UUID
    status: str
    revision: int
    respondents: dict[Literal["invited", "active", "done", "erased"], int]
    questions: list[QuestionConsolidation]


class Decision(Wire):
    """A question to settle: by the answer given here, else by the one proposed."""

    question: Annotated[str, Field(max_length=32)]
    answer: AnswerWrite | None = None


def _once(decisions: list[Decision]) -> list[Decision]:
    if len({one.question for one in decisions}) < len(decisions):
        raise refusal(
            "duplicate", "Une question est donnée deux fois.", "A question is given twice."
        )
    return decisions


class Consolidate(Wire):
    """Which questions to settle, and how."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "decisions": [
                        {"question": "STR1"},
                        {"question": "DATA1", "answer": {"state": "answered", "value": "o2"}},
                    ]
                }
            ]
        }
    )

    decisions: Annotated[list[Decision], Field(min_length=1, max_length=300), AfterValidator(_once)]
