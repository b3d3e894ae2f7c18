"""HTTP of bulk files: open data, in one piece or in ranges."""

import base64
from email.utils import format_datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from observatory.bulk import ranges, service
from observatory.bulk.building import BulkFilePending
from observatory.observations.service import PARQUET
from observatory.releases.service import VintageUnknown
from observatory.structures.library import Structures
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.errors import ProblemError, problems
from platformkit.i18n import Text
from platformkit.reads import Reads
from platformkit.streaming import Streamed, begun

router = APIRouter(prefix="/v1", tags=["data"], dependencies=[public()])


class RangeUnsatisfiable(ProblemError):
    """The range begins behind the end of the file."""

    status = 416
    code = "range-unsatisfiable"
    title = Text("Plage hors du fichier", "Range outside the file")
    detail = Text("Le fichier a {size} octets.", "The file has {size} bytes.")


@router.get(
    "/releases/{release_id}/data.parquet",
    response_class=Streamed,
    responses={
        200: {
            "description": "The whole dataflow as this release knew it",
            "content": {PARQUET: {}},
        },
        206: {"description": "A range of it", "content": {PARQUET: {}}},
        **open_data.KEPT,
        **problems(VintageUnknown, BulkFilePending, RangeUnsatisfiable, etags.Stale),
    },
)
async def download_release(
    request: Request, reads: Reads, structures: Structures, release_id: UUID
) -> Response:
    """Download the whole dataflow of a release as one Parquet file.

    Its ETag is its SHA-256, which is in Repr-Digest too; Range, If-Range and If-Match are obeyed.
    The first who asks has it written: a large one is 503 until it is there. A cell that is hidden
    later is hidden here too, in another file with another tag.
    """
    found = await service.file(reads, structures, request.app.state.bulk, release_id)
    tag = f'"{found.sha256}"'
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    headers = {
        "etag": tag,
        "last-modified": format_datetime(found.made_at, usegmt=True),
        "cache-control": "public, no-cache",
        "accept-ranges": "bytes",
        "repr-digest": f"sha-256=:{digest}:",
    }
    if (condition := request.headers.get("if-match")) is not None:
        etags.match(condition, tag)
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    try:
        part = _part(request, tag, found.size)
    except ranges.Unsatisfiable:
        told = {"content-range": f"bytes */{found.size}"}
        raise RangeUnsatisfiable(size=found.size, headers=told) from None
    wanted = part if part is not None else range(found.size)
    headers["content-length"] = str(len(wanted))
    headers["content-disposition"] = f'attachment; filename="{found.name}"'
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{found.size}"
    pieces = await begun(service.content(reads, found, wanted))
    return Streamed(pieces, 200 if part is None else 206, headers, media_type=PARQUET)


def _part(request: Request, tag: str, size: int) -> range | None:
    """Return the range that is asked of this very file (RFC 9110, section 13.1.5)."""
    condition = request.headers.get("if-range")
    if condition is not None and condition.strip() != tag:
        return None
    return ranges.asked(request.headers.get("range"), size)
