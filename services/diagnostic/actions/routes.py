"""HTTP of actions, under the roadmap they are part of."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.actions import service as actions
from diagnostic.actions.problems import (
    ActionNotStarted,
    ActionOrderRefused,
    ActionRefused,
    ActionSettled,
    ActionsFull,
    ActionStepRefused,
    ActionUnknown,
    ActionWaits,
)
from diagnostic.actions.schemas import ActionAdd, ActionUpdate
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.roadmaps.schemas import ActionState
from diagnostic.roadmaps.service import RoadmapUnknown
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute

router = APIRouter(
    prefix="/v1/assessments/{assessment_id}/roadmap/actions",
    tags=["roadmaps"],
    route_class=IdempotentRoute,
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]
_ROADMAP = (AssessmentUnknown, RoadmapUnknown, AssessmentClosed)


@router.post("", status_code=201, responses=problems(*_ROADMAP, ActionsFull, ActionRefused))
async def add_action(
    assessment_id: UUID, body: ActionAdd, session: Session, caller: Writer, response: Response
) -> ActionState:
    """Add an action of the company's own, at the end; it begins as proposed, as all do."""
    found = await actions.add(session, caller, assessment_id, body, datetime.now(UTC))
    response.headers["location"] = f"/v1/assessments/{assessment_id}/roadmap/actions/{found.id}"
    etags.tagged(response, found.version)
    return found


@router.get("/{action_id}", responses=problems(ActionUnknown))
async def read_action(
    assessment_id: UUID, action_id: UUID, session: Session, caller: Reader, response: Response
) -> ActionState:
    """Read what the company makes of an action, and where it may go from here."""
    found = await actions.one(session, caller, assessment_id, action_id)
    etags.tagged(response, found.version)
    return found


@router.patch(
    "/{action_id}",
    responses=problems(
        *_ROADMAP,
        ActionUnknown,
        ActionStepRefused,
        ActionWaits,
        ActionSettled,
        ActionNotStarted,
        ActionOrderRefused,
        ActionRefused,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def change_action(
    assessment_id: UUID,
    action_id: UUID,
    body: ActionUpdate,
    if_match: etags.IfMatch,
    session: Session,
    caller: Writer,
    response: Response,
) -> ActionState:
    """Say who does an action, from when to when, how far it is; move it on, or to another place.

    Done is 100 % and comes after the prerequisites; rejected, on hold and dropped have a reason.
    """
    found = await actions.change(
        session, caller, assessment_id, action_id, if_match, body, datetime.now(UTC)
    )
    etags.tagged(response, found.version)
    return found
