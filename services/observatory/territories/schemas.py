"""Wire format of the newest figures of a territory."""

from typing import Annotated

from pydantic import Field

from observatory.provenance.schemas import Component
from observatory.references.schemas import TerritoryRead
from observatory.structures.schemas import Deprecated, Read
from platformkit.pagination import Page


class FigureRelease(Read):
    """The release that brought a figure."""

    ordinal: int
    published_at: str
    method: str


class Interval(Read):
    """Confidence interval at 95 %."""

    low: float
    high: float


class NewestFigure(Read):
    """The newest figure of a series; `key` is what tells it from others of the indicator there."""

    key: list[Component]
    period: str
    value: Annotated[float | None, Field(description="null: hidden, withdrawn or missing")]
    interval: Interval | None
    status: Annotated[str | None, Field(description="OBS_STATUS; Q: hidden, O: withdrawn")]
    confidentiality: Annotated[
        str | None, Field(description="CONF_STATUS; of what is hidden, why it is")
    ]
    hidden: Annotated[
        bool | None,
        Field(
            description="by disclosure control, in every release; null: without a value, of a"
            " dataflow that tells no status"
        ),
    ]
    release: FigureRelease
    reading: Annotated[str, Field(description="the sentence to show")]
    source: Annotated[str, Field(description="the line to print below it")]
    figure: Annotated[
        str,
        Field(
            description="where it comes from, pinned to what is known now; relative to"
            " /v1/observatory/"
        ),
    ]


class TerritoryIndicator(Read):
    """An indicator with its newest figures in a territory."""

    id: str
    name: str
    unit: str
    decimals: int
    dataflow: str
    licence: str
    deprecated: Deprecated | None
    count: Annotated[int, Field(description="series that it has there")]
    figures: Annotated[
        list[NewestFigure],
        Field(description="the newest of each series, by code; none of them where they are many"),
    ]
    data: Annotated[
        str, Field(description="the newest of each series; relative to /v1/observatory/")
    ]


class TerritoryIndicators(Page[TerritoryIndicator]):
    """Indicators that have a figure for a territory, by id."""

    territory: TerritoryRead
