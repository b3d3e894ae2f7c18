"""HTTP of the kits that are published here: reading them is open, publishing has a scope."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from observatory.kits import answering, exporting, keys, queries, service
from observatory.kits import schemas as wire
from observatory.kits.service import (
    InputRefused,
    KitForked,
    KitUnknown,
    MethodUnknown,
    VersionUnfit,
)
from observatory.releases.service import actor
from observatory.settings import Settings
from observatory.structures.service import DataflowUnknown
from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging, paged
from platformkit.reads import Reads
from platformkit.streaming import Streamed

router = APIRouter(prefix="/v1", tags=["kits"], route_class=IdempotentRoute)

Operator = Annotated[Principal, needs("observatory:kits")]
Version = Annotated[str, Path(max_length=60)]
ZIP: Final = "application/zip"
BYTES: Final = "application/octet-stream"
"""Of a kit that is sent by who does not know what it is."""


def _tag(found: service.Kept) -> str:
    return etags.of_version(1 if found.yanked is None else 2)


@router.get(
    "/kits",
    response_model=Page[wire.KitRead],
    dependencies=[public()],
    responses=problems(CursorRefused),
)
async def list_kits(request: Request, reads: Reads, paging: Paging) -> Response:
    """List the versions of this installation's kit, in the order of their publication."""
    settings: Settings = request.app.state.settings
    rows = await reads.fetch("kits", queries.PUBLISHED, settings.agency)
    found = paged(
        paging,
        [service.kept(row) for row in rows],
        lambda each: [each.number],
        service.kit_read,
    )
    return open_data.answer(request, found.model_dump_json().encode(), seconds=0)


@router.post(
    "/kits",
    status_code=201,
    response_model=wire.KitRead,
    responses=problems(DataflowUnknown, KitForked, VersionUnfit),
)
async def publish_kit(
    request: Request, session: Session, caller: Operator, body: wire.KitDraft
) -> Response:
    """Build, sign and publish a version of the kit; the same again changes nothing."""
    settings: Settings = request.app.state.settings
    found, created = await exporting.publish(session, settings, actor(caller), body)
    return Response(
        service.kit_read(found).model_dump_json(),
        201 if created else 200,
        {"location": f"/v1/kits/{found.version}", "etag": _tag(found)},
        "application/json",
    )


@router.get(
    "/kits/{version}",
    response_model=wire.KitRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(KitUnknown),
)
async def read_kit(request: Request, reads: Reads, version: Version) -> Response:
    """Read what a version of the kit is, its hash and whether it was yanked."""
    found = await service.one(reads, request.app.state.settings.agency, version)
    told = {"etag": _tag(found), "cache-control": "no-cache"}
    if etags.not_modified(request, _tag(found)):
        return Response(status_code=304, headers=told)
    body = service.kit_read(found).model_dump_json()
    return Response(body, headers=told, media_type="application/json")


@router.get(
    "/kits/{version}/archive",
    response_class=Streamed,
    dependencies=[public()],
    responses=open_data.KEPT
    | problems(KitUnknown)
    | {200: {"description": "The kit as it was signed", "content": {ZIP: {}}}},
)
async def download_kit(request: Request, reads: Reads, version: Version) -> Response:
    """Download a version of the kit: `kit-<agency>-<version>.zip`, always the same bytes."""
    found = await service.one(reads, request.app.state.settings.agency, version)
    headers = {"etag": f'"{found.sha256}"', "cache-control": "public, max-age=3600, no-transform"}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers |= {
        "content-length": str(found.size),
        "content-disposition": f'attachment; filename="{found.file_name}"',
    }
    return Streamed(service.content(reads, found), 200, headers, media_type=ZIP)


@router.post(
    "/kits/{version}/yank",
    response_model=wire.KitRead,
    responses=problems(KitUnknown, Stale, PreconditionRequired),
)
async def yank_kit(
    request: Request,
    session: Session,
    reads: Reads,
    caller: Operator,
    if_match: IfMatch,
    version: Version,
    body: wire.YankReason,
) -> Response:
    """Say that a version must not be installed any more; it stays readable. No way back."""
    settings: Settings = request.app.state.settings
    etags.match(if_match, _tag(await service.one(reads, settings.agency, version)))
    found = await exporting.yank(session, settings, version, body.reason)
    told = service.kit_read(found).model_dump_json()
    return Response(told, headers={"etag": _tag(found)}, media_type="application/json")


@router.post(
    "/kits/{version}/report",
    response_model=wire.ConformanceReport,
    responses=problems(KitUnknown),
)
async def certify_publisher(
    request: Request, session: Session, caller: Operator, version: Version, body: wire.Place
) -> wire.ConformanceReport:
    """Run the golden vectors of one's own kit here, and sign the conformance report."""
    return await exporting.certify(session, request.app.state.settings, version, body)


@router.get("/kit-key", response_model=wire.KeyRead, dependencies=[public()])
async def read_kit_key(request: Request) -> Response:
    """Read the public key that this installation signs with, for others to pin."""
    key = keys.own(request.app.state.settings).public
    body = wire.KeyRead(key_id=key.id, x=key.x).model_dump_json().encode()
    return open_data.answer(request, body)


@router.get(
    "/kit-methods/{method}/{version}/result",
    response_model=wire.Result,
    dependencies=[public()],
    responses=problems(MethodUnknown, InputRefused),
)
async def compute_method(
    request: Request,
    method: Annotated[str, Path(max_length=64)],
    version: Version,
    given: Annotated[
        str, Query(alias="input", max_length=4_000, description="the input, a JSON object")
    ],
) -> Response:
    """Compute a method on an input, as for every figure here: so golden vectors are asked."""
    body = answering.result(method, version, given).model_dump_json().encode()
    return open_data.answer(request, body)
