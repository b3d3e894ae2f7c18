"""HTTP of the comparison."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.benchmarks import rebuild, service
from diagnostic.benchmarks.groups import Peers
from diagnostic.benchmarks.schemas import BenchmarkRead, PopulationRead, RebuildRead
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["benchmarks"], route_class=IdempotentRoute)


@router.get(
    "/assessments/{assessment_id}/benchmark",
    response_model=BenchmarkRead,
    responses=problems(AssessmentUnknown),
)
async def read_benchmark(
    assessment_id: UUID,
    request: Request,
    reads: Reads,
    caller: Annotated[Principal, needs("diagnostic:read")],
    peers: Annotated[Peers, Query(description="Which peers; `auto`: the closest shown.")] = "auto",
) -> Response:
    """Read where a diagnostic stands among its peers, or why that may not be shown.

    Quartiles and percentile rank, the company itself left out. `auto` takes the first group with
    enough peers: sector, size and region; size and region; region; programme.
    """
    k = request.app.state.settings.benchmark_k
    body = (await service.read(reads, caller, assessment_id, peers, k)).model_dump_json()
    tag = etags.of_bytes(body)
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


@router.post("/benchmarks/rebuild")
async def rebuild_benchmarks(
    request: Request,
    session: Session,
    caller: Annotated[Principal, needs("diagnostic:protect")],
) -> RebuildRead:
    """Make the snapshots of peer groups anew where they are of an earlier day (Paris time).

    The service also does it by itself within the hour after midnight.
    """
    now = datetime.now(UTC)
    k = request.app.state.settings.benchmark_k
    looked_at = await rebuild.rebuild(session, k, now)
    return RebuildRead(
        as_of=now,
        looked_at=[
            PopulationRead(scoring_hash=one.scoring_hash, milestone=one.milestone)
            for one in looked_at
        ],
    )
