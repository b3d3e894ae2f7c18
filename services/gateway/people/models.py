"""The table of people's sessions: none of it says who somebody is elsewhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.clients.models import Client
from gateway.database import Base


class PersonSession(Base):
    """Somebody who signed in through a client, from the code until the end at the issuer."""

    __tablename__ = "person_session"
    __table_args__ = (
        Index(None, "code_hash", unique=True),
        Index(None, "token_hash", unique=True),
        Index(None, "client_id"),
        Index(None, "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    client_id: Mapped[str] = mapped_column(ForeignKey(Client.client_id))
    issuer: Mapped[str]
    """Its name in the settings."""
    subject: Mapped[str]
    """Pseudonym."""
    tenant: Mapped[str]
    roles: Mapped[list[str]]
    scopes: Mapped[list[str]]
    return_url: Mapped[str]
    challenge: Mapped[str]
    """PKCE, S256, of the client's verifier."""
    code_hash: Mapped[bytes]
    code_until: Mapped[datetime]
    id_token: Mapped[str | None]
    """Sealed; what the issuer wants to see at the end."""
    jti: Mapped[str | None]
    """The one token given for the code."""
    token_hash: Mapped[bytes | None]
    token_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
