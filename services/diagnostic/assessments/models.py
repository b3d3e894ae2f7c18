"""Diagnostics, their answers (events and current view) and their frozen scores."""

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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Status(StrEnum):
    """Life of a diagnostic, in the words of FHIR's QuestionnaireResponse where it has them."""

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    VALIDATED = "validated"
    DELIVERED = "delivered"
    AMENDED = "amended"
    ABANDONED = "abandoned"
    ENTERED_IN_ERROR = "entered_in_error"


WRITABLE = frozenset({Status.IN_PROGRESS, Status.AMENDED})
"""Answers may change; the present revision has no frozen score yet."""

SCORED = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.VALIDATED, Status.DELIVERED})
"""The present revision has its frozen score."""

VOID = frozenset({Status.ABANDONED, Status.ENTERED_IN_ERROR})
"""Readable by its tenant, counted by nobody; its place at the milestone is free again."""


class Milestone(StrEnum):
    """Jalon: before the programme, right after it, twelve months later, or neither."""

    T0 = "T0"
    T1 = "T1"
    T2 = "T2"
    AD_HOC = "ad_hoc"


class Said:
    """What an answer says, of the company or of one respondent, now or in an event."""

    state: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    reason: Mapped[str | None]
    confidence: Mapped[int | None]


class Assessment(Base):
    """One company answering one frozen version of a grid, once per programme and milestone."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "status IN ('in_progress', 'submitted', 'in_review', 'validated', 'delivered',"
            " 'amended', 'abandoned', 'entered_in_error')",
            name="status_known",
        ),
        Index("ix_assessment_organisation_id", "organisation_id"),
        Index("ix_assessment_tenant_started_at_id", "tenant", "started_at", "id"),
        Index(
            "ix_assessment_cohort_id_started_at_id",
            "cohort_id",
            "started_at",
            "id",
            postgresql_where=text("cohort_id IS NOT NULL"),
        ),
        Index(
            "ix_assessment_derived_from",
            "derived_from",
            postgresql_where=text("derived_from IS NOT NULL"),
        ),
        Index(
            "ix_assessment_kept",
            "started_at",
            "id",
            postgresql_where=text("anonymised_at IS NULL OR anonymised_at < submitted_at"),
        ),
        CheckConstraint("milestone IN ('T0', 'T1', 'T2', 'ad_hoc')", name="milestone_known"),
        Index(
            "uq_assessment_current",
            "organisation_id",
            "questionnaire_id",
            "programme_id",
            "milestone",
            unique=True,
            postgresql_where=text("status NOT IN ('abandoned', 'entered_in_error')"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    pseudonym: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    tenant: Mapped[str]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    programme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id"))
    cohort_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cohort.id"))
    milestone: Mapped[str]
    status: Mapped[str] = mapped_column(default=Status.IN_PROGRESS)
    revision: Mapped[int] = mapped_column(default=1)
    """Counts the times it was opened: each submission freezes the score of one revision."""
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """Counts its steps from state to state, for those who follow the feed."""
    derived_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("assessment.id"))
    prefill: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Which answers were proposed at its start, and which not and why; see `prefill.Plan`."""
    started_at: Mapped[Recorded]
    submitted_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]
    """When its free texts and respondents were erased because they were old enough."""


class Answer(Said, Base):
    """The current answer to a question; `version` counts its changes and is its entity tag."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("state IN ('answered', 'not_applicable', 'dont_know')", name="state_known"),
        CheckConstraint("confidence BETWEEN 1 AND 5", name="confidence_in_range"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    respondent: Mapped[str]
    answered_at: Mapped[Recorded]


class AnswerEvent(Said, Base):
    """Every answer ever given; the service's role may only add and read.

    The answers of revision n are, per question, those of the highest version with revision <= n.
    """

    __tablename__ = "answer_event"
    __table_args__ = (UniqueConstraint("assessment_id", "question", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    question: Mapped[str]
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    respondent: Mapped[str]
    at: Mapped[Recorded]


class AssessmentStep(Base):
    """A step of a diagnostic from one state to the next; the revision is the one it led to."""

    __tablename__ = "assessment_step"
    __table_args__ = (Index("ix_assessment_step_assessment_id_id", "assessment_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    revision: Mapped[int]
    verb: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    """In the words of whoever took it: personal data may sit in it."""
    actor: Mapped[str]
    at: Mapped[Recorded]
