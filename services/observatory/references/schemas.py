"""Wire format of the reference tables."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Read(BaseModel):
    """Base of what is read here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JobRead(Read):
    """A ROME 4.0 job; ROME has French labels only."""

    code: str
    label: str
    basis: Annotated[str, Field(description="ROME v3 job that it was split from, or itself")]
    occupation: Annotated[str, Field(description="ISCO-08 unit group")]
    occupation_label: str


class SectorRead(Read):
    """A section, division or sub-class of NAF rev. 2."""

    code: str
    level: str
    label: str
    parent: str | None


class TerritoryRead(Read):
    """A territory; `id` is unique, `code` is the official one within its kind."""

    id: str
    code: str
    kind: str
    label: str
    parent: str | None
    crosses_regions: bool


class FileRead(Read):
    """An official file: its name, and its bytes."""

    name: str
    sha256: str


class DatasetRead(Read):
    """A loaded table: producer, vintage, licence, and which bytes were loaded."""

    table: str
    title: str
    version: int
    rows: int
    sha256: str
    producer: str
    vintage: str
    licence: str
    citation: str
    derived: str
    files: Annotated[list[FileRead], Field(description="What it was read from")]
