"""HTTP of the restitution."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from diagnostic.cohorts.service import CohortUnknown
from diagnostic.heat_maps import page
from diagnostic.heat_maps import service as heat_maps
from diagnostic.heat_maps.schemas import HeatMap, Jalon
from platformkit import etags, open_data
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/cohorts/{cohort_id}", tags=["cohorts"])


async def _found(
    cohort_id: UUID,
    request: Request,
    reads: Reads,
    caller: Annotated[Principal, needs("diagnostic:read")],
    milestone: Annotated[Jalon, Query(description="Of which diagnostics")] = "T0",
) -> HeatMap:
    k = request.app.state.settings.benchmark_k
    return await heat_maps.read(reads, caller, cohort_id, milestone, k)


Found = Annotated[HeatMap, Depends(_found)]


@router.get("/heat-map", response_model=HeatMap, responses=open_data.KEPT | problems(CohortUnknown))
async def read_cohort_heat_map(request: Request, found: Found) -> Response:
    """Read the restitution of a cohort that you take part in: its companies by bands of levels.

    It is that of last night, frozen, the same for all who take part. Neighbouring levels are joined
    until no band is about fewer than k companies; with fewer than k in all there is no figure.
    """
    return _answered(request, found, found.model_dump_json().encode(), "application/json", {})


@router.get(
    "/heat-map.html",
    response_class=Response,
    responses=open_data.KEPT
    | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
    | problems(CohortUnknown),
)
async def read_cohort_heat_map_page(request: Request, found: Found) -> Response:
    """Read the restitution as one accessible page, complete in itself and without scripts."""
    policy = {"content-security-policy": f"{page.policy()}; frame-ancestors 'none'"}
    return _answered(request, found, page.page(found), "text/html; charset=utf-8", policy)


def _answered(
    request: Request, found: HeatMap, body: bytes, media_type: str, more: dict[str, str]
) -> Response:
    headers = {
        "etag": etags.of_bytes(body),
        "cache-control": "private, no-cache",
        "content-language": found.language,
        "vary": "Accept-Language",
        **more,
    }
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
