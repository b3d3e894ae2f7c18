"""Wire form of a reading key: what is published, kept for good, and read back in both languages."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from observatory.structures.bands import Includes, Mode
from observatory.structures.schemas import Artefact, Id, Names
from platformkit.wire import Wire

Status = Literal["A", "B", "D", "E", "F", "I", "L", "M", "O", "P", "Q", "U"]
"""CL_OBS_STATUS."""

Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]

SERIES: Final = (
    r"^(?:[A-Za-z][A-Za-z0-9_.-]{0,63}:)?[A-Za-z][A-Za-z0-9_-]{0,63}"
    r"\([0-9]{1,6}\.[0-9]{1,6}\+?(\.[0-9]{1,6}\+?)?\)$"
)
Applicable = Annotated[str, StringConstraints(pattern=SERIES, max_length=200)]
"""`AGENCY:ID(1.0+)`, any version from 1.0 on with the same MAJOR; or `ID(1.0.0)`, that one."""


class Bounds(Wire):
    """The values of a class; null is no end, `includes` says which of its bounds are in it."""

    id: Id
    name: Names
    lower: Number | None = None
    upper: Number | None = None
    includes: Includes = "lower"
    reading: Annotated[
        Names,
        Field(description="Template: {name} {where} {period} {value} {unit} {class}"),
    ]


class Rounded(Wire):
    """How a value is rounded before it is compared with the bounds; half up is away from zero."""

    decimals: Annotated[int, Field(ge=0, le=12)]
    mode: Mode = "half_up"


class Reference(Wire):
    """A text that thresholds or sentences rest on."""

    citation: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    url: Annotated[str | None, Field(max_length=1000, pattern=r"^https?://[^\s<>\"]+$")] = None
    licence: Annotated[str | None, Field(max_length=200)] = None


class Citable(Artefact):
    """What is cited: by its URN, and by a DOI where its agency has registered one."""

    doi: Annotated[str | None, Field(pattern=r"^10\.\d{4,9}/[^\s\"<>{}\\]{1,200}$")] = None
    licence: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "Licence Ouverte 2.0"
    references: Annotated[list[Reference], Field(max_length=20)] = Field(default_factory=list)


class ReadingKey(Citable):
    """How to read a figure: its class, the sentence, and what not to conclude.

    A value has exactly one class: bands share no value, and leave none out between them.
    """

    indicators: Annotated[
        list[Applicable], Field(max_length=40, description="that figures are read of with it")
    ] = Field(default_factory=list)
    unit: Names
    bands: Annotated[list[Bounds], Field(min_length=2, max_length=12)]
    boundary_rule: Names
    rounding: Rounded | None = None
    caution: Annotated[
        tuple[Status, ...],
        Field(max_length=12, description="statuses whose class is read with caution"),
    ] = ("B", "D", "E", "F", "I", "P")
    unclassed: Annotated[
        tuple[Status, ...], Field(max_length=12, description="statuses that have no class")
    ] = ("U",)
    interval: Annotated[
        Literal["tell", "no_class"],
        Field(description="where the 95 % interval reaches other classes: say so, or give none"),
    ] = "tell"
    how_to_read: Names
    do_not_conclude: Annotated[list[Names], Field(min_length=1, max_length=20)]
    caveats: Annotated[list[Names], Field(max_length=20)] = Field(default_factory=list)
