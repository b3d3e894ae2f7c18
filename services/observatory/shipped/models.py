"""What the shipped dataflows were made from, so that a start computes only what is behind."""

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class ShippedFlow(Base):
    """The state of tables and program whose figures a shipped dataflow holds."""

    __tablename__ = "shipped_flow"

    flow: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("observatory.flow.number"), primary_key=True
    )
    made_from: Mapped[str] = mapped_column(
        comment="Hash of the tables that decide its figures and of the program"
    )
