"""HTTP of duplicates: those of one offer for anyone, the list for those who keep the catalogue."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit import open_data
from platformkit.auth import needs, public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.duplicates import service as duplicates
from training.duplicates.schemas import DuplicatesRead, DuplicateSummary, ListedRule
from training.offers.service import FormationUnknown, FormationWithdrawn

router = APIRouter(prefix="/v1", tags=["duplicates"])


@router.get(
    "/duplicates",
    dependencies=[needs("training:import")],
    response_model=Page[DuplicateSummary],
    responses=problems(CursorRefused),
)
async def list_duplicates(
    reads: Reads,
    paging: Paging,
    provider: Annotated[str | None, Query(pattern=r"^[0-9]{14}$", description="SIRET")] = None,
    rule: Annotated[ListedRule | None, Query()] = None,
) -> Response:
    """List the formations of which something is surely given twice, by provider and number."""
    body = await duplicates.listed(reads, provider, rule, paging)
    return Response(body, media_type="application/json")


@router.get(
    "/formations/{formation_id}/duplicates",
    dependencies=[public()],
    response_model=DuplicatesRead,
    responses=open_data.KEPT | problems(FormationUnknown, FormationWithdrawn, FieldUnknown),
)
async def read_formation_duplicates(
    request: Request,
    reads: Reads,
    formation_id: UUID,
    sparse: Annotated[Sparse, fields_of(DuplicatesRead)],
) -> Response:
    """Say which actions of a formation, and which formations of its company, look like another."""
    found = await duplicates.of_formation(reads, formation_id)
    return open_data.answer(request, sparse.document(found.model_dump_json().encode()))
