"""Wire form of what is cited, a key, a grid or a sheet, as it is read."""

from typing import Annotated, Literal

from pydantic import Field

from observatory.structures.grid_schemas import Grid
from observatory.structures.key_schemas import ReadingKey
from observatory.structures.schemas import Names, Read
from observatory.structures.sheet_schemas import Sheet
from platformkit.pagination import Page

State = Literal["draft", "published", "deprecated"]


class Deprecated(Read):
    """Since when and why something should not be used, and what to use instead."""

    at: str
    reason: Names
    replacement: str | None


class Published(Read):
    """Identity and state of what is cited; a published version never changes."""

    urn: str
    agency: str
    state: State
    foreign: Annotated[bool, Field(description="of another agency: read only here")]
    sha256: Annotated[str, Field(description="of its canonical content")]
    published_at: str | None
    deprecated: Deprecated | None


class KeyRead(Published):
    """A reading key, in both languages."""

    content: ReadingKey


class GridRead(Published):
    """A grid, in both languages."""

    content: Grid


class SheetRead(Published):
    """What the author of a sheet wrote, in both languages."""

    content: Sheet


class Listed(Read):
    """Short form of what is cited."""

    urn: str
    agency: str
    id: str
    version: str
    name: str
    state: State
    indicators: list[str]


class Listing(Page[Listed]):
    """A page of what is cited, by agency, id and version."""


class ClassRead(Read):
    """The class of one value."""

    key: str
    value: float | None
    compared: Annotated[str | None, Field(description="the value as it was compared, rounded")]
    klass: Annotated[str | None, Field(serialization_alias="class")]
    label: str | None
    certain: Annotated[bool | None, Field(description="null where no interval was given")]
    reaches: Annotated[list[str], Field(description="classes that the 95 % interval reaches")]
    caution: bool
    reading: str
    do_not_conclude: list[str]
