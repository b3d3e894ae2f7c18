"""HTTP of reminders: a tenant's own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.reminders import service as reminders
from diagnostic.reminders.schemas import ReminderRead
from diagnostic.reminders.service import ReminderUnknown, Sought
from diagnostic.reminders.stages import Stage
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/reminders", tags=["roadmaps"])

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.get("")
async def list_reminders(
    reads: Reads,
    caller: Reader,
    paging: Paging,
    organisation_id: UUID | None = None,
    stage: Stage | None = None,
) -> Page[ReminderRead]:
    """List what was told of the actions of your companies, the newest first."""
    sought = Sought(caller.tenant, organisation_id, stage)
    return page(
        paging,
        await reminders.listed(reads, paging, sought),
        key=lambda one: [one["at"].isoformat(), str(one["id"])],
        render=reminders.shown,
        total=await reminders.counted(reads, sought) if paging.count else None,
    )


@router.get("/{reminder_id}", responses=problems(ReminderUnknown))
async def read_reminder(reminder_id: UUID, reads: Reads, caller: Reader) -> ReminderRead:
    """Read the reminder that an event of the feed names, if it is of one of your companies."""
    return reminders.shown(await reminders.one(reads, caller.tenant, reminder_id))
