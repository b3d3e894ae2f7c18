"""Wire format of dataflows and data."""

from typing import Annotated, Any

from pydantic import Field

from observatory.structures.schemas import Deprecated, Read


class DimensionRead(Read):
    """A dimension of a dataflow, in the order of the key."""

    id: str
    name: str
    codelist: str


class AttributeRead(Read):
    """An attribute of a dataflow."""

    id: str
    name: str
    level: str


class IndicatorItem(Read):
    """An indicator, short form; `key` are the dimensions that it fixes."""

    id: str
    name: str
    dataflow: str
    unit: str
    decimals: int
    key: dict[str, str]
    deprecated: Deprecated | None


class DataflowItem(Read):
    """A dataflow, short form."""

    urn: str
    agency: str
    id: str
    version: str
    name: str
    licence: str
    deprecated: Deprecated | None


class BulkRead(Read):
    """The whole of the newest release as one Parquet file."""

    path: Annotated[str, Field(description="from the address of the service on")]
    sha256: Annotated[str | None, Field(description="once it was made; it is its ETag too")]
    bytes: int | None


class DataflowRead(DataflowItem):
    """A dataflow with its structure, and how much of it is published now."""

    description: str | None
    source: str
    theme: str | None
    accrual_periodicity: str
    dimensions: list[DimensionRead]
    measure: str
    attributes: list[AttributeRead]
    indicators: list[IndicatorItem]
    release: Annotated[int | None, Field(description="ordinal of the newest release")]
    published_at: str | None
    observations: int
    series: int
    first_period: str | None
    last_period: str | None
    present: Annotated[
        dict[str, list[str]], Field(description="codes that have data, by dimension")
    ]
    bulk: BulkRead | None


class ReleaseShown(Read):
    """The release that figures are of."""

    ordinal: int
    published_at: str | None
    method: str | None
    source: str | None


class IndicatorFigures(Read):
    """What figures of an indicator are, and of which release."""

    indicator: str
    name: str
    unit: str
    decimals: int
    dataflow: str
    release: ReleaseShown
    licence: str


class IndicatorData(IndicatorFigures):
    """Figures of an indicator; an observation has a member per dimension and attribute."""

    observations: list[dict[str, Any]]
