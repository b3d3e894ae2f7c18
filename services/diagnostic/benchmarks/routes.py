"""HTTP of the comparison."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.benchmarks import rebuild, sectors, service
from diagnostic.benchmarks.groups import Peers
from diagnostic.benchmarks.schemas import (
    BenchmarkRead,
    PopulationRead,
    RebuildRead,
    SectorBenchmark,
)
from diagnostic.benchmarks.sectors import SectorUnknown
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
    found = await service.read(reads, caller, assessment_id, peers, k)
    return _private(request, found.model_dump_json())


@router.get(
    "/benchmarks/sectors/{naf}",
    response_model=SectorBenchmark,
    responses=problems(SectorUnknown),
)
async def read_sector_benchmark(
    naf: Annotated[str, Path(max_length=6, examples=["62.01Z"])],
    request: Request,
    reads: Reads,
    caller: Annotated[Principal, needs("diagnostic:read")],
    region: Annotated[str, Query(pattern=r"^[0-9]{2}$")] = "32",
    questionnaire: Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")] = "MIA",
) -> Response:
    """Read the quartiles of the diagnostics of a NAF section, by size of company.

    Groups of too few companies are not shown; the region is, beside them, where it has enough.
    """
    k = request.app.state.settings.benchmark_k
    found = await sectors.read(reads, naf, region, questionnaire, k)
    return _private(request, found.model_dump_json())


def _private(request: Request, body: str) -> Response:
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
