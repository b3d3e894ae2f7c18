"""Where each feed has been read to, and the log of what was read."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base


class Feed(Base):
    """A service's change feed as far as the gateways have read it."""

    __tablename__ = "feed"

    service: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    """`next` of the last page that is in the log; None before the first."""
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When a gateway last asked: the others leave it alone meanwhile."""
    read_at: Mapped[datetime | None]
    """When it last answered."""
    forgotten: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The last position of this service that the log no longer keeps."""


class FeedEntry(Base):
    """A change of any service, without its content.

    `position` orders them as they become visible: entries are added under one lock, so that whoever
    has read up to a position has missed nothing before it.
    """

    __tablename__ = "feed_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('created', 'updated', 'deleted')", name="kind"),
        Index(None, "read_at", postgresql_using="brin"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    service: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    kind: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime]
    """When the change was made, as its service says."""
    read_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
