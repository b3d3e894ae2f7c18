"""Respondents, the only table with names of people who answer, and what each of them said."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.assessments.models import Said
from diagnostic.database import Base, Id, Recorded


class RespondentStatus(StrEnum):
    """Where a respondent stands; one who is erased has no name left, and comes back never."""

    INVITED = "invited"
    ACTIVE = "active"
    DONE = "done"
    ERASED = "erased"


class Respondent(Base):
    """Somebody who answers; `sections` are codes of dimensions, null for the whole grid.

    Name, e-mail and role are personal data, and null once erased; the pseudonym stays.
    """

    __tablename__ = "respondent"
    __table_args__ = (
        CheckConstraint("status IN ('invited', 'active', 'done', 'erased')", name="status_known"),
        CheckConstraint("weight BETWEEN 1 AND 10", name="weight_in_range"),
        CheckConstraint("(status = 'erased') = (erased_at IS NOT NULL)", name="erased_at_known"),
        CheckConstraint("(status = 'erased') = (name IS NULL)", name="named_until_erased"),
        CheckConstraint(
            "status <> 'erased' OR (email IS NULL AND role IS NULL)", name="unknown_once_erased"
        ),
        UniqueConstraint("assessment_id", "email"),
        Index("ix_respondent_assessment_id_created_at_id", "assessment_id", "created_at", "id"),
    )

    id: Mapped[Id]
    tenant: Mapped[str]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    pseudonym: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    role: Mapped[str | None]
    sections: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    weight: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default=RespondentStatus.INVITED)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Recorded]
    erased_at: Mapped[datetime | None]


class RespondentAnswer(Said, Base):
    """What a respondent answers to a question; `version` counts its changes, as of `answer`."""

    __tablename__ = "respondent_answer"
    __table_args__ = (
        CheckConstraint("state IN ('answered', 'not_applicable', 'dont_know')", name="state_known"),
        CheckConstraint("confidence BETWEEN 1 AND 5", name="confidence_in_range"),
    )

    respondent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("respondent.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[Recorded]


class RespondentAnswerEvent(Said, Base):
    """Every answer a respondent ever gave; the service's role may only add and read."""

    __tablename__ = "respondent_answer_event"
    __table_args__ = (UniqueConstraint("respondent_id", "question", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    respondent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("respondent.id"))
    question: Mapped[str]
    version: Mapped[int]
    revision: Mapped[int]
    at: Mapped[Recorded]
