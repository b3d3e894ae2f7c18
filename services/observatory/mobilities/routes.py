"""HTTP of mobilities: open data."""

from fastapi import APIRouter, Request, Response

from observatory.mobilities import service
from observatory.mobilities.schemas import MobilitiesRead
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.service import CodeUnknown
from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], dependencies=[public()])


@router.get(
    "/{rome}/mobilities",
    response_model=MobilitiesRead,
    responses=open_data.KEPT | problems(CodeUnknown, ReferenceMissing),
)
async def read_job_mobilities(request: Request, facts: CurrentFacts, rome: str) -> Response:
    """Read which jobs a ROME job leads to, how exposed they are, and which skills to gain."""
    return open_data.answer(request, service.mobilities(facts, rome), translated=True)
