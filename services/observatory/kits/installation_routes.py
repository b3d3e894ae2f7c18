"""HTTP of the kits of others: what is installed here is told to all, installing has a scope."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from observatory.kits import arriving, installing, manifest, queries, yanking
from observatory.kits import schemas as wire
from observatory.kits.routes import BYTES, ZIP, Operator, Version
from observatory.kits.service import (
    InstallationUnknown,
    KitConflicting,
    KitDowngraded,
    KitForked,
    KitMediaTypeUnread,
    KitOwn,
    KitRefused,
    KitYanked,
    MappingInvalid,
    MappingMissing,
    PublisherUntrusted,
    YanksRefused,
)
from observatory.releases.service import actor
from observatory.settings import Settings
from observatory.structures.service import ArtefactStable, StructureInvalid, VersionIncompatible
from platformkit import etags, open_data, preferences
from platformkit.auth import public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import file_body
from platformkit.pagination import CursorRefused, Page, Paging, paged
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["kits"], route_class=IdempotentRoute)

Agency = Annotated[str, Path(max_length=64)]
_JUDGED = problems(KitOwn, KitYanked, KitDowngraded, KitRefused)


def _answer(read: wire.InstallationRead, version: int, status: int = 200) -> Response:
    headers = {"etag": etags.of_version(version), "cache-control": "no-cache"}
    if status == 201:  # noqa: PLR2004  # Created
        headers["location"] = f"/v1/kit-installations/{read.agency}/{read.version}"
    return Response(read.model_dump_json(), status, headers, "application/json")


@router.get(
    "/kit-installations",
    response_model=Page[wire.InstallationRead],
    dependencies=[public()],
    responses=problems(CursorRefused),
)
async def list_kit_installations(request: Request, reads: Reads, paging: Paging) -> Response:
    """List the kits of others that were received here, in the order of their arrival."""
    rows = await reads.fetch("kit installations", queries.LISTED)
    found = paged(paging, list(rows), lambda row: [row["number"]], installing.installation_read)
    return open_data.answer(request, found.model_dump_json().encode(), seconds=0)


@router.put(
    "/kit-installations/{agency}/{version}/archive",
    response_model=wire.InstallationRead,
    openapi_extra=file_body((ZIP, BYTES), manifest.LARGEST_KIT + manifest.LARGEST_MANIFEST),
    responses=_JUDGED
    | problems(KitMediaTypeUnread, PublisherUntrusted, KitForked)
    | {201: {"model": wire.InstallationRead}},
)
async def receive_kit(
    request: Request, session: Session, caller: Operator, agency: Agency, version: Version
) -> Response:
    """Send the kit of another agency: it is verified, and what installing it changes is told.

    Nothing is installed. The first byte that is not as it was signed ends it, and names its file.
    """
    kind = preferences.media_type(request.headers.get("content-type", ""))
    if kind not in {ZIP, BYTES} or "content-encoding" in request.headers:
        raise KitMediaTypeUnread
    settings: Settings = request.app.state.settings
    with arriving.spool() as file:
        found = await arriving.take(settings, (agency, version), request.stream(), file)
        read, tag, created = await installing.receive(session, settings, actor(caller), found, file)
    return _answer(read, tag, 201 if created else 200)


@router.get(
    "/kit-installations/{agency}/{version}",
    response_model=wire.InstallationRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(InstallationUnknown),
)
async def read_kit_installation(
    request: Request, reads: Reads, agency: Agency, version: Version
) -> Response:
    """Read what a kit of others changes here, and what became of it."""
    row = await reads.fetchrow("kit installation", queries.INSTALLATION, agency, version)
    if row is None:
        raise InstallationUnknown
    tag = etags.of_version(row["version"])
    headers = {"etag": tag, "cache-control": "no-cache"}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    body = installing.installation_read(row).model_dump_json()
    return Response(body, headers=headers, media_type="application/json")


@router.post(
    "/kit-installations/{agency}/{version}/install",
    response_model=wire.InstallationRead,
    responses=_JUDGED
    | problems(
        InstallationUnknown,
        Stale,
        PreconditionRequired,
        KitConflicting,
        MappingMissing,
        MappingInvalid,
        StructureInvalid,
        ArtefactStable,
        VersionIncompatible,
    ),
)
async def install_kit(
    request: Request,
    session: Session,
    caller: Operator,
    if_match: IfMatch,
    agency: Agency,
    version: Version,
    body: wire.Parameters,
) -> Response:
    """Install a received kit: its structures, one's own dataflows of them, and the certificate.

    Golden vectors come first: where one is not met, the report says so and nothing is installed.
    """
    settings: Settings = request.app.state.settings
    read, tag = await installing.install(
        session, settings, actor(caller), (agency, version), body, if_match
    )
    return _answer(read, tag)


@router.get(
    "/kit-installations/{agency}/{version}/report",
    response_model=wire.ConformanceReport,
    dependencies=[public()],
    responses=open_data.KEPT | problems(InstallationUnknown),
)
async def read_conformance_report(
    request: Request, reads: Reads, agency: Agency, version: Version
) -> Response:
    """Read the conformance report as this node signed it; who pins its key can verify it."""
    row = await reads.fetchrow("kit installation", queries.INSTALLATION, agency, version)
    if row is None or row["report"] is None:
        raise InstallationUnknown
    return open_data.answer(request, row["report"].encode(), seconds=0)


@router.get(
    "/kit-yanks",
    response_model=wire.Yanks,
    dependencies=[public()],
)
async def read_kit_yanks(request: Request, reads: Reads) -> Response:
    """Read the versions of this installation's kit that were yanked, signed, for others."""
    body = await yanking.told(reads, request.app.state.settings)
    return open_data.answer(request, body, seconds=0)


@router.post(
    "/kit-yanks",
    response_model=wire.Yanks,
    responses=problems(YanksRefused, PublisherUntrusted),
)
async def learn_kit_yanks(
    request: Request, session: Session, caller: Operator, body: wire.Yanks
) -> wire.Yanks:
    """Take in the list that another publisher has signed: none of these is installed from now."""
    await yanking.learn(session, request.app.state.settings, await request.json(), body)
    return body
