"""Wire format of indicators."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from observatory.structures.schemas import Read
from platformkit.wire import Day, Wire

FeedState = Literal["current", "late", "rebuilding", "never"]


class TargetWrite(Wire):
    """What an indicator should be, and by when."""

    target: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
    due_on: Day


class TargetRead(Read):
    """What a programme aims at; version 0 where it aims at nothing yet."""

    target: int | None
    due_on: dt.date | None
    version: int


class KpiRead(Read):
    """An indicator, how it is made, and how to read it."""

    code: str
    name: str
    value: Annotated[
        int | None,
        Field(
            description="of this programme, where `by_programme`; null until its feed was read once"
            " from the beginning"
        ),
    ]
    by_programme: Annotated[bool, Field(description="the feed tells whose it is")]
    everywhere: Annotated[int | None, Field(description="of all programmes together")]
    unit: str
    target: TargetRead
    progress: Annotated[
        float | None, Field(description="`value` ÷ `target`, to four decimals; null without either")
    ]
    source: Annotated[str, Field(description="whose feed it is counted from")]
    measures: Annotated[list[str], Field(description="entity and state that are counted")]
    formula: str
    limits: str
    reading: str


class FollowedRead(Read):
    """How fresh the indicators of one feed are."""

    source: str
    state: Annotated[
        FeedState,
        Field(
            description="`current`: nothing was left to read within the last minute; `late`: the"
            " figures are those of `current_at`, or a little newer; `rebuilding`: read from its"
            " beginning, the figures are those of `current_at` until it is read to its end;"
            " `never`: not read yet. Without a `current_at` its indicators are null"
        ),
    ]
    current_at: Annotated[dt.datetime | None, Field(description="when nothing was left to read")]
    changes: Annotated[int, Field(description="read since the beginning")]


class KpisRead(Read):
    """The indicators of a programme, from one snapshot."""

    programme: str
    version: Annotated[str, Field(description="of the definitions")]
    feeds: list[FollowedRead]
    items: list[KpiRead]
    licence: str


class Rebuilding(Read):
    """The feeds that will be read again from their beginning."""

    sources: list[str]
