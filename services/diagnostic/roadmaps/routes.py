"""HTTP of roadmaps, under the diagnostic they follow from."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.roadmaps import service as roadmaps
from diagnostic.roadmaps.neighbours import Neighbours
from diagnostic.roadmaps.schemas import RoadmapRead
from diagnostic.roadmaps.service import NotSubmitted, RoadmapExists, RoadmapUnknown
from platformkit.auth import Principal, needs
from platformkit.clients.base import client
from platformkit.clients.observatory import ObservatoryClient
from platformkit.clients.training import TrainingClient
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(
    prefix="/v1/assessments/{assessment_id}/roadmap", tags=["roadmaps"], route_class=IdempotentRoute
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


async def _neighbours(
    training: Annotated[TrainingClient, client("training")],
    observatory: Annotated[ObservatoryClient, client("observatory")],
) -> Neighbours:
    return Neighbours(training, observatory)


Together = Annotated[Neighbours, Depends(_neighbours)]
"""Training and the observatory, for this request."""


@router.post(
    "", status_code=201, responses=problems(AssessmentUnknown, NotSubmitted, RoadmapExists)
)
async def make_roadmap(
    assessment_id: UUID,
    session: Session,
    reads: Reads,
    neighbours: Together,
    caller: Writer,
    response: Response,
) -> RoadmapRead:
    """Make the roadmap of a submitted diagnostic: best gain per effort first, prerequisites kept.

    Certifications come from training, the exposure of the sector from the observatory; when one
    is down, `unavailable` says so.
    """
    found = await roadmaps.make(
        session, reads, neighbours, caller, assessment_id, datetime.now(UTC)
    )
    response.headers["location"] = f"/v1/assessments/{assessment_id}/roadmap"
    return found


@router.get("", responses=problems(AssessmentUnknown, RoadmapUnknown))
async def read_roadmap(
    assessment_id: UUID, reads: Reads, neighbours: Together, caller: Reader
) -> RoadmapRead:
    """Read the roadmap, with the certifications and the funding of today."""
    return await roadmaps.read(reads, neighbours, caller, assessment_id, datetime.now(UTC))
