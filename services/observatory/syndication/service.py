"""The rules of the feed: what has appeared, by when it last changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import orjson

from observatory.structures.catalogue import Catalogue, text
from observatory.syndication import queries
from observatory.syndication.atom import Item
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of releases, and the cursor of the next one."""

    items: Sequence[Item]
    following: str | None
    total: int | None


async def page(
    reads: ReadPool, structures: Catalogue, paging: PageRequest, dataflow: str | None
) -> Found:
    """Read a page of the releases that have appeared, those that changed last first."""
    place, release = paging.after or (None, None)
    instant = None if place is None else datetime.fromisoformat(place)
    rows = await reads.fetch(
        "feed of releases", queries.PAGE, dataflow, instant, release, paging.limit + 1
    )
    items = [
        Item(
            id=row["id"],
            dataflow=row["dataflow"],
            name=_name(structures, row["agency"], row["dataflow"], row["major"]),
            ordinal=row["ordinal"],
            published_at=row["published_at"],
            updated_at=row["updated_at"],
            notes=text(orjson.loads(row["notes"])),
            withdrawal=text(orjson.loads(row["outcome"])) if row["is_withdrawn"] else None,
            reason=row["reason"],
            diff=orjson.loads(row["diff"]),
        )
        for row in rows[: paging.limit]
    ]
    following = None
    if len(rows) > paging.limit:
        last = items[-1]
        following = paging.continued([last.updated_at.isoformat(), str(last.id)])
    total = None
    if paging.count:
        total = await reads.fetchval("feed of releases count", queries.COUNT, dataflow)
    return Found(items, following, total)


def _name(structures: Catalogue, agency: str, dataflow: str, major: int) -> Text:
    found = structures.find("dataflow", dataflow, f"{major}.0+", agency)
    return Text(dataflow, dataflow) if found is None else found.name


def last_modified(items: Sequence[Item], now: datetime) -> str | None:
    """Say when the page last changed, where no change of that second can follow (RFC 9110 §8.8.2).

    Without it, who asks by date alone would never learn of the second of two releases.
    """
    newest = max((each.updated_at for each in items), default=None)
    if newest is None or newest.replace(microsecond=0) + timedelta(seconds=1) > now:
        return None
    return format_datetime(newest.astimezone(UTC), usegmt=True)


def unchanged_since(modified: str | None, since: str | None) -> bool:
    """Tell whether a page is as it was at the date of If-Modified-Since (RFC 9110 §13.1.3)."""
    if modified is None or since is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # no date, or one without its zone: as if not asked
        return False
