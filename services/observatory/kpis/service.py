"""Indicators: what was counted, beside what is aimed at, and how fresh it is."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.kpis import following, queries
from observatory.kpis.definitions import BY_CODE, KPIS, VERSION, Kpi
from observatory.kpis.schemas import (
    FeedState,
    FollowedRead,
    KpiRead,
    KpisRead,
    TargetRead,
    TargetWrite,
)
from observatory.programme.money import ratio
from observatory.programme.service import held
from observatory.programme.standing import LICENCE
from observatory.programme.telling import tell
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import NotFound
from platformkit.feed import Kind
from platformkit.i18n import Text
from platformkit.reads import ReadPool

_LATE: Final = dt.timedelta(minutes=1)
_UNKNOWN: Final = Text("Lecture : pas encore compté.", "Reading: not counted yet.")
_AIM: Final = Text(
    " L’objectif est de {target} au {due_on}.", " The target is {target} by {due_on}."
)
_COLUMNS: Final = (
    *("programme", "kpi", "value", "unit", "target", "due_on", "progress", "source", "state"),
    *("current_at", "version", "everywhere"),
)


class KpiUnknown(NotFound):
    """No indicator has this code."""

    code = "kpi-unknown"
    title = Text("Indicateur inconnu", "Unknown indicator")


async def kpis(reads: ReadPool, programme: str, now: dt.datetime) -> KpisRead:
    """Read what was counted, from one snapshot of all feeds and targets."""
    async with (
        reads.connection("programme kpis") as raw,
        raw.transaction(isolation="repeatable_read", readonly=True),
    ):
        followed = {row["peer"]: row for row in await raw.fetch(queries.FEEDS)}
        counts = await raw.fetch(queries.COUNTS, programme)
        targets = {row["kpi"]: row for row in await raw.fetch(queries.TARGETS, programme)}
    feeds = {peer: _followed(peer, followed.get(peer), now) for peer in following.PEERS}
    return KpisRead(
        programme=programme,
        version=VERSION,
        feeds=list(feeds.values()),
        items=[_kpi(one, feeds[one.peer], counts, targets.get(one.code)) for one in KPIS],
        licence=LICENCE,
    )


def _followed(peer: str, row: Mapping[str, Any] | None, now: dt.datetime) -> FollowedRead:
    state: FeedState = "never"
    current_at = row["current_at"] if row else None
    if row and (row["recounting"] or (current_at is None and row["changes"])):
        state = "rebuilding"
    elif current_at is not None:
        state = "late" if now - current_at > _LATE else "current"
    changes = row["changes"] if row else 0
    return FollowedRead(source=peer, state=state, current_at=current_at, changes=changes)


def _kpi(
    one: Kpi,
    feed: FollowedRead,
    counts: Iterable[Mapping[str, Any]],
    target: Mapping[str, Any] | None,
) -> KpiRead:
    value = everywhere = None
    if feed.current_at is not None:
        counted = "amount" if one.is_sum else "things"
        rows = [row for row in counts if row["peer"] == one.peer and row["measure"] in one.measures]
        everywhere = sum(row[counted] for row in rows)
        value = sum(row[f"own_{counted}"] for row in rows) if one.by_programme else everywhere
    reading = _UNKNOWN() if value is None else one.reading(value=value)
    aim = TargetRead(target=None, due_on=None, version=0)
    if target is not None:
        aim = TargetRead(**{name: target[name] for name in ("target", "due_on", "version")})
        reading += _AIM(target=target["target"], due_on=target["due_on"])
    return KpiRead(
        code=one.code,
        name=one.name(),
        value=value,
        by_programme=one.by_programme,
        everywhere=everywhere,
        unit=one.unit(),
        target=aim,
        progress=ratio(value, aim.target) if value is not None and aim.target else None,
        source=one.peer,
        measures=list(one.measures),
        formula=one.formula(),
        limits=one.limits(),
        reading=reading,
    )


def as_csv(found: KpisRead) -> bytes:
    """Write one indicator a line, in codes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    feeds = {one.source: one for one in found.feeds}
    for one in found.items:
        feed = feeds[one.source]
        aim = (one.target.target, one.target.due_on, one.progress)
        fresh = (feed.state, feed.current_at and feed.current_at.isoformat())
        what = (found.programme, one.code, one.value, one.unit)
        writer.writerow([*what, *aim, one.source, *fresh, found.version, one.everywhere])
    return text.getvalue().encode()


async def aim(
    session: AsyncSession,
    who: Principal,
    programme: str,
    kpi: str,
    if_match: str,
    given: TargetWrite,
) -> TargetRead:
    """Set what an indicator should be; raises ProgrammeUnknown, KpiUnknown or Stale."""
    raw = await driver(session)
    await held(raw, who, programme)
    if kpi not in BY_CODE:
        raise KpiUnknown
    before = await raw.fetchval(queries.HOLD_TARGET, programme, kpi)
    etags.match(if_match, etags.of_version(before or 0))
    version: int = await raw.fetchval(queries.AIM, programme, kpi, given.target, given.due_on)
    kind: Kind = "updated" if before else "created"
    told = given.model_dump(mode="json")
    await tell(session, who, programme, "aim", "target", kpi, kind=kind, version=version, told=told)
    return TargetRead(target=given.target, due_on=given.due_on, version=version)


async def rebuild(session: AsyncSession, who: Principal, programme: str) -> list[str]:
    """Have all feeds read again from their beginning, beside what is shown until then."""
    raw = await driver(session)
    await held(raw, who, programme)
    sources = sorted(row["peer"] for row in await raw.fetch(queries.RECOUNT))
    for peer in sources:
        await following.forget_recounted(raw, peer)
    told = {"sources": sources}
    await tell(session, who, programme, "rebuild", "kpis", "all", kind="updated", told=told)
    return sources
