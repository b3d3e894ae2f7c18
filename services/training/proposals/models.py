"""Tables of the proposals: where each stands, and whatever was done with it, which only grows."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base

_PROPOSAL = "training.proposal.id"
_STATES = (
    "'draft', 'submitted', 'admissible', 'inadmissible', 'under_review', 'complement_requested',"
    " 'opinion_favourable', 'opinion_reserved', 'opinion_unfavourable', 'accepted', 'refused',"
    " 'refused_for_good', 'published', 'withdrawn_by_author'"
)


class Proposal(Base):
    """What an organisation, `tenant`, proposes; others see it once it was submitted."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('certification', 'offer')", "kind"),
        CheckConstraint(f"state IN ({_STATES})", "state"),
        CheckConstraint("version >= 1", "version"),
        CheckConstraint("clock_spent >= 0", "clock_spent"),
        CheckConstraint("state <> 'published' OR published_as IS NOT NULL", "published"),
        Index(None, "tenant", "updated_at", "id"),
        Index(
            "ix_proposal_to_review",
            "updated_at",
            "id",
            postgresql_where=text("submitted_at IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    tenant: Mapped[str]
    client: Mapped[str]
    author: Mapped[str]
    """The person or program that began it."""
    kind: Mapped[str]
    title: Mapped[str]
    """As the payload says it now; empty while it does not."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="draft")
    round: Mapped[int] = mapped_column(server_default="0")
    """How often it came under review: opinions are of a round."""
    asked_fields: Mapped[list[str]] = mapped_column(server_default="{}")
    """While a complement is awaited, the places that its author may change."""
    asked_why: Mapped[str | None]
    clock_spent: Mapped[int] = mapped_column(BigInteger, server_default="0")
    clock_since: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    published_as: Mapped[str | None]
    """The formation's id, or the certification's number."""
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProposalStep(Base):
    """One transition, for good: the service's role may only add and read."""

    __tablename__ = "proposal_step"
    __table_args__ = (Index(None, "proposal_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_PROPOSAL))
    at: Mapped[datetime]
    transition: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    reason: Mapped[str | None]
    fields: Mapped[list[str]]
    tenant: Mapped[str]
    client: Mapped[str]
    actor: Mapped[str]
    version: Mapped[int]
    payload_sha256: Mapped[str]
    """What it was decided on."""


class ProposalReviewer(Base):
    """Who was charged with a review; once somebody is, nobody else reviews it."""

    __tablename__ = "proposal_reviewer"

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_PROPOSAL), primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    reviewer: Mapped[str] = mapped_column(primary_key=True)
    assigned_by: Mapped[str]
    assigned_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProposalOpinion(Base):
    """What one reviewer thinks of it, once in each round; the service's role may only add."""

    __tablename__ = "proposal_opinion"
    __table_args__ = (
        CheckConstraint("opinion IN ('favourable', 'reserved', 'unfavourable')", "opinion"),
        Index(None, "proposal_id", "round", "tenant", "reviewer", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_PROPOSAL))
    round: Mapped[int]
    tenant: Mapped[str]
    reviewer: Mapped[str]
    opinion: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProposalAttachment(Base):
    """A document of the file or of the decision, as it came; no list reads its bytes."""

    __tablename__ = "proposal_attachment"
    __table_args__ = (
        CheckConstraint("kind IN ('application', 'decision')", "kind"),
        CheckConstraint("size > 0", "size"),
        Index(None, "proposal_id", "sha256", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_PROPOSAL))
    kind: Mapped[str]
    """`application` of its author, `decision` of who reviews."""
    title: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    tenant: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProposalPreview(Base):
    """A link that shows a proposal before it is published; its token is signed, not stored."""

    __tablename__ = "proposal_preview"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", "expires_later"),
        Index(None, "proposal_id", "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_PROPOSAL))
    note: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
