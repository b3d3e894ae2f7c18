"""Tables of the nomenclatures."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class Rome(Base):
    """A job of ROME; the parent is the broader job of ROME 3 that it came from."""

    __tablename__ = "rome"
    __table_args__ = (CheckConstraint("code ~ '^[A-N][0-9]{4}$'", "code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    parent_code: Mapped[str | None]
    release: Mapped[str]
    released_on: Mapped[date]
