"""The table of what each client used."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from gateway.clients.models import Client
from gateway.database import Base


class ClientUse(Base):
    """Requests of a client that passed on a day of Europe/Paris, at all gateways together."""

    __tablename__ = "client_use"
    __table_args__ = (CheckConstraint("requests > 0", name="requests"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(Client.client_id), primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
