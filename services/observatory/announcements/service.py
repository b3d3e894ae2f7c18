"""The rules of the calendar: a day is announced before it comes, and never changed in silence."""

import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.announcements import queries
from observatory.announcements.schemas import Announcement, Cancellation, Move
from observatory.structures import service as structures_service
from observatory.structures.catalogue import Catalogue
from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text


class AnnouncementUnknown(NotFound):
    """There is no such announcement, or it is of another organisation, which alone changes it."""

    code = "announcement-unknown"
    title = Text("Annonce inconnue", "Unknown announcement")


class AnnouncementSettled(Conflict):
    """What has appeared or was cancelled has no other day."""

    code = "announcement-settled"
    title = Text("Annonce close", "Settled announcement")
    detail = Text("La livraison est {state}.", "The release is {state}.")


class InstantUnfit(Invalid):
    """A day is announced before it comes, and moved to another one."""

    code = "instant-unfit"
    title = Text("Date inadmissible", "Unfit instant")


class AnnouncedForLater(Conflict):
    """Nobody gets a release before its announced instant."""

    code = "announced-for-later"
    title = Text("Annoncée pour plus tard", "Announced for later")
    detail = Text(
        "La livraison est annoncée pour {scheduled_at} : publiez-la à cet instant, ou déplacez"
        " d’abord l’annonce en disant pourquoi.",
        "The release is announced for {scheduled_at}: publish it at that instant, or move the"
        " announcement first and say why.",
    )


def _to_come(at: datetime, now: datetime, before: datetime | None = None) -> None:
    """Raise InstantUnfit for an instant that is past, or the one that is announced already."""
    if at <= now:
        sentence = Text("Cet instant est passé.", "That instant is past.")
        raise InstantUnfit([Fault("/scheduled_at", "instant-past", sentence)])
    if at == before:
        sentence = Text("C’est l’instant déjà annoncé.", "That instant is announced already.")
        raise InstantUnfit([Fault("/scheduled_at", "instant-same", sentence)])


async def announce(
    session: AsyncSession,
    structures: Catalogue,
    who: Principal,
    given: Announcement,
    now: datetime,
) -> tuple[uuid.UUID, bytes]:
    """Announce the next release of a dataflow that is not announced yet.

    Raises DataflowUnknown or InstantUnfit.
    """
    flow = structures_service.flow_named(structures, given.dataflow)
    _to_come(given.scheduled_at, now)
    raw = await driver(session)
    await raw.execute(queries.ALONE, flow.number)
    ordinal = await raw.fetchval(queries.NEXT, flow.number)
    made: uuid.UUID = await raw.fetchval(
        queries.MADE,
        flow.number,
        ordinal,
        who.tenant,
        given.title.model_dump_json(),
        given.period,
        given.scheduled_at,
    )
    await raw.execute(queries.DATED, made, given.scheduled_at, None, who.client, who.subject)
    return made, await _told(session, raw, made, "created")


async def move(
    session: AsyncSession,
    who: Principal,
    announcement: uuid.UUID,
    if_match: str,
    given: Move,
    now: datetime,
) -> bytes:
    """Give an announced release another instant; the ones before stay, with the reason.

    Raises AnnouncementUnknown, Stale, AnnouncementSettled or InstantUnfit.
    """
    raw = await driver(session)
    row = await _open(raw, who, announcement, if_match)
    _to_come(given.scheduled_at, now, row["scheduled_at"])
    await raw.execute(queries.MOVED, announcement, given.scheduled_at)
    reason = given.reason.model_dump_json()
    await raw.execute(
        queries.DATED, announcement, given.scheduled_at, reason, who.client, who.subject
    )
    return await _told(session, raw, announcement, "updated")


async def cancel(
    session: AsyncSession,
    who: Principal,
    announcement: uuid.UUID,
    if_match: str,
    given: Cancellation,
) -> bytes:
    """Say that an announced release will not appear; it stays in the calendar, with the reason.

    Raises AnnouncementUnknown, Stale or AnnouncementSettled.
    """
    raw = await driver(session)
    await _open(raw, who, announcement, if_match)
    await raw.execute(queries.CANCELLED, announcement)
    reason = given.reason.model_dump_json()
    await raw.execute(queries.DATED, announcement, None, reason, who.client, who.subject)
    return await _told(session, raw, announcement, "deleted")


async def _open(raw: Any, who: Principal, announcement: uuid.UUID, if_match: str) -> Any:  # noqa: ANN401  # asyncpg's, untyped
    await raw.execute(queries.LOCK, announcement)
    row = await raw.fetchrow(queries.ONE, announcement)
    if row is None or row["tenant"] != who.tenant:
        raise AnnouncementUnknown
    etags.match(if_match, etags.of_bytes(str(row["item"])))
    state = orjson.loads(row["item"])["state"]
    if state in {"published", "cancelled"}:
        raise AnnouncementSettled(state=state)
    return row


async def _told(
    session: AsyncSession,
    raw: Any,  # noqa: ANN401  # likewise
    announcement: uuid.UUID,
    kind: feed.Kind,
) -> bytes:
    """Tell the feed, and return the wire form."""
    row = await raw.fetchrow(queries.ONE, announcement)
    await feed.publish(
        session,
        entity="announcement",
        entity_id=str(announcement),
        kind=kind,
        version=row["version"],
        payload={
            "dataflow": row["dataflow"],
            "ordinal": row["ordinal"],
            "scheduled_at": row["scheduled_at"].astimezone(UTC).isoformat(),
        },
    )
    return str(row["item"]).encode()


async def keep_promise(raw: Any, flow: int, ordinal: int, at: datetime | None) -> None:  # noqa: ANN401  # likewise
    """Raise AnnouncedForLater for a release that would appear before its announced instant."""
    promised = await raw.fetchval(queries.PROMISED, flow, ordinal, at)
    if promised is not None:
        raise AnnouncedForLater(scheduled_at=promised.astimezone(UTC).isoformat())
