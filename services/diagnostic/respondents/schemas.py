"""Respondents on the wire."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from diagnostic.assessments.schemas import Progress, QuestionState
from diagnostic.names import Name, Role
from platformkit.wire import Wire, refusal

_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_ADDRESS = re.compile(
    rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+", re.ASCII
)
"""The form of an e-mail address by HTML (WHATWG §4.10.5.1.5), with a dot in its domain."""


def _email(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise refusal(
            "email_invalid",
            "Ce n’est pas une adresse électronique, comme anne@exemple.fr.",
            "Not an e-mail address such as anne@example.org.",
        )
    return text


def _once(codes: list[str]) -> list[str]:
    if len(set(codes)) < len(codes):
        raise refusal("duplicate", "Une section est donnée deux fois.", "A section is given twice.")
    return codes


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
"""At most 254 characters (RFC 5321 §4.5.3.1.3, errata 1690)."""

Section = Annotated[str, Field(min_length=1, max_length=32)]
Sections = Annotated[list[Section], Field(min_length=1, max_length=20), AfterValidator(_once)]
"""Codes of dimensions of the diagnostic's grid."""

Weight = Annotated[StrictInt, Field(ge=1, le=10)]


class RespondentInvite(Wire):
    """Who is to answer; without `sections` the whole grid, `weight` counts in the consolidation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Anne Lefèvre",
                    "email": "anne@atelier-dupont.fr",
                    "role": "Directrice des opérations",
                    "sections": ["STR"],
                }
            ]
        }
    )

    name: Name
    email: Email | None = None
    role: Role | None = None
    sections: Sections | None = None
    weight: Weight = 1


class RespondentUpdate(Wire):
    """What to change of a respondent; a field left out stays."""

    name: Name = Field(default_factory=str)
    email: Email | None = None
    role: Role | None = None
    sections: Sections | None = None
    weight: Weight = Field(default_factory=int)


class RespondentRead(BaseModel):
    """A respondent as their own company sees them; once erased, nothing but a pseudonym."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    assessment_id: UUID
    pseudonym: UUID
    name: str | None
    email: str | None
    role: str | None
    sections: list[str] | None
    weight: int
    status: Literal["invited", "active", "done", "erased"]
    version: int
    created_at: datetime
    erased_at: datetime | None


class RespondentAnswers(BaseModel):
    """What a respondent is asked and has answered; progress counts their sections only."""

    respondent_id: UUID
    status: Literal["invited", "active", "done", "erased"]
    progress: Progress
    questions: list[QuestionState]
    hidden: list[str]
    """Answered earlier, hidden now: kept."""
