"""HTTP of the nomenclatures: open data, read by anyone."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads
from training.references import service as references
from training.references.schemas import RomeRead
from training.references.service import RomeUnknown

router = APIRouter(prefix="/v1/references", tags=["references"], dependencies=[public()])


@router.get(
    "/rome/{code}", response_model=RomeRead, responses=open_data.KEPT | problems(RomeUnknown)
)
async def read_rome_job(
    request: Request,
    reads: Reads,
    code: Annotated[str, Path(pattern=r"^[A-Na-n][0-9]{4}$", examples=["M1805"])],
) -> Response:
    """Read the label of a job of ROME 4, and the ROME 3 job that it comes from."""
    return open_data.answer(request, await references.read_rome(reads, code))
