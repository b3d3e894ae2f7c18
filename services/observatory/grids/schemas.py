"""Wire form of what a unit is assessed as with a grid."""

from typing import Annotated

from pydantic import Field

from observatory.structures.combining import Rule
from observatory.structures.schemas import Read
from platformkit.pagination import Page


class LevelRead(Read):
    """A level with its place, 0 the lowest."""

    id: str
    place: int
    name: str


class Cell(Read):
    """A criterion, the figure that answers it, and the level that follows."""

    criterion: str
    question: str
    indicator: str
    reading_key: str
    level: LevelRead | None
    klass: Annotated[str | None, Field(serialization_alias="class")]
    class_name: str | None
    certain: bool | None
    period: str | None
    value: float | None
    status: str | None
    release: Annotated[int | None, Field(description="that brought the figure")]
    reading: Annotated[str | None, Field(description="null: no figure of this unit")]
    figure: Annotated[str, Field(description="its provenance, relative to `/v1/`")]


class AxisRead(Read):
    """A dimension of the analysis, assessed."""

    id: str
    name: str
    rule: Rule
    level: LevelRead | None
    cells: list[Cell]


class Assessment(Read):
    """A unit by a grid; `releases` are those that were known when it was read, by dataflow."""

    grid: str
    subject: str
    code: str
    label: str
    level: LevelRead | None
    measured: int
    criteria: int
    dimensions: list[AxisRead]
    reading: str
    releases: dict[str, int]


class Assessments(Page[Assessment]):
    """A page of units, by code."""
