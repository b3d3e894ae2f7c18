"""Saving searches, and reading what newly matches them."""

import uuid
from datetime import date, datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import pagination
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import CursorRefused, Page, PageRequest, page
from platformkit.reads import ReadPool
from training.alerts import queries
from training.alerts.models import SavedSearch, SavedSearchMatch
from training.alerts.schemas import Match, Matches, SavedSearchRead, SavedSearchWrite
from training.search import service as search
from training.search.filters import Asked

MOST: Final = 20
"""Searches that an organisation saves: each is asked about every change."""

BROADEST: Final = 2_000
"""Hits that a saved search may have: what matches when it is saved is noted, one by one."""

ASKED: Final = TypeAdapter(Asked)

_FIRST: Final = uuid.UUID(int=0)
_IN_TURN: Final = text(
    "SELECT pg_advisory_xact_lock(hashtext('training.saved_search'), hashtext(:tenant))"
)


class SavedSearchUnknown(NotFound):
    """There is no such search, or it is another organisation's."""

    code = "saved-search-unknown"
    title = Text("Recherche enregistrée inconnue", "Unknown saved search")
    detail = Text(
        "Aucune recherche enregistrée de votre organisation n’a cet identifiant.",
        "No saved search of your organisation has this identifier.",
    )


class SavedSearchesFull(Conflict):
    """The organisation follows as many searches as it can."""

    code = "saved-searches-full"
    title = Text("Trop de recherches enregistrées", "Too many saved searches")
    detail = Text(
        "Une organisation suit au plus {most} recherches : supprimez-en une.",
        "An organisation follows at most {most} searches: delete one.",
    )


class SavedSearchTooBroad(Invalid):
    """What finds so much is nothing to follow."""

    code = "saved-search-too-broad"
    title = Text("Recherche trop large", "Search too broad")


_NARROW: Final = Text(
    f"Cette recherche trouve plus de {BROADEST} résultats : précisez-la.",
    f"This search finds more than {BROADEST} hits: narrow it.",
)


async def save(
    session: AsyncSession,
    reads: ReadPool,
    caller: Principal,
    asked: Asked,
    query: str,
    body: SavedSearchWrite,
    today: date,
) -> SavedSearchRead:
    """Follow a search from now on; raises SavedSearchesFull, SavedSearchTooBroad, CommuneUnknown.

    What matches now is noted under a lock that the evaluation takes, too: a change is either
    before, or asked about.
    """
    asked = await search.placed(reads, asked)
    raw = await driver(session)
    await session.execute(_IN_TURN, {"tenant": caller.tenant})
    if await raw.fetchval(queries.COUNT, caller.tenant) >= MOST:
        raise SavedSearchesFull(most=MOST)
    await raw.execute(queries.SHARE)
    found = await search.matching(reads, asked, today, BROADEST + 1)
    if len(found) > BROADEST:
        raise SavedSearchTooBroad([Fault("", SavedSearchTooBroad.code, _NARROW, where="query")])
    saved = SavedSearch(
        id=uuid.uuid4(),
        tenant=caller.tenant,
        client=caller.client,
        label=body.label,
        query=query,
        asked=ASKED.dump_python(asked, mode="json"),
        version=1,
    )
    session.add(saved)
    await session.flush()
    await raw.copy_records_to_table(
        SavedSearchMatch.__tablename__,
        schema_name="training",
        columns=("search_id", "entry_id", "kind", "thing_id"),
        records=[(saved.id, one["id"], one["kind"], one["thing_id"]) for one in found],
    )
    return SavedSearchRead.model_validate(saved, from_attributes=True)


async def forget(session: AsyncSession, tenant: str, search_id: uuid.UUID) -> None:
    """Follow a search no more, and keep nothing of it; raises SavedSearchUnknown."""
    of_tenant = SavedSearch.id == search_id, SavedSearch.tenant == tenant
    gone = await session.scalar(delete(SavedSearch).where(*of_tenant).returning(SavedSearch.id))
    if gone is None:
        raise SavedSearchUnknown


async def one(reads: ReadPool, tenant: str, search_id: uuid.UUID) -> SavedSearchRead:
    """Read a search of the tenant's own, or raise SavedSearchUnknown."""
    row = await reads.fetchrow("saved search", queries.ONE, search_id, tenant)
    if row is None:
        raise SavedSearchUnknown
    return SavedSearchRead(**row)


async def listed(reads: ReadPool, tenant: str, paging: PageRequest) -> Page[SavedSearchRead]:
    """Read a page of the tenant's searches, the newest first."""
    at, last = paging.after or (None, None)
    since = at and datetime.fromisoformat(at)
    rows = await reads.fetch("saved searches", queries.LIST, tenant, since, last, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("saved searches count", queries.COUNT, tenant)
    return page(
        paging,
        rows,
        key=lambda row: [row["created_at"].isoformat(), str(row["id"])],
        render=lambda row: SavedSearchRead(**row),
        total=total,
    )


async def matches(
    reads: ReadPool,
    tenant: str,
    search_id: uuid.UUID,
    secret: str,
    after: str | None,
    limit: int,
) -> Matches:
    """Read what newly matched after the cursor; raises SavedSearchUnknown, CursorRefused."""
    await one(reads, tenant, search_id)
    key = f"{secret}matches{search_id}"
    number, last = _position(pagination.unsign(key, after)) if after else (0, _FIRST)
    rows = await reads.fetch(
        "saved search matches", queries.MATCHES, search_id, number, last, limit + 1
    )
    shown = rows[:limit]
    if shown:
        number, last = shown[-1]["number"], shown[-1]["entry_id"]
    return Matches(
        items=[
            Match(
                id=row["entry_id"],
                **{name: row[name] for name in Match.model_fields if name != "id"},
            )
            for row in shown
        ],
        next=pagination.sign(key, [number, str(last)]),
        more=len(rows) > limit,
    )


def _position(values: list[Any]) -> tuple[int, uuid.UUID]:
    """Read a verified cursor; that of another kind says other things."""
    try:
        number, last = values
        return int(number), uuid.UUID(last)
    except (TypeError, ValueError, AttributeError) as error:
        raise CursorRefused from error
