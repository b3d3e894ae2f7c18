"""Wire form of an analysis grid."""

from typing import Annotated, Literal

from pydantic import Field

from observatory.structures.combining import Rule, Tie
from observatory.structures.key_schemas import Applicable, Citable
from observatory.structures.schemas import CodeId, Id, Names, Reference
from platformkit.wire import Wire


class Level(Wire):
    """A level; the list of a grid goes from the lowest to the highest."""

    id: Id
    name: Names
    meaning: Names


class Criterion(Wire):
    """A question that a measured figure answers: an indicator, read with a key."""

    id: Id
    question: Names
    indicator: Applicable
    unit: Annotated[Id, Field(description="dimension that has the code of what is assessed")]
    key: Annotated[
        dict[Id, CodeId], Field(max_length=8, description="codes of the other dimensions")
    ] = Field(default_factory=dict)
    reading_key: Reference
    levels: Annotated[
        dict[Id, Id], Field(min_length=2, max_length=12, description="level of each class")
    ]


class Axis(Wire):
    """A dimension of the analysis: criteria whose levels become one."""

    id: Id
    name: Names
    rule: Rule
    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=20)]


class Grid(Citable):
    """What is looked at, by which figures, and how levels are combined.

    Figures, keys and rules are all named: the same release gives the same assessment.
    """

    subject: Literal["territory", "sector", "job"]
    codelist: Annotated[Reference, Field(description="codes of what can be assessed")]
    levels: Annotated[list[Level], Field(min_length=2, max_length=10)]
    dimensions: Annotated[list[Axis], Field(min_length=1, max_length=8)]
    rule: Rule
    tie: Tie
    least_measured: Annotated[
        float,
        Field(ge=0, le=1, description="share of the criteria needed for a level of the whole"),
    ] = 0.5
    boundary_rule: Names
    how_to_read: Names
    do_not_conclude: Annotated[list[Names], Field(min_length=1, max_length=20)]
