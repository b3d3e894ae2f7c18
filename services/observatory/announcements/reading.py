"""Reads the calendar: what is announced, in pages and as events."""

import uuid
from datetime import datetime
from typing import Any, Final

from observatory.announcements import queries
from observatory.announcements.service import AnnouncementUnknown
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool

MOST_EVENTS: Final = 1_000
"""Of one file of events."""

PAST: Final = "400 days"
"""How far back a file of events goes."""


async def one(reads: ReadPool, announcement: uuid.UUID) -> bytes:
    """Return an announcement, or raise AnnouncementUnknown."""
    row = await reads.fetchrow("announcement", queries.ONE, announcement)
    if row is None:
        raise AnnouncementUnknown
    return str(row["item"]).encode()


async def page(
    reads: ReadPool,
    paging: PageRequest,
    dataflow: str | None,
    start: datetime | None,
    end: datetime | None,
) -> bytes:
    """Return a page of announcements, by their instants."""
    place, number = paging.after or (None, None)
    instant = None if place is None else datetime.fromisoformat(place)
    asked = (dataflow, start, end)
    rows = await reads.fetch(
        "announcements", queries.LIST, *asked, instant, number, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval("announcements count", queries.COUNT, *asked)
    return rendered(
        paging, rows, lambda row: [row["scheduled_at"].isoformat(), str(row["id"])], total
    )


async def events(reads: ReadPool, dataflow: str | None) -> list[Any]:
    """Return what was and is announced since a year ago."""
    return await reads.fetch("announcement events", queries.RECENT, dataflow, PAST, MOST_EVENTS)
