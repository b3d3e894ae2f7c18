"""Wire format of converted figures."""

from typing import Annotated

from pydantic import Field

from observatory.observations.schemas import IndicatorFigures
from observatory.structures.schemas import Read


class ConversionRead(Read):
    """The table that figures were converted by."""

    table: Annotated[str, Field(description="URN of the code map, whose weights are published")]
    basis: Annotated[str | None, Field(description="how the table was made")]
    dimension: Annotated[str, Field(description="that was converted")]
    source: Annotated[str, Field(description="code list of the figures as they were published")]
    target: Annotated[str, Field(description="code list that was asked for")]
    estimated: Annotated[int, Field(description="figures that a weight or a gap makes estimates")]
    hidden: Annotated[int, Field(description="figures without a value, for a part has none")]


class PartRead(Read):
    """A figure as it was published, and how much of it goes in."""

    code: str
    weight: float
    value: Annotated[float | None, Field(description="null: hidden, withdrawn or missing")]


class FigureConverted(Read):
    """A figure in the classification asked for; sum of weight × value of its parts.

    A ratio is that of the sums of numerators and denominators.
    """

    key: Annotated[dict[str, str], Field(description="codes by dimension")]
    period: str
    value: Annotated[float | None, Field(description="null: a part is hidden or missing")]
    status: Annotated[
        str | None, Field(description="the gravest of its parts; `E` where it is estimated")
    ]
    estimated: bool
    parts: list[PartRead]
    missing: Annotated[
        list[str], Field(description="codes that belong to it and have no figure: it may be more")
    ]


class ConvertedData(IndicatorFigures):
    """Figures of an indicator in another vintage of a classification."""

    conversion: ConversionRead
    observations: list[FigureConverted]
