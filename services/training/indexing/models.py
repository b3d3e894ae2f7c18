"""Tables of the search index: what is found, written in the transaction of what it is found by.

An entry is a certification, or an action: one way of following a formation, at one price, in its
places. Each has a `slot`, a small number that is the place of its bit in every facet's value; a
slot that is free is taken again.
"""

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class Epci(Base):
    """An intercommunal body of Hauts-de-France."""

    __tablename__ = "epci"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class EmploymentZone(Base):
    """A zone d'emploi (Insee, 2020) with a commune in Hauts-de-France: where people live and work.

    This is what people call a bassin d'emploi.
    """

    __tablename__ = "employment_zone"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Commune(Base):
    """A commune of Hauts-de-France with its centre; `spelling` is the name without ornament."""

    __tablename__ = "commune"
    __table_args__ = (Index(None, "department", "spelling"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    spelling: Mapped[str]
    department: Mapped[str]
    epci: Mapped[str | None]
    zone: Mapped[str | None]
    latitude: Mapped[float] = mapped_column(Float(53))
    longitude: Mapped[float] = mapped_column(Float(53))


class EmergingJob(Base):
    """A job that ROME 4.0 has and ROME 3 had not, of those that it says digital change makes."""

    __tablename__ = "emerging_job"

    rome: Mapped[str] = mapped_column(primary_key=True)


class SearchIndex(Base):
    """How many slots the bits have room for, by which rules it was written, and its `version`.

    Whoever writes the index gives it another version: what readers keep is then outdated.
    """

    __tablename__ = "search_index"
    __table_args__ = (
        CheckConstraint("id", "only"),
        CheckConstraint("capacity % 64 = 0", "capacity"),
    )

    id: Mapped[bool] = mapped_column(primary_key=True)
    capacity: Mapped[int]
    rules: Mapped[int]
    version: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())


class SearchEntry(Base):
    """What may be found: nothing that is not in the catalogue now, by its foreign keys."""

    __tablename__ = "search_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('offer', 'certification')", "kind"),
        CheckConstraint("num_nonnulls(certification_id, action_id) = 1", "of"),
        Index(None, "action_id", unique=True),
        Index(None, "certification_id", unique=True),
        Index(None, "formation_id"),
        Index(
            "ix_search_entry_quality_id",
            text("quality DESC"),
            "id",
            postgresql_include=["slot"],
        ),
    )

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID]
    """That of the action or the certification."""
    kind: Mapped[str]
    certification_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("training.certification.id")
    )
    action_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("training.action.id"))
    formation_id: Mapped[uuid.UUID | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    hours: Mapped[int | None]
    quality: Mapped[int] = mapped_column(SmallInteger)


class SearchText(Base):
    """The words of an entry: of its title, of its subject, and all of them."""

    __tablename__ = "search_text"
    __table_args__ = (Index(None, "words", postgresql_using="gin"),)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(TSVECTOR)
    subject: Mapped[str] = mapped_column(TSVECTOR)
    words: Mapped[str] = mapped_column(TSVECTOR)


class SearchPeriod(Base):
    """When an entry may be begun, and enrolled for; a day that nobody gives is infinite."""

    __tablename__ = "search_period"

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_start: Mapped[date]
    last_start: Mapped[date]
    ends_on: Mapped[date]
    """After it nothing is left of the period: it is no longer shown, unless asked for."""
    opens_on: Mapped[date]
    closes_on: Mapped[date]


class SearchPlace(Base):
    """Where an offer takes place: its own coordinates, or the centre of its commune."""

    __tablename__ = "search_place"
    __table_args__ = (Index(None, "latitude", "longitude"),)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    latitude: Mapped[float] = mapped_column(Float(53))
    longitude: Mapped[float] = mapped_column(Float(53))
    commune: Mapped[str | None]


class SearchValue(Base):
    """A value of a facet, with a bit for each slot that has it; `id` is its short name."""

    __tablename__ = "search_value"
    __table_args__ = (UniqueConstraint("id"),)

    facet: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    bits: Mapped[str] = mapped_column(BIT(varying=True))
    id: Mapped[int] = mapped_column(Identity(always=True))


class SearchFact(Base):
    """The values that an entry has: the same as the bits, for when few entries are counted."""

    __tablename__ = "search_fact"

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    facts: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """The `id`s of its values, in no order."""


class SearchWord(Base):
    """A word of titles and subjects as people write it, for those who mistype it."""

    __tablename__ = "search_word"
    __table_args__ = (
        Index(
            "ix_search_word_trigrams",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "public.gin_trgm_ops"},
        ),
    )

    word: Mapped[str] = mapped_column(primary_key=True)


class SearchPhrase(Base):
    """An expression as PostgreSQL writes it in a query, and the one word that vectors have."""

    __tablename__ = "search_phrase"

    phrase: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str]
