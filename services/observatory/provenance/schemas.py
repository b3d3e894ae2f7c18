"""Wire format of the provenance of a figure."""

from typing import Annotated, Any

from pydantic import Field

from observatory.releases.schemas import ReleaseRead
from observatory.structures.schemas import Read


class Component(Read):
    """A part of the key of a figure."""

    id: str
    name: str
    code: str
    label: str


class Figure(Read):
    """One figure; `attributes` are what is said of it beside its value."""

    key: list[Component]
    period: str
    value: Annotated[float | None, Field(description="null: hidden, withdrawn or missing")]
    attributes: dict[str, Any]


class MethodShown(Read):
    """How the figure was made."""

    name: str
    formula: str | None
    address: Annotated[
        str | None, Field(description="Its constants, relative to this address, where we have them")
    ]


class Provenance(Read):
    """A figure, the release that brought it, its formula, and the files that it is made from."""

    indicator: str
    name: str
    definition: str
    unit: str
    decimals: int
    dataflow: str
    licence: str
    figure: Figure
    reading_key: str
    reading: str
    klass: Annotated[
        str | None,
        Field(serialization_alias="class", description="by the key asked for"),
    ] = None
    class_name: str | None = None
    certain: Annotated[
        str | None, Field(description="`yes` where the 95 % interval is all of this class")
    ] = None
    method: MethodShown
    release: Annotated[
        ReleaseRead, Field(description="That brought the value; its origins are the source files")
    ]
    known_in: Annotated[int, Field(description="Ordinal of the release that was asked")]
    history: Annotated[str, Field(description="Every version, relative to this address")]
