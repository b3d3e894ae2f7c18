"""HTTP of recommendations: open to everybody, and nothing of whoever asks is kept."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from platformkit import i18n, open_data
from platformkit.auth import public
from platformkit.clients.base import client
from platformkit.clients.observatory import ObservatoryClient
from platformkit.errors import problems
from platformkit.paris import day_in_paris
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import lifecycle
from training.recommendations import service
from training.recommendations import transitions as leading
from training.recommendations.answers import Recommended
from training.recommendations.codes import ProfileRefused
from training.recommendations.schemas import Profile
from training.recommendations.transitions import TransitionsRead
from training.references.service import RomeUnknown

router = APIRouter(prefix="/v1/recommendations", tags=["recommendations"], dependencies=[public()])

Observatory = Annotated[ObservatoryClient, client("observatory")]


@router.post("", response_model=Recommended, responses=problems(ProfileRefused))
async def recommend_courses(body: Profile, reads: Reads, observatory: Observatory) -> Response:
    """Recommend courses and a path to a job, each point of a score explained.

    Nothing is created: the profile is neither stored nor logged, and the same profile gives the
    same bytes as long as the data stay. What the catalogue does not tell is `insufficient_data`.
    """
    day = body.on or day_in_paris(datetime.now(UTC))
    found = await service.recommend(reads, observatory, body, day)
    headers = {
        "cache-control": "no-store",
        "vary": "Accept-Language",
        "content-language": i18n.language(),
    }
    return Response(found, headers=headers, media_type="application/json")


@router.get(
    "/transitions/{rome}",
    response_model=TransitionsRead,
    responses=open_data.KEPT | problems(RomeUnknown, FieldUnknown),
)
async def read_job_transitions(
    request: Request,
    reads: Reads,
    observatory: Observatory,
    rome: Annotated[str, Path(pattern=r"^[A-Na-n][0-9]{4}$", examples=["M1607"])],
    sparse: Annotated[Sparse, fields_of(TransitionsRead)],
) -> Response:
    """Read what keeps a job that AI changes, and the next jobs, the least exposed first."""
    now = datetime.now(UTC)
    day = day_in_paris(now)
    body, whole = await leading.transitions(reads, observatory, rome.upper(), day)
    seconds = lifecycle.seconds_left(now) if whole else 0
    return open_data.answer(request, sparse.document(body), seconds=seconds, translated=True)
