"""Wire format of continuity, successions and equivalences."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from training.certifications.lifecycle import State
from training.certifications.records import Source
from training.certifications.schemas import Title


class Linked(BaseModel):
    """A certification that another one names; `known` is false when it is not in this catalogue."""

    number: str
    known: bool
    title: Title | None
    state: State | None
    may_enrol: bool | None


class Replacement(Linked):
    """A successor, direct or through others."""

    distance: int = Field(description="1 for a direct successor")


class CarryOver(BaseModel):
    """A set of blocs that counts as a set of blocs of a replacement, all of the set together."""

    blocs: list[str] = Field(description="of this certification; empty when it is the whole")
    whole: bool
    to: str
    to_blocs: list[str] = Field(description="of the replacement; empty when it is the whole")
    to_whole: bool
    stated_by: str = Field(description="whose fiche says so")


class ContinuityRead(BaseModel):
    """What a certification allows on a day, and where it goes on; null is "no source says"."""

    number: str
    on: date
    state: State
    may_enrol: bool | None
    may_deliver: bool | None
    enrolment_ends_on: date | None
    delivery_ends_on: date | None
    explanation: str
    replacements: list[Replacement] = Field(description="all successors, the nearest first")
    enrol_in: list[str] = Field(description="the nearest that one may enrol in on that day")
    dangling: list[str] = Field(description="successors that this catalogue does not have")
    cyclic: bool = Field(description="the source has successions that turn round")
    complete: bool = Field(description="false when more follow than are shown")
    carries_over: list[CarryOver]
    blocs_left: list[str] | None = Field(
        description="blocs that no replacement recognises; null when the blocs are not known"
    )
    source: Source


class BlocSet(BaseModel):
    """Blocs of a certification; none when the whole of it is meant."""

    number: str
    blocs: list[str]
    whole: bool


class EquivalenceRead(BaseModel):
    """Two sets of blocs that the fiche of the first holds for equivalent."""

    source: BlocSet
    target: BlocSet
    other: Linked = Field(description="the certification on the other side, as on the day asked")


class SuccessionRead(Linked):
    """What comes before or after, in one step; `stated_by` names the fiches that say so."""

    relation: Literal["predecessor", "successor"]
    stated_by: list[str]
