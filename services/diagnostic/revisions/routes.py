"""HTTP of revisions, under the diagnostic they belong to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.paths import Revision
from diagnostic.revisions import service as revisions
from diagnostic.revisions.schemas import RevisionListed, RevisionRead
from diagnostic.scores.service import RevisionUnknown
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments/{assessment_id}/revisions", tags=["revisions"])

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.get("", responses=problems(AssessmentUnknown))
async def list_revisions(
    assessment_id: UUID, reads: Reads, caller: Reader, paging: Paging
) -> Page[RevisionListed]:
    """List the revisions of a diagnostic with their frozen scores and what was done in each."""
    return page(
        paging,
        await revisions.listed(reads, caller, assessment_id, paging),
        key=lambda one: [one.revision],
        render=lambda one: one,
        total=await revisions.counted(reads, caller, assessment_id) if paging.count else None,
    )


@router.get("/{revision}", responses=problems(RevisionUnknown))
async def read_revision(
    assessment_id: UUID, revision: Revision, reads: Reads, caller: Reader
) -> RevisionRead:
    """Read what was answered at the end of a revision, whatever was answered since."""
    return await revisions.read(reads, caller, assessment_id, revision)
