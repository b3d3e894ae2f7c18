"""The rules of capacities: no place is given twice, whoever asks at the same time."""

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from training.audit import service as audit
from training.capacities import queries
from training.capacities.schemas import CapacityRead


class CapacityUnknown(NotFound):
    """There is no such session, or nobody has told its places."""

    code = "capacity-unknown"
    title = Text("Places inconnues", "Unknown places")


class OfferedSessionUnknown(NotFound):
    """The caller's organisation offers no such session."""

    code = "offered-session-unknown"
    title = Text("Session inconnue", "Unknown session")


class SessionFull(Conflict):
    """Fewer places are left than were asked for."""

    code = "session-full"
    title = Text("Session complète", "Session full")
    detail = Text("Il reste moins de {places} place(s).", "Fewer than {places} place(s) are left.")


async def read(reads: ReadPool, session_id: uuid.UUID) -> CapacityRead:
    """Return the places of a session on offer; raises CapacityUnknown."""
    row = await reads.fetchrow("capacity", queries.READ, session_id)
    if row is None:
        raise CapacityUnknown
    return _read(row)


async def tell(
    session: AsyncSession,
    caller: Principal,
    session_id: uuid.UUID,
    capacity: int,
    remaining: int,
    if_match: str,
) -> CapacityRead:
    """Tell the places of one's own session: `"0"` is the tag of what nobody has told yet.

    Raises OfferedSessionUnknown, Stale.
    """
    raw = await _own(session, caller, session_id)
    held = etags.held(if_match)
    version = await raw.fetchval(queries.VERSION, session_id)
    current = etags.of_version(version or 0)
    row = None
    if version is None and held is not None and current in held:
        row = await raw.fetchrow(queries.BEGIN, session_id, capacity, remaining)
    elif version is not None and etags.matches(if_match, current):
        row = await raw.fetchrow(queries.CHANGE, session_id, capacity, remaining, version)
    if row is None:
        current = etags.of_version(await raw.fetchval(queries.VERSION, session_id) or 0)
        raise etags.Stale(current=current, headers={"etag": current})
    await audit.record(raw, caller, "tell_capacity", "session", str(session_id))
    return await _published(session, row)


async def take(
    session: AsyncSession, caller: Principal, session_id: uuid.UUID, places: int
) -> CapacityRead:
    """Take places of one's own session.

    Raises OfferedSessionUnknown, CapacityUnknown, SessionFull.
    """
    raw = await _own(session, caller, session_id)
    row = await raw.fetchrow(queries.TAKE, session_id, places)
    if row is None:
        if await raw.fetchval(queries.VERSION, session_id) is None:
            raise CapacityUnknown
        raise SessionFull(places=places)
    return await _published(session, row)


async def _own(session: AsyncSession, caller: Principal, session_id: uuid.UUID) -> Any:  # noqa: ANN401  # asyncpg's, which has no types
    raw = await driver(session)
    if await raw.fetchval(queries.OWN, session_id, caller.tenant) is None:
        raise OfferedSessionUnknown
    return raw


async def _published(session: AsyncSession, row: Any) -> CapacityRead:  # noqa: ANN401  # likewise
    found = _read(row)
    await feed.publish(
        session,
        entity="session-capacity",
        entity_id=str(found.session),
        kind="created" if found.version == 1 else "updated",
        version=found.version,
        payload={"capacity": found.capacity, "remaining": found.remaining},
    )
    return found


def _read(row: Any) -> CapacityRead:  # noqa: ANN401  # likewise
    names = ("capacity", "remaining", "version", "updated_at")
    return CapacityRead(session=row["session_id"], **{name: row[name] for name in names})
