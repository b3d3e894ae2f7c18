"""Tables of skills: what jobs want, what offers and certifications teach."""

import uuid

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, SmallInteger
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base

_METHODS = "method IN ('declared', 'classified', 'extracted')"
_LEVEL = "level BETWEEN 1 AND 4"
_SURE = "confidence > 0 AND confidence <= 1"


class Skill(Base):
    """A skill of the newest release, for joins, and how texts are recognised that speak of it.

    `words` must all be there, `together` stand in their order; `lexeme` is the rarest of them, by
    which a text finds the few skills to try. Those of adaptation to AI are tried on every text.
    """

    __tablename__ = "skill"
    __table_args__ = (Index(None, "lexeme"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    label_fr: Mapped[str]
    label_en: Mapped[str | None]
    said: Mapped[str]
    """The expression that texts are searched for, in the syntax of `websearch_to_tsquery`."""
    words: Mapped[str | None] = mapped_column(TSQUERY)
    together: Mapped[str | None] = mapped_column(TSQUERY)
    lexeme: Mapped[str | None]
    jobs: Mapped[int | None]
    """How many jobs want it; none where every job does, as for those of adaptation to AI."""
    adapts_to: Mapped[int | None] = mapped_column(SmallInteger)
    """The level that whoever stays in a job which AI changes needs; none for other skills."""


class JobSkill(Base):
    """A skill that a job wants, by the ROME 3 job that later ones were split from."""

    __tablename__ = "job_skill"
    __table_args__ = (CheckConstraint("required BETWEEN 1 AND 4", "required"),)

    job: Mapped[str] = mapped_column(primary_key=True)
    skill: Mapped[str] = mapped_column(primary_key=True)
    essential: Mapped[bool]
    required: Mapped[int] = mapped_column(SmallInteger)


class JobMobility(Base):
    """A job that another one leads to, in the order of ROME."""

    __tablename__ = "job_mobility"

    job: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class JobTension(Base):
    """Percent of the recruitments for a job that employers expect to be difficult."""

    __tablename__ = "job_tension"

    job: Mapped[str] = mapped_column(primary_key=True)
    tension: Mapped[float] = mapped_column(Float(53))


class CertificationSkill(Base):
    """A skill that a certification attests; no level where the texts name the skill only."""

    __tablename__ = "certification_skill"
    __table_args__ = (
        CheckConstraint(_METHODS, "method"),
        CheckConstraint(_LEVEL, "level"),
        CheckConstraint(_SURE, "confidence"),
        Index(None, "skill"),
    )

    certification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.certification.id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None] = mapped_column(SmallInteger)
    method: Mapped[str]
    confidence: Mapped[float] = mapped_column(Float(53))


class FormationSkill(Base):
    """A skill that an offer teaches, or expects of those who come (`prerequisite`)."""

    __tablename__ = "formation_skill"
    __table_args__ = (
        CheckConstraint(_METHODS, "method"),
        CheckConstraint(_LEVEL, "level"),
        CheckConstraint(_SURE, "confidence"),
        CheckConstraint("NOT prerequisite OR level IS NOT NULL", "prerequisite_level"),
        Index(None, "skill", "formation_id", postgresql_include=["level", "prerequisite"]),
    )

    formation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.formation.id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(primary_key=True)
    prerequisite: Mapped[bool] = mapped_column(primary_key=True)
    level: Mapped[int | None] = mapped_column(SmallInteger)
    """Reached at the end, or needed before; none where it depends on the hours of an action."""
    method: Mapped[str]
    confidence: Mapped[float] = mapped_column(Float(53))
    source: Mapped[str | None]
    """The certification by which the offer has it; none where its own words or provider say so."""


class SkillMark(Base):
    """What the links of an offer or certification were made of: where it differs, they are old."""

    __tablename__ = "skill_mark"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mark: Mapped[str]
