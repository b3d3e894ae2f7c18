"""HTTP of the exports: open data, all offers or all certifications in one answer."""

from typing import Any

from fastapi import APIRouter, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.reads import ReadPool
from platformkit.streaming import Streamed
from training.certifications import moments
from training.certifications.routes import Licences
from training.exports import service as exports
from training.exports.schemas import ExportFormat, Losses, OfferExport

router = APIRouter(prefix="/v1/exports", tags=["exports"], dependencies=[public()])

_BODIES: dict[str, Any] = {"application/xml": {}, "text/csv": {}, "application/jsonl": {}}


@router.get(
    "/{format}",
    response_class=Streamed,
    responses={200: {"description": "The records, streamed", "content": _BODIES}},
)
async def download_export(
    request: Request,
    format: ExportFormat,  # noqa: A002  # the name in the address
    licence: Licences = None,
) -> Streamed:
    """Download all offers or certifications of this moment; two run at once, others wait.

    The state of a certification is that of today, in the time of Paris.
    """
    pool: ReadPool = request.app.state.exports
    asked = moments.now()
    media_type, pieces = await exports.stream(pool, format, licence, asked.day)
    headers = {
        "content-disposition": f'attachment; filename="{format}"',
        "cache-control": open_data.control(asked.seconds),
    }
    return Streamed(pieces, media_type=media_type, headers=headers)


@router.get("/{format}/losses", response_model=Losses, responses=open_data.KEPT)
async def read_export_losses(
    request: Request,
    format: OfferExport,  # noqa: A002  # likewise
    licence: Licences = None,
) -> Response:
    """Read what an export of this moment leaves out."""
    pool: ReadPool = request.app.state.exports  # it reads every document, as an export does
    return open_data.answer(request, await exports.losses(pool, format, licence), translated=True)
