"""Telling what is due, late or stalled, once; and showing it to whom it concerns.

The feed is read by every partner with its scope, so that an event says that there is a reminder
and of which stage; whose it is, and of what, its own tenant reads here (docs/decisions/0049).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from diagnostic.questionnaires.grid import Label
from diagnostic.reminders import queries
from diagnostic.reminders.schemas import ReminderRead
from diagnostic.reminders.stages import Stage
from platformkit import feed
from platformkit.errors import NotFound
from platformkit.i18n import Text, language
from platformkit.pagination import PageRequest
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool

BATCH = 500
"""Reminders of one transaction, which is one an hour."""


class ReminderUnknown(NotFound):
    """No such reminder, or another tenant's."""

    code = "reminder-unknown"
    title = Text("Rappel inconnu", "Unknown reminder")
    detail = Text(
        "Aucun de vos rappels ne porte cet identifiant.",
        "None of your reminders has this identifier.",
    )


async def run(session: AsyncSession, now: datetime, batch: int = BATCH) -> int:
    """Tell one batch of what was not told yet, each once, and return how many.

    Reminders and their events are of one transaction: killed, it leaves neither.
    """
    connection = await session.connection()
    told = (await connection.exec_driver_sql(queries.REMIND, (day_in_paris(now), batch))).all()
    for one in told:
        await feed.publish(
            session,
            entity="reminder",
            entity_id=str(one.id),
            kind="created",
            payload={"stage": one.stage, "on": one.about_on.isoformat()},
        )
    return len(told)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which reminders of one tenant; a field that is null sorts nothing out."""

    tenant: str
    organisation_id: uuid.UUID | None
    stage: Stage | None


async def listed(reads: ReadPool, paging: PageRequest, sought: Sought) -> list[Mapping[str, Any]]:
    """Read one reminder more than the page holds, newest first."""
    at, last = paging.after or (None, None)
    return await reads.fetch(
        "reminders",
        queries.LISTED,
        sought.tenant,
        sought.organisation_id,
        sought.stage,
        datetime.fromisoformat(at) if at else None,
        uuid.UUID(last) if last else None,
        paging.limit + 1,
    )


async def counted(reads: ReadPool, sought: Sought) -> int:
    """Count the whole list, whatever its pages."""
    found: int = await reads.fetchval(
        "reminders count", queries.COUNTED, sought.tenant, sought.organisation_id, sought.stage
    )
    return found


async def one(reads: ReadPool, tenant: str, reminder_id: uuid.UUID) -> Mapping[str, Any]:
    """Read a reminder of this tenant, or raise ReminderUnknown."""
    row: Mapping[str, Any] | None = await reads.fetchrow(
        "reminder", queries.ONE, reminder_id, tenant
    )
    if row is None:
        raise ReminderUnknown
    return row


def shown(row: Mapping[str, Any]) -> ReminderRead:
    """Put a reminder in the language of the request."""
    title = row["own_title"] or Label.model_validate(orjson.loads(row["title"])).text(language())
    return ReminderRead.model_validate({**row, "title": title})
