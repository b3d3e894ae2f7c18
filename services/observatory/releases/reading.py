"""Reads releases: what is public, and what only the organisation sees that drafted it."""

import uuid
from datetime import datetime

from observatory.releases import queries
from observatory.releases.service import VintageUnknown
from platformkit.auth import Principal
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool


async def one(reads: ReadPool, caller: Principal, release: uuid.UUID) -> tuple[bytes, bool]:
    """Return a release and whether it is public; raises VintageUnknown.

    What nobody may see yet is seen by those who publish in the organisation that drafted it.
    """
    row = await reads.fetchrow("release", queries.ONE, release)
    may = row is not None and (
        row["is_public"]
        or (row["tenant"] == caller.tenant and "observatory:publish" in caller.scopes)
    )
    if row is None or not may:
        raise VintageUnknown
    return str(row["item"]).encode(), bool(row["is_public"])


async def published(reads: ReadPool, paging: PageRequest, dataflow: str | None) -> bytes:
    """Return a page of what is published, the newest first."""
    return await _page(
        reads, paging, "releases", (queries.PUBLISHED, queries.PUBLISHED_COUNT), dataflow
    )


async def pending(reads: ReadPool, paging: PageRequest, caller: Principal) -> bytes:
    """Return a page of the organisation's releases that nobody else sees."""
    return await _page(
        reads, paging, "pending releases", (queries.PENDING, queries.PENDING_COUNT), caller.tenant
    )


async def _page(
    reads: ReadPool,
    paging: PageRequest,
    name: str,
    statements: tuple[str, str],
    first: str | None,
) -> bytes:
    after, release = paging.after or (None, None)
    instant = None if after is None else datetime.fromisoformat(after)
    rows = await reads.fetch(name, statements[0], first, instant, release, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval(f"{name} count", statements[1], first)
    return rendered(paging, rows, lambda row: [row["place"].isoformat(), str(row["id"])], total)
