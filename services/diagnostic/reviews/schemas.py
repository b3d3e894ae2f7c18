"""Reviews on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from diagnostic.names import Prose
from diagnostic.questionnaires.scalars import Code
from platformkit.wire import Wire, refusal


class Reason(Wire):
    """Why a diagnostic leaves its way; kept with the step, shown with its revision."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "L’effectif a été mal renseigné."}]}
    )

    reason: Prose


class CommentWrite(Wire):
    """A remark on one question, on one dimension, or on the whole when neither is named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"question": "Q1", "text": "Quel document décrit cette stratégie ?"}]
        }
    )

    question: Code | None = None
    dimension: Code | None = None
    respondent_id: UUID | None = None
    """Who says it, when it is one of the company's respondents."""
    text: Prose

    @field_validator("dimension")
    @classmethod
    def _of_one_thing(cls, dimension: str | None, others: ValidationInfo) -> str | None:
        if dimension is not None and others.data.get("question") is not None:
            raise refusal(
                "question_or_dimension",
                "Un commentaire porte sur une question ou sur un axe, pas sur les deux.",
                "A comment is about a question or about a dimension, not both.",
            )
        return dimension


class CommentRead(BaseModel):
    """A remark; open until `resolved_at`, its text null once erased."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    assessment_id: UUID
    revision: int
    question: str | None
    dimension: str | None
    text: str | None
    author: str
    respondent_id: UUID | None
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
