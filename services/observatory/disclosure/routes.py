"""HTTP of disclosure control: the policy is open, runs are told to who publishes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from observatory.disclosure import queries
from observatory.disclosure.policy import shipped
from observatory.disclosure.schemas import PolicyRead, RunRead, SourceRead
from platformkit import open_data
from platformkit.auth import Principal, needs, public
from platformkit.errors import problems
from platformkit.i18n import Text
from platformkit.pagination import CursorRefused, Page, Paging, rendered
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/disclosure", tags=["disclosure"])


@router.get("/policy", response_model=PolicyRead, responses=open_data.KEPT, dependencies=[public()])
async def read_disclosure_policy(request: Request) -> Response:
    """Read the rules by which cells of protected dataflows are hidden."""
    policy = shipped()
    body = PolicyRead(
        version=policy.version,
        sources=[
            SourceRead(**each.model_dump(exclude={"name"}), name=Text(each.name.fr, each.name.en)())
            for each in policy.sources
        ],
    )
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get("/runs", response_model=Page[RunRead], responses=problems(CursorRefused))
async def list_disclosure_runs(
    reads: Reads,
    caller: Annotated[Principal, needs("observatory:publish")],
    paging: Paging,
    release: Annotated[UUID | None, Query(description="id of a release")] = None,
) -> Response:
    """List the runs over releases of the caller's organisation, the newest first."""
    (before,) = paging.after or (None,)
    rows = await reads.fetch(
        "disclosure runs", queries.RUNS, caller.tenant, release, before, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval(
            "disclosure runs count", queries.RUNS_COUNT, caller.tenant, release
        )
    body = rendered(paging, rows, lambda row: [row["number"]], total)
    return Response(body, media_type="application/json")
