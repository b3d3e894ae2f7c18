"""The drafts of a rollover: read, corrected, discarded, or published each on its own."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.pagination import Page, PageRequest, page
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool
from training.audit import service as audit
from training.entering.service import Entry, enter, patient
from training.offers.models import Formation
from training.proposals import gate
from training.proposals.differences import changed
from training.proposals.service import kept
from training.rollovers import queries
from training.rollovers.models import RolloverDraft
from training.rollovers.problems import DraftKeyFixed, DraftPublished, DraftUnknown
from training.rollovers.schemas import (
    Confirmed,
    DraftRead,
    DraftSummary,
    FaultRead,
    PublicationRead,
    PublishedLine,
)

_FREE: Final = ("/actions", "/provider/")
_FIXED: Final = frozenset({"/certifications", "/number", "/provider", "/provider/siret"})
_ORIGIN: Final = {"kind": "rollover", "name": "Vigie, offre reconduite", "url": None}
_PUBLISHED, _GONE, _DONE, _STALE, _BLOCKED = 200, 404, 409, 412, 422


async def one(
    session: AsyncSession, caller: Principal, draft: uuid.UUID, *, lock: bool = False
) -> RolloverDraft:
    """Return a draft of the caller's organisation; raises DraftUnknown for all others."""
    wanted = select(RolloverDraft).where(
        RolloverDraft.id == draft, RolloverDraft.tenant == caller.tenant
    )
    found = await session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise DraftUnknown
    return found


async def listed(
    reads: ReadPool,
    caller: Principal,
    paging: PageRequest,
    provider: str | None,
    *,
    is_published: bool | None,
) -> Page[DraftSummary]:
    """Return a page of them by provider and number."""
    asked = (caller.tenant, provider, is_published)
    after = paging.after or [None, None]
    rows = await reads.fetch("rollover drafts", queries.DRAFTS, *asked, *after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("rollover drafts count", queries.DRAFTS_COUNT, *asked)
    return page(paging, rows, lambda row: [row["provider_siret"], row["number"]], summary, total)


def summary(row: Any) -> DraftSummary:  # noqa: ANN401  # a record of PostgreSQL
    """Show a draft in a list."""
    same = ("id", "number", "title", "version", "updated_at", "published_at")
    return DraftSummary(
        **{name: row[name] for name in same},
        provider=row["provider_siret"],
        copy_of=row["formation_id"],
        rollover=row["rollover_id"],
    )


def whole(found: RolloverDraft) -> DraftRead:
    """Show a draft with its payload."""
    names = ("id", "provider_siret", "number", "title", "formation_id", "rollover_id", "version")
    row = {name: getattr(found, name) for name in (*names, "updated_at", "published_at")}
    return DraftRead(**summary(row).model_dump(), payload=found.document)


async def rewrite(
    session: AsyncSession,
    caller: Principal,
    draft: uuid.UUID,
    payload: dict[str, Any],
    if_match: str,
) -> RolloverDraft:
    """Replace the payload; raises DraftKeyFixed, DraftPublished, PayloadInvalid, Stale."""
    found = await _changeable(session, caller, draft, if_match)
    document = kept("offer", payload)
    moved = [one for one in changed(found.document, document) if not _is_free(found, one)]
    if moved:
        raise DraftKeyFixed([f"/payload{one}" for one in moved])
    found.document, found.title = document, document.get("title", "")
    found.version += 1
    found.updated_at = datetime.now(UTC)
    await session.flush()
    raw = await driver(session)
    await audit.record(raw, caller, "rewrite_rollover_draft", "rollover_draft", str(draft))
    return found


def _is_free(found: RolloverDraft, pointer: str) -> bool:
    """Tell whether a new year may change it: the rest was reviewed, and is for a proposal.

    Actions with their sessions and prices, the provider's particulars, and what was not said.
    """
    if pointer in _FIXED:
        return False
    return pointer.startswith(_FREE) or pointer[1:] not in found.document


async def discard(
    session: AsyncSession, caller: Principal, draft: uuid.UUID, if_match: str
) -> None:
    """Delete a draft, which nobody else ever saw; the next rollover makes it anew."""
    await _changeable(session, caller, draft, if_match)
    await session.execute(delete(RolloverDraft).where(RolloverDraft.id == draft))
    raw = await driver(session)
    await audit.record(raw, caller, "discard_rollover_draft", "rollover_draft", str(draft))


async def _changeable(
    session: AsyncSession, caller: Principal, draft: uuid.UUID, if_match: str
) -> RolloverDraft:
    found = await one(session, caller, draft, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    if found.published_at is not None:
        raise DraftPublished
    return found


async def publish(
    session: AsyncSession, caller: Principal, asked: Sequence[Confirmed], now: datetime
) -> PublicationRead:
    """Publish the drafts that pass the gate of publication, and say of each what became of it."""
    versions = {item.id: item.version for item in asked}
    drafts = await _locked(session, caller, list(versions))
    taken = await _taken(session, list(versions))
    raw = await driver(session)
    statuses: dict[uuid.UUID, int] = {}
    faults: dict[uuid.UUID, list[Fault]] = {}
    entries: dict[uuid.UUID, Entry] = {}
    for known, version in versions.items():
        found = drafts.get(known)
        if found is None:
            statuses[known] = _GONE
        elif found.published_at is not None or known in taken:
            statuses[known] = _DONE
        elif found.version != version:
            statuses[known] = _STALE
        else:
            examined = await gate.offer(raw, found.document, found.number, now)
            statuses[known], faults[known] = _BLOCKED, examined.faults
            if not examined.faults:
                origin = {
                    **_ORIGIN,
                    "dated_on": day_in_paris(now).isoformat(),
                    "licence": found.licence,
                }
                entries[known] = Entry(examined.document, origin)
    if entries:
        async with patient(raw):
            refused = await enter(raw, caller.tenant, caller.client, list(entries.values()), now)
        for known, entry in entries.items():
            faults[known] = refused.get(entry.code, [])
            if not faults[known]:
                statuses[known], drafts[known].published_at = _PUBLISHED, now
                await audit.record(
                    raw, caller, "publish_rollover_draft", "rollover_draft", str(known)
                )
    items = [_line(known, statuses[known], faults.get(known, ())) for known in versions]
    return PublicationRead(published=sum(one.status == _PUBLISHED for one in items), items=items)


def _line(known: uuid.UUID, status: int, faults: Sequence[Fault]) -> PublishedLine:
    return PublishedLine(
        id=known,
        status=status,
        errors=[
            FaultRead(
                pointer=f"/payload{one.pointer}",
                code=one.code.replace("_", "-"),
                detail=one.detail(),
            )
            for one in faults
        ],
    )


async def _taken(session: AsyncSession, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Return those that the catalogue has by now, from a file that said the same number."""
    wanted = select(Formation.id).where(Formation.id.in_(ids), Formation.withdrawn_at.is_(None))
    return set(await session.scalars(wanted))


async def _locked(
    session: AsyncSession, caller: Principal, wanted: Sequence[uuid.UUID]
) -> dict[uuid.UUID, RolloverDraft]:
    """Lock them in the order of their ids."""
    found = await session.scalars(
        select(RolloverDraft)
        .where(RolloverDraft.id.in_(wanted), RolloverDraft.tenant == caller.tenant)
        .order_by(RolloverDraft.id)
        .with_for_update()
    )
    return {one.id: one for one in found}
