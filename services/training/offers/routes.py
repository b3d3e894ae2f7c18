"""HTTP of the offers: open data, read by anyone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from platformkit.wire import Day
from training.certifications import service as certifications
from training.certifications.routes import Licences
from training.certifications.schemas import QualityRead
from training.certifications.service import CertificationNumberInvalid
from training.offers import service as offers
from training.offers.flags import Flag
from training.offers.schemas import FormationRead, FormationSummary
from training.offers.service import Filters, FormationUnknown, FormationWithdrawn

router = APIRouter(prefix="/v1/formations", tags=["offers"], dependencies=[public()])


def _filters(
    *,
    certification: Annotated[
        str | None, Query(max_length=100, description="`RNCP37873`; bare digits mean RNCP or RS")
    ] = None,
    provider: Annotated[str | None, Query(pattern=r"^[0-9]{14}$", description="SIRET")] = None,
    department: Annotated[str | None, Query(pattern=r"^(?:[0-9]{2,3}|2[AB])$")] = None,
    since: Annotated[Day | None, Query(description="some session ends on it or later")] = None,
    until: Annotated[Day | None, Query(description="some session starts on it or before")] = None,
    min_quality: Annotated[int | None, Query(ge=0, le=100)] = None,
    max_quality: Annotated[
        int | None, Query(ge=0, le=100, description="to find what should be completed")
    ] = None,
    licence: Licences = None,
    flagged: Annotated[
        bool | None, Query(description="whether something is wrong with the right to offer it")
    ] = None,
    flag: Annotated[Flag | None, Query(description="this is wrong")] = None,
) -> Filters:
    codes = None if certification is None else certifications.named(certification).codes
    return Filters(
        codes,
        provider,
        department,
        since,
        until,
        min_quality,
        max_quality,
        licence,
        is_flagged=flagged,
        flag=flag,
    )


@router.get(
    "",
    response_model=Page[FormationSummary],
    responses=open_data.KEPT | problems(CertificationNumberInvalid, CursorRefused, FieldUnknown),
)
async def list_formations(
    request: Request,
    reads: Reads,
    paging: Paging,
    filters: Annotated[Filters, Depends(_filters)],
    sparse: Annotated[Sparse, fields_of(FormationSummary)],
) -> Response:
    """List the formations on offer, by provider and number; withdrawn ones are not in it."""
    return open_data.answer(request, sparse.page(await offers.listed(reads, filters, paging)))


@router.get(
    "/{formation_id}",
    response_model=FormationRead,
    response_model_exclude_unset=True,
    responses=open_data.KEPT | problems(FormationUnknown, FormationWithdrawn, FieldUnknown),
)
async def read_formation(
    request: Request,
    reads: Reads,
    formation_id: UUID,
    sparse: Annotated[Sparse, fields_of(FormationRead, *offers.OTHER_MEMBERS)],
) -> Response:
    """Read a formation whole, with its actions, sessions and places."""
    return open_data.answer(request, sparse.document(await offers.read(reads, formation_id)))


@router.get(
    "/{formation_id}/quality",
    response_model=QualityRead,
    responses=open_data.KEPT | problems(FormationUnknown, FormationWithdrawn, FieldUnknown),
)
async def read_formation_quality(
    request: Request,
    reads: Reads,
    formation_id: UUID,
    sparse: Annotated[Sparse, fields_of(QualityRead)],
) -> Response:
    """Say how completely a formation informs, and what is missing."""
    found = QualityRead.of(await offers.judged(reads, formation_id))
    return open_data.answer(request, sparse.document(found.model_dump_json().encode()))
