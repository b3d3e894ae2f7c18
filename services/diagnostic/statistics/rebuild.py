"""Makes each programme's figures anew, on one day once at most; done by itself within the hour."""

import asyncio
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from diagnostic.benchmarks.renewal import renewed
from diagnostic.statistics import document, queries
from diagnostic.statistics.companies import Subjects, journeys, measured, scoring_of
from diagnostic.statistics.memory import Groups, Memory, recall, remember, rows
from diagnostic.statistics.models import ProgrammeStatistics
from platformkit import feed
from platformkit.paris import day_in_paris


async def rebuild(session: AsyncSession, k: int, now: datetime) -> list[str]:
    """Look at every programme that was not told anew today, and give their codes.

    One process at a time. Figures that are as before make no new day: nobody is to know that a
    company was counted and changed nothing.
    """
    await rows(session, queries.LOCK)
    today = day_in_paris(now)
    due = await rows(session, queries.DUE, today)
    for programme in due:
        await renew(session, programme, k, now)
    return [programme["code"] for programme in due]


async def renew(session: AsyncSession, programme: Mapping[str, Any], k: int, now: datetime) -> None:
    """Make the figures of one programme anew, and add them as those of a day if they changed."""
    today = day_in_paris(now)
    told = await _told(session, programme["id"], k, today)
    last = await rows(session, queries.LATEST, programme["id"])
    if last and (last[0]["k"], orjson.loads(last[0]["body"])) == (k, told):
        return
    session.add(
        ProgrammeStatistics(
            programme_id=programme["id"], as_of_on=today, made_at=now, k=k, body=dict(told)
        )
    )
    await session.flush()
    await feed.publish(
        session,
        entity="programme_statistics",
        entity_id=programme["code"],
        kind="updated" if last else "created",
        version=last[0]["version"] + 1 if last else 1,
        payload={"as_of": today.isoformat(), "enrolled": _enrolled(told)},
    )


def _enrolled(told: Mapping[str, Any]) -> int | None:
    """Read the companies that have a seat, as they are published; None where too few have."""
    whole = (one["steps"]["enrolled"] for one in told["groups"] if one["level"] == "programme")
    found: int | None = next(whole, None)
    return found


async def _told(
    session: AsyncSession, programme: uuid.UUID, k: int, today: date
) -> Mapping[str, Any]:
    scores = await rows(session, queries.SCORES, programme)
    subjects: Subjects = {
        **journeys(programme, await rows(session, queries.JOURNEYS, programme)),
        **measured(programme, scores),
    }
    before = await recall(session, programme, k)
    chosen = await asyncio.to_thread(_chosen, subjects, before, k)
    fresh = {one.contribution.id: one for found in subjects.values() for one in found}
    await remember(session, programme, chosen, before, fresh, k)
    facts = {one: orjson.loads(row["facts"]) for one, row in before.known.items()}
    facts |= {one: found.facts for one, found in fresh.items()}
    shown = {
        subject: {cell: [facts[one] for one in members] for cell, members in groups.items()}
        for subject, groups in chosen.items()
    }
    (cohorts,) = await rows(session, queries.COHORTS, programme, today)
    hashes = [scoring for subject in shown if (scoring := scoring_of(subject)) is not None]
    grids = [document.grid(row) for row in await rows(session, queries.GRIDS, hashes)]
    return await asyncio.to_thread(document.told, shown, cohorts, grids)


def _chosen(subjects: Subjects, before: Memory, k: int) -> Groups:
    """Let each subject through the gate, also one of which nothing is left."""
    return {
        subject: renewed(
            [one.contribution for one in subjects.get(subject, ())],
            before.shown.get(subject, {}),
            before.hidden.get(subject, {}),
            k,
            before.barred,
        )
        for subject in sorted(subjects.keys() | before.shown.keys())
    }
