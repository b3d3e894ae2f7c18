"""The rules of milestones and events: what was promised stays visible, what is over stays so."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.programme import calendar_queries as queries
from observatory.programme.calendar_schemas import (
    EventCancel,
    EventDraft,
    EventRead,
    MilestoneDraft,
    MilestoneMove,
    MilestoneReach,
    MilestoneRead,
)
from observatory.programme.problems import CodeTaken, PartUnknown, StepRefused
from observatory.programme.schemas import Bilingual
from observatory.programme.service import held, refuse_ahead
from observatory.programme.telling import tell
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.pagination import Page, PageRequest, page
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool


def today() -> dt.date:
    """Return the day that it is in Paris."""
    return day_in_paris(dt.datetime.now(dt.UTC))


def milestone_read(row: Mapping[str, Any], day: dt.date) -> MilestoneRead:
    """Wire form of a milestone on a day."""
    reached: dt.date | None = row["reached_on"]
    late = ((reached or day) - row["due_on"]).days
    return MilestoneRead(
        code=row["code"],
        title=Bilingual.model_validate_json(row["title"]),
        state="reached" if reached else "late" if late > 0 else "planned",
        days_late=max(late, 0),
        **{
            name: row[name]
            for name in ("first_due_on", "due_on", "reached_on", "evidence", "version")
        },
    )


def event_read(row: Mapping[str, Any], day: dt.date) -> EventRead:
    """Wire form of an event on a day."""
    state = "cancelled" if row["cancelled_at"] else "held" if row["held_on"] <= day else "planned"
    return EventRead(
        title=Bilingual.model_validate_json(row["title"]),
        state=state,
        **{name: row[name] for name in ("id", "kind", "held_on", "link", "version")},
    )


async def add_milestone(
    session: AsyncSession, who: Principal, code: str, given: MilestoneDraft, day: dt.date
) -> MilestoneRead:
    """Promise a milestone; raises ProgrammeUnknown or CodeTaken."""
    raw = await driver(session)
    await held(raw, who, code)
    title = given.title.model_dump_json()
    if not await raw.fetchval(queries.ADD_MILESTONE, code, given.code, title, given.due_on):
        raise CodeTaken(code=given.code)
    return await _milestone_told(session, raw, who, code, given.code, day, "promise")


async def move_milestone(
    session: AsyncSession,
    who: Principal,
    code: str,
    milestone: str,
    if_match: str,
    given: MilestoneMove,
    day: dt.date,
) -> MilestoneRead:
    """Give a milestone another day and say why; raises PartUnknown, Stale or StepRefused."""
    raw = await driver(session)
    await _open_milestone(raw, who, code, milestone, if_match)
    await raw.execute(queries.MOVE_MILESTONE, code, milestone, given.due_on)
    why = {"reason": given.reason.model_dump()}
    return await _milestone_told(session, raw, who, code, milestone, day, "move", why)


async def reach_milestone(
    session: AsyncSession,
    who: Principal,
    code: str,
    milestone: str,
    if_match: str,
    given: MilestoneReach,
    day: dt.date,
) -> MilestoneRead:
    """Say that a milestone is reached, with its evidence; raises as `move_milestone`."""
    raw = await driver(session)
    await _open_milestone(raw, who, code, milestone, if_match)
    refuse_ahead("/reached_on", given.reached_on, day)
    await raw.execute(queries.REACH_MILESTONE, code, milestone, given.reached_on, given.evidence)
    return await _milestone_told(session, raw, who, code, milestone, day, "reach")


async def _open_milestone(
    raw: Any,  # noqa: ANN401  # asyncpg's, untyped
    who: Principal,
    code: str,
    milestone: str,
    if_match: str,
) -> None:
    await held(raw, who, code)
    row = await raw.fetchrow(queries.MILESTONE, code, milestone)
    if row is None:
        raise PartUnknown(part="milestone", code=milestone)
    etags.match(if_match, etags.of_version(row["version"]))
    if row["reached_on"]:
        raise StepRefused(state="reached")


async def _milestone_told(
    session: AsyncSession,
    raw: Any,  # noqa: ANN401  # likewise
    who: Principal,
    code: str,
    milestone: str,
    day: dt.date,
    action: str,
    kept: Mapping[str, Any] | None = None,
) -> MilestoneRead:
    found = milestone_read(await raw.fetchrow(queries.MILESTONE, code, milestone), day)
    told = found.model_dump(mode="json", exclude={"code", "version", "state", "days_late"})
    await tell(
        session,
        who,
        code,
        action,
        "milestone",
        milestone,
        kind="created" if found.version == 1 else "updated",
        version=found.version,
        told=told,
        kept=kept,
    )
    return found


async def announce_event(
    session: AsyncSession, who: Principal, code: str, given: EventDraft, day: dt.date
) -> EventRead:
    """Put an event into the programme's calendar; raises ProgrammeUnknown."""
    raw = await driver(session)
    await held(raw, who, code)
    title = given.title.model_dump_json()
    known: uuid.UUID = await raw.fetchval(
        queries.ADD_EVENT, code, given.kind, title, given.held_on, given.link
    )
    await tell(
        session,
        who,
        code,
        "announce",
        "event",
        str(known),
        told=given.model_dump(mode="json"),
    )
    return event_read(await raw.fetchrow(queries.EVENT, code, known), day)


async def cancel_event(
    session: AsyncSession,
    who: Principal,
    code: str,
    event: uuid.UUID,
    if_match: str,
    given: EventCancel,
    day: dt.date,
) -> EventRead:
    """Call an event off, which stays in the calendar; raises PartUnknown, Stale, StepRefused."""
    raw = await driver(session)
    await held(raw, who, code)
    row = await raw.fetchrow(queries.EVENT, code, event)
    if row is None:
        raise PartUnknown(part="event", code=event)
    etags.match(if_match, etags.of_version(row["version"]))
    if row["cancelled_at"]:
        raise StepRefused(state="cancelled")
    await raw.execute(queries.CANCEL_EVENT, code, event)
    found = event_read(await raw.fetchrow(queries.EVENT, code, event), day)
    reason = given.reason.model_dump()
    await tell(
        session,
        who,
        code,
        "cancel",
        "event",
        str(event),
        kind="deleted",
        version=found.version,
        told={"reason": reason},
    )
    return found


async def milestones(
    reads: ReadPool, paging: PageRequest, code: str, day: dt.date
) -> Page[MilestoneRead]:
    """List milestones by the day that they are due."""
    due_on, last = paging.after or (None, None)
    after = (due_on and dt.date.fromisoformat(due_on), last)
    rows = await reads.fetch("milestones", queries.MILESTONES, code, *after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("milestones count", queries.MILESTONES_COUNT, code)
    return page(
        paging,
        rows,
        lambda row: [row["due_on"].isoformat(), row["code"]],
        lambda row: milestone_read(row, day),
        total,
    )


async def events(reads: ReadPool, paging: PageRequest, code: str, day: dt.date) -> Page[EventRead]:
    """List events by their days."""
    held_on, last = paging.after or (None, None)
    after = (held_on and dt.date.fromisoformat(held_on), last)
    rows = await reads.fetch("events", queries.EVENTS, code, *after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("events count", queries.EVENTS_COUNT, code)
    return page(
        paging,
        rows,
        lambda row: [row["held_on"].isoformat(), str(row["id"])],
        lambda row: event_read(row, day),
        total,
    )
