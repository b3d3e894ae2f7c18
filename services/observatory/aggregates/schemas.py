"""Wire format of aggregates."""

from typing import Annotated

from pydantic import Field

from observatory.aggregates.grouping import Function
from observatory.observations.schemas import IndicatorFigures
from observatory.structures.schemas import Read


class AggregateGroup(Read):
    """The aggregate of one combination of codes."""

    key: Annotated[dict[str, str], Field(description="code by component of `by`")]
    value: Annotated[
        float | None, Field(description="to 12 significant digits; null where `n` is 0")
    ]
    n: Annotated[int, Field(description="cells with a value: it is of these")]
    missing: Annotated[int, Field(description="cells without a value, not told as suppressed")]
    suppressed: Annotated[
        int | None,
        Field(
            description="cells hidden by disclosure control (OBS_STATUS Q); null where the"
            " dataflow tells no OBS_STATUS: they are in `missing`"
        ),
    ]


class Aggregate(IndicatorFigures):
    """A function of the figures of an indicator, by group, in the order of the codes."""

    function: Function
    by: list[str]
    note: Annotated[str, Field(description="what is not in it, and how it is weighted")]
    groups: list[AggregateGroup]
