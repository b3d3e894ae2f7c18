"""The tables of tokens that ended early, and of assertions that were used."""

from datetime import datetime

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base


class RevokedToken(Base):
    """An access token that its client gave back; forgotten once it would have expired."""

    __tablename__ = "revoked_token"
    __table_args__ = (Index(None, "revoked_at"), Index(None, "expires_at"))

    jti: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UsedAssertion(Base):
    """An assertion is good once (RFC 7523 §3, item 7), at whatever gateway it comes."""

    __tablename__ = "used_assertion"
    __table_args__ = (Index(None, "expires_at"),)

    client_id: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
