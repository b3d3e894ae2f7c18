"""HTTP of expiries: one's own offers for who answers for them, a notice for anybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit import open_data
from platformkit.auth import Principal, needs, public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import moments
from training.certifications.service import CertificationNumberInvalid, named
from training.expiries import service as expiries
from training.expiries.schemas import ExpiryNoticeRead, ExpiryRead
from training.expiries.service import ExpiryNoticeUnknown, Filters
from training.expiries.stages import LONGEST

router = APIRouter(prefix="/v1", tags=["expiries"])


@router.get("/expiries", responses=problems(CertificationNumberInvalid, CursorRefused))
async def list_expiries(
    reads: Reads,
    caller: Annotated[Principal, needs("training:read")],
    paging: Paging,
    *,
    within: Annotated[
        int, Query(ge=0, le=730, description="days until the end; ended ones are always in it")
    ] = LONGEST,
    certification: Annotated[str | None, Query(max_length=100, examples=["RNCP37873"])] = None,
    provider: Annotated[str | None, Query(pattern=r"^[0-9]{14}$", description="SIRET")] = None,
    ended: Annotated[bool | None, Query(description="whether the registration is over")] = None,
) -> Page[ExpiryRead]:
    """List what the end of certifications does to your offers, and what to offer instead.

    It hits sessions that start after it, that are open beyond it, or that end after the delivery
    limit.
    """
    codes = None if certification is None else list(named(certification).codes)
    filters = Filters(within, codes, provider, ended)
    return await expiries.listed(reads, caller, filters, paging, moments.now().day)


@router.get(
    "/expiry-notices/{notice_id}",
    response_model=ExpiryNoticeRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ExpiryNoticeUnknown, FieldUnknown),
)
async def read_expiry_notice(
    request: Request,
    reads: Reads,
    notice_id: UUID,
    sparse: Annotated[Sparse, fields_of(ExpiryNoticeRead)],
) -> Response:
    """Read the notice of an end that an event of the feed names: open data, nothing personal."""
    now = moments.now()
    found = await expiries.notice(reads, notice_id, now.day)
    body = sparse.document(found.model_dump_json().encode())
    return open_data.answer(request, body, seconds=now.seconds, translated=True)
