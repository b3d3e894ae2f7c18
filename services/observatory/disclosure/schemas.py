"""Wire format of the disclosure policy and of the runs."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceRead(_Read):
    """The rules for the data of one kind of producer."""

    id: str
    name: str
    reference: str
    least_units: Annotated[int, Field(description="A cell of fewer units is hidden")]
    dominance_percent: Annotated[
        int | None, Field(description="A cell is hidden where one unit has more than this")
    ]
    frequency_protection_percent: Annotated[
        int, Field(description="A cell of too few units stays uncertain by this part, either way")
    ]
    least_protection: Annotated[
        int, Field(description="Any hidden cell stays uncertain by this much, either way")
    ]
    insiders: Annotated[
        bool,
        Field(description="Nor can the only unit of a hidden cell undo another by its own figure"),
    ]


class PolicyRead(_Read):
    """The policy that releases of protected dataflows are judged by."""

    version: str
    sources: list[SourceRead]


class Counts(_Read):
    """Cells of a run, those that are published nowhere too; `exposed` must be 0."""

    cells: int
    frequency: int
    dominance: int
    difference: Annotated[int, Field(description="of which two vintages tell of a unit")]
    secondary: int
    audited: Annotated[int, Field(description="hidden cells times vintages, judged by the audit")]
    exposed: int


class RunRead(_Read):
    """A judgement of a release, without any confidential figure."""

    number: int
    release: UUID
    dataflow: str
    ordinal: int
    at: datetime
    state: Literal["passed", "failed"]
    policy: str
    source: str
    newly_hidden: Annotated[int, Field(description="cells that no earlier release had hidden")]
    counts: Counts
