"""HTTP of the releases: what is published is open data, publishing has a scope."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from observatory.announcements.service import AnnouncedForLater
from observatory.releases import reading, staging
from observatory.releases import service as releases
from observatory.releases.clearing import DisclosureFailed, DisclosureUnjudged
from observatory.releases.schemas import Explanation, Mode, Publication, ReleaseDraft, ReleaseRead
from observatory.releases.service import (
    ContradictoryVintages,
    ReleaseSettled,
    ReleaseUnloaded,
    ReleaseUnseen,
    VintageUnknown,
)
from observatory.structures.library import Structures
from observatory.structures.service import DataflowUnknown
from platformkit import etags, open_data, preferences
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, ProblemError, problems
from platformkit.etags import IfMatch, Stale
from platformkit.i18n import Text
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import file_body
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.streaming import pieces_of, received

router = APIRouter(prefix="/v1", tags=["releases"], route_class=IdempotentRoute)

Publisher = Annotated[Principal, needs("observatory:publish")]
Anyone = Annotated[Principal, public()]
_READ: Final = ("text/csv", "application/vnd.sdmx.data+csv")
_CHANGED: Final = problems(VintageUnknown, Stale, PreconditionRequired, ReleaseSettled)


class DataMediaTypeUnread(ProblemError):
    """Data are loaded from CSV."""

    status = 415
    code = "data-media-type-unread"
    title = Text("Type de données non lu", "Unread kind of data")
    detail = Text(
        "Envoyez text/csv ou application/vnd.sdmx.data+csv, sans Content-Encoding.",
        "Send text/csv or application/vnd.sdmx.data+csv, without Content-Encoding.",
    )


def _tagged(document: bytes, status: int = 200, **headers: str) -> Response:
    told = {"etag": etags.of_bytes(document), "cache-control": "private, no-cache", **headers}
    return Response(document, status, told, "application/json")


@router.get("/releases", response_model=Page[ReleaseRead], responses=problems(CursorRefused))
async def list_releases(
    request: Request,
    reads: Reads,
    caller: Anyone,
    paging: Paging,
    dataflow: Annotated[str | None, Query(max_length=64, description="id of a dataflow")] = None,
) -> Response:
    """List what is published, the newest first, with notes and the difference to the one before."""
    return open_data.answer(request, await reading.published(reads, paging, dataflow), seconds=0)


@router.get(
    "/pending-releases", response_model=Page[ReleaseRead], responses=problems(CursorRefused)
)
async def list_pending_releases(reads: Reads, caller: Publisher, paging: Paging) -> Response:
    """List the releases of the caller's organisation that nobody else sees yet, or ever."""
    body = await reading.pending(reads, paging, caller)
    return Response(body, media_type="application/json")


@router.post(
    "/releases", status_code=201, response_model=ReleaseRead, responses=problems(DataflowUnknown)
)
async def draft_release(
    session: Session, structures: Structures, caller: Publisher, body: ReleaseDraft
) -> Response:
    """Begin a release of a dataflow; its data follow by PUT."""
    release, document = await releases.draft(session, structures, releases.actor(caller), body)
    return _tagged(document, 201, location=f"/v1/releases/{release}")


@router.get(
    "/releases/{release_id}",
    response_model=ReleaseRead,
    responses=open_data.KEPT | problems(VintageUnknown),
)
async def read_release(
    request: Request, reads: Reads, caller: Anyone, release_id: UUID
) -> Response:
    """Read a release; one that is not published yet only its own organisation sees."""
    document, is_public = await reading.one(reads, caller, release_id)
    if is_public:
        return open_data.answer(request, document, seconds=0)
    return _tagged(document)


@router.put(
    "/releases/{release_id}/data",
    response_model=ReleaseRead,
    openapi_extra=file_body(_READ, staging.LARGEST_BYTES),
    responses=_CHANGED
    | problems(DataMediaTypeUnread, staging.DataInvalid, ReleaseSettled, ContradictoryVintages),
)
async def load_release(
    request: Request,
    session: Session,
    structures: Structures,
    caller: Publisher,
    if_match: IfMatch,
    release_id: UUID,
    mode: Annotated[
        Mode,
        Query(description="`complete`: what the file lacks is deleted; `partial`: it stays"),
    ] = "complete",
) -> Response:
    """Load a CSV: a column per dimension, TIME_PERIOD, OBS_VALUE, and attributes of observations.

    All faults are named with their line, and then nothing is stored. A file that changes nothing
    leaves the release a draft. In a partial file, lines whose ACTION is D delete.
    """
    kind = preferences.media_type(request.headers.get("content-type", ""))
    if kind not in _READ or "content-encoding" in request.headers:
        raise DataMediaTypeUnread
    async with received(request) as file:
        document = await releases.load(
            session,
            structures,
            releases.actor(caller),
            release_id,
            if_match,
            pieces_of(file),
            mode,
        )
    return _tagged(document)


@router.post(
    "/releases/{release_id}/publish",
    response_model=ReleaseRead,
    responses=_CHANGED
    | problems(
        ReleaseUnloaded,
        ReleaseSettled,
        ContradictoryVintages,
        DisclosureUnjudged,
        DisclosureFailed,
        AnnouncedForLater,
    ),
)
async def publish_release(
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    release_id: UUID,
    body: Publication,
) -> Response:
    """Let a release be seen, now or from an instant to come (embargo, which may be moved)."""
    who = releases.actor(caller)
    return _tagged(await releases.publish(session, who, release_id, if_match, body.at))


@router.post("/releases/{release_id}/reject", response_model=ReleaseRead, responses=_CHANGED)
async def reject_release(
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    release_id: UUID,
    body: Explanation,
) -> Response:
    """Take back a release that nobody has seen; its data are gone, the reason stays."""
    who = releases.actor(caller)
    return _tagged(await releases.reject(session, who, release_id, if_match, body))


@router.post(
    "/releases/{release_id}/withdraw",
    response_model=ReleaseRead,
    responses=_CHANGED | problems(ReleaseSettled, ReleaseUnseen),
)
async def withdraw_release(
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    release_id: UUID,
    body: Explanation,
) -> Response:
    """Hide the values that a published release brought, in every vintage; the reason is shown."""
    who = releases.actor(caller)
    return _tagged(await releases.withdraw(session, who, release_id, if_match, body))
