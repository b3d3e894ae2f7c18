"""The shipped reference tables, column for column as in `observatory/reference`."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Numeric, func
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
    origin: Mapped[str] = mapped_column(server_default="shipped")
    """`shipped`, or `loaded` from an official file: then no bootstrap touches it."""
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DatasetVersion(Base):
    """What a dataset was in a version: its canonical CSV, compressed; never changed."""

    __tablename__ = "dataset_version"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str]
    rows: Mapped[int]
    source: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content: Mapped[bytes]
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ReferenceRelease(Base):
    """A state that all tables were in together; ordinals grow with time, rows never change."""

    __tablename__ = "reference_release"

    ordinal: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    sha256: Mapped[str]
    versions: Mapped[dict[str, int]] = mapped_column(JSONB)
    released_at: Mapped[datetime] = mapped_column(server_default=func.now())


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


class IndexScore(Base):
    """The score of an occupation by an index, in the classification that the producer uses."""

    __tablename__ = "index_score"
    __table_args__ = (CheckConstraint("(sd IS NULL) = (tasks IS NULL)", name="dispersion"),)

    dataset: Mapped[str] = mapped_column(index=True)
    index: Mapped[str] = mapped_column(primary_key=True)
    classification: Mapped[str]
    code: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
    sd: Mapped[float | None]
    tasks: Mapped[int | None]


class SocLink(Base):
    """A unit group of ISCO-08 and a detailed occupation of SOC 2010 that shares jobs with it."""

    __tablename__ = "soc_link"

    occupation: Mapped[str] = mapped_column(primary_key=True)
    soc: Mapped[str] = mapped_column(primary_key=True)
    partial: Mapped[bool]


class FamilyYear(Base):
    """Persons employed in a family in a year, all France: labour force survey."""

    __tablename__ = "family_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    family: Mapped[str] = mapped_column(_refers("family.code"), primary_key=True)
    jobs: Mapped[int]


class IndustryLink(Base):
    """A NAICS 2017 industry and a class of ISIC rev. 4; its first two digits are the division."""

    __tablename__ = "industry_link"

    naics: Mapped[str] = mapped_column(primary_key=True)
    isic: Mapped[str] = mapped_column(primary_key=True)


class IndustryScore(Base):
    """The score of an industry; `members` are the beginnings of the NAICS codes it is made of."""

    __tablename__ = "industry_score"

    dataset: Mapped[str] = mapped_column(index=True)
    index: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    members: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]


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


class Mobility(Base):
    """The ROME 4.0 jobs that a job leads to, codes in the order of their source; all may be gone.

    No foreign key: another release of the jobs is loaded by itself.
    """

    __tablename__ = "mobility"

    job: Mapped[str] = mapped_column(primary_key=True)
    targets: Mapped[str]


class Skill(Base):
    """A skill of ROME v3, in French only."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(primary_key=True)
    label_fr: Mapped[str]


class JobSkill(Base):
    """The codes of the skills of a ROME v3 job."""

    __tablename__ = "job_skill"

    job: Mapped[str] = mapped_column(primary_key=True)
    skills: Mapped[str]


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
