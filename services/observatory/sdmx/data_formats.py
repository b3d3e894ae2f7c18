"""The formats in which data are written, by their media types, and who writes them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast, get_args

from observatory.observations import queries
from observatory.observations.selection import Labels as LabelStyle
from observatory.observations.vintages import Vintages
from observatory.sdmx import data_csv, rows
from observatory.sdmx.asking import Asked
from observatory.sdmx.data_csv import Keys, Style
from observatory.sdmx.data_json import JsonMessage
from observatory.sdmx.data_xml import GenericMessage, SpecificMessage
from observatory.sdmx.message import Head, Labels
from observatory.sdmx.negotiation import Accepted, Format, NotAcceptable
from platformkit.reads import ReadPool

JSON: Final = Format("application/vnd.sdmx.data+json", "2.0.0", ("application/json",))
CSV: Final = Format("application/vnd.sdmx.data+csv", "2.0.0", ("text/csv",))
CSV_1: Final = Format("application/vnd.sdmx.data+csv", "1.0.0", ("text/csv",))
GENERIC: Final = Format(
    "application/vnd.sdmx.genericdata+xml", "2.1", ("application/xml", "text/xml")
)
SPECIFIC: Final = Format("application/vnd.sdmx.structurespecificdata+xml", "2.1")

V2: Final = (JSON, CSV, CSV_1, GENERIC, SPECIFIC)
V1: Final = (GENERIC, SPECIFIC, CSV_1)
"""What each version of the interface offers, its default first."""

TABLES: Final = (CSV, CSV_1)
MOST: Final = 1_000_000
"""Observations of one answer that is held in groups or sorted; CSV as it is stored has no limit."""


@dataclass(frozen=True, slots=True)
class Answering:
    """All that is needed to write an answer."""

    pool: ReadPool
    asked: Asked
    vintages: Vintages
    labels: Labels
    head: Head
    accepted: Accepted


class _Message(Protocol):
    def begin(self) -> bytes: ...
    def feed(self, rows: Sequence[Sequence[str | None]]) -> bytes: ...
    def end(self) -> bytes: ...


def style(accepted: Accepted) -> Style:
    """Read the parameters of SDMX-CSV; raises NotAcceptable for what they cannot be."""
    told = accepted.parameters
    labels, keys = told.get("labels", "id"), told.get("keys", "none")
    times = told.get("timeformat", "original")
    named = (get_args(LabelStyle), get_args(Keys), ("original", "normalized"))
    if any(word not in known for word, known in zip((labels, keys, times), named, strict=True)):
        offered = "labels=id|name|both;keys=none|obs|series|both;timeFormat=original|normalized"
        raise NotAcceptable(offered=f"{accepted.format.content_type};{offered}")
    return Style(
        int(accepted.format.version[0]),
        cast(LabelStyle, labels),
        cast(Keys, keys),
        normalized=times == "normalized",
    )


async def written(answering: Answering) -> AsyncIterator[bytes] | None:
    """Begin to write; None when nothing is selected."""
    if answering.accepted.format in TABLES:
        return await _table(answering)
    layout = answering.asked.layout
    form = answering.accepted.format
    message: _Message
    if form is JSON:
        message = JsonMessage(layout, answering.head, answering.labels)
    else:
        message = (GenericMessage if form is GENERIC else SpecificMessage)(layout, answering.head)
    statement = rows.statement(answering.asked.selection, layout, answering.vintages)
    batches = queries.batches(answering.pool, statement)
    first = await anext(batches, None)
    if first is None:
        return None

    async def pieces() -> AsyncIterator[bytes]:
        yield message.begin() + message.feed(first)
        async for batch in batches:
            yield message.feed(batch)
        yield message.end()

    return pieces()


async def _table(answering: Answering) -> AsyncIterator[bytes] | None:
    header, statement = data_csv.statement(
        answering.asked.selection,
        answering.asked.layout,
        answering.vintages,
        style(answering.accepted),
        answering.labels,
    )
    copied = queries.csv(answering.pool, statement, header=False)
    first = await anext(copied, None)
    if not first:
        return None

    async def pieces() -> AsyncIterator[bytes]:
        yield header + first
        async for piece in copied:
            yield piece

    return pieces()
