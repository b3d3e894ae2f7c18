"""Nodes, the certificates that they sent, and who changed what in the registry."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, SmallInteger, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class Node(Base):
    """An installation of another agency, whose figures may enter national ones."""

    __tablename__ = "node"

    agency: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    name_fr: Mapped[str]
    name_en: Mapped[str]
    region: Mapped[str]
    base_url: Mapped[str]
    public_key: Mapped[str] = mapped_column(comment="Ed25519, base64url: what it signs with")
    is_active: Mapped[bool]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered: Mapped[int | None] = mapped_column(
        SmallInteger, comment="Status of its last answer; 0 where it gave none"
    )


class NodeCertificate(Base):
    """A conformance report as it came, whose signature was that of the node's key; never changed.

    The one that came last is the node's.
    """

    __tablename__ = "node_certificate"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("observatory.node.agency"), index=True)
    sha256: Mapped[str] = mapped_column(comment="Of the report's canonical form (RFC 8785)")
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FederationDeed(Base):
    """Who did what with a node or a roll-up; never changed."""

    __tablename__ = "federation_deed"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
