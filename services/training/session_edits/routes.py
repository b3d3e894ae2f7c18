"""HTTP of edits of many sessions."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter

from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from training.entering.service import CatalogueBusy
from training.proposals import access
from training.session_edits import service as edits
from training.session_edits.schemas import EditsRead, SessionEdits

router = APIRouter(prefix="/v1/session-edits", tags=["offers"], route_class=IdempotentRoute)


@router.post("", responses=problems(CatalogueBusy))
async def edit_sessions(
    session: Session, caller: Annotated[Principal, needs(access.WRITE)], body: SessionEdits
) -> EditsRead:
    """Change prices, dates and recruitment of your own sessions, each by the version you have read.

    All changes of one formation are made, or none; the next file of its provider says again what
    that file says.
    """
    return await edits.edit(session, caller, body.items, datetime.now(UTC))
