"""The shipped reference tables, column for column as in `observatory/reference`."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


def _refers(column: str) -> ForeignKey:
    """Refer to a row that a load may delete and write again: checked at commit."""
    return ForeignKey(f"observatory.{column}", deferrable=True, initially="DEFERRED")


class Dataset(Base):
    """A loaded table: which bytes, since when, and who produced it."""

    __tablename__ = "dataset"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    sha256: Mapped[str]
    rows: Mapped[int]
    source: Mapped[dict[str, Any]] = mapped_column(JSONB)
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Occupation(Base):
    """An ISCO-08 unit group."""

    __tablename__ = "occupation"

    code: Mapped[str] = mapped_column(primary_key=True)
    label_fr: Mapped[str]
    label_en: Mapped[str]


class Score(Base):
    """The exposure of a unit group by one method, on the two decimals that were published."""

    __tablename__ = "score"
    __table_args__ = (
        CheckConstraint("mean BETWEEN 0 AND 1 AND sd >= 0 AND tasks > 0", name="range"),
    )

    method: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(_refers("occupation.code"), primary_key=True)
    mean: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    sd: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    tasks: Mapped[int]
    published_class: Mapped[str]


class Crosswalk(Base):
    """A ROME v3 job and the unit group it belongs to."""

    __tablename__ = "crosswalk"

    job: Mapped[str] = mapped_column(primary_key=True)
    label_fr: Mapped[str]
    occupation: Mapped[str] = mapped_column(_refers("occupation.code"))


class Job(Base):
    """A ROME 4.0 job; `basis` is the ROME v3 job that it was split from, or itself."""

    __tablename__ = "job"

    code: Mapped[str] = mapped_column(primary_key=True)
    label_fr: Mapped[str]
    basis: Mapped[str] = mapped_column(_refers("crosswalk.job"))


class Family(Base):
    """A job family of the FAP-2009 at its level of 87."""

    __tablename__ = "family"

    code: Mapped[str] = mapped_column(primary_key=True)
    label_fr: Mapped[str]
    label_en: Mapped[str]


class FamilyJob(Base):
    """A ROME v3 job of a family; jobs of a family weigh the same, no source weighs them."""

    __tablename__ = "family_job"

    family: Mapped[str] = mapped_column(_refers("family.code"), primary_key=True)
    job: Mapped[str] = mapped_column(_refers("crosswalk.job"), primary_key=True)


class FamilyEmployment(Base):
    """Persons employed in a family in a region, census of 2017."""

    __tablename__ = "family_employment"

    region: Mapped[str] = mapped_column(primary_key=True)
    family: Mapped[str] = mapped_column(_refers("family.code"), primary_key=True)
    jobs: Mapped[int]


class Sector(Base):
    """A section, division or sub-class of NAF rev. 2; sub-classes have a French title only."""

    __tablename__ = "sector"

    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    parent: Mapped[str]
    label_fr: Mapped[str]
    label_en: Mapped[str]


class SectorHire(Base):
    """Hires of a ROME v3 job by a division, all France."""

    __tablename__ = "sector_hire"

    division: Mapped[str] = mapped_column(_refers("sector.code"), primary_key=True)
    job: Mapped[str] = mapped_column(_refers("crosswalk.job"), primary_key=True)
    hires: Mapped[int]


class Territory(Base):
    """A territory; `parent` is the next larger one, empty for the largest."""

    __tablename__ = "territory"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str]
    label_fr: Mapped[str]
    label_en: Mapped[str]
    parent: Mapped[str]
    crosses_regions: Mapped[bool]
