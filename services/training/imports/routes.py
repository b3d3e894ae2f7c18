"""HTTP of the imports: a file in, a run to follow, its anomalies and its certificate."""

import tempfile
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.background import BackgroundTask

from platformkit import etags, open_data, preferences
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import KeyReused
from platformkit.openapi import file_body
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.wire import Day
from training.imports import service as imports
from training.imports import signing, uploads
from training.imports.findings import Severity
from training.imports.schemas import AnomalyRead, CertificateRead, Mode, RunRead
from training.imports.service import (
    ArchiveRefused,
    Asked,
    FileUnreadable,
    ImportFormatMismatch,
    ImportFormatUnknown,
    ImportsWaiting,
    ImportUnfinished,
    ImportUnknown,
    MediaTypeUnread,
    XmlDoctypeForbidden,
    XmlMalformed,
)

router = APIRouter(prefix="/v1/imports", tags=["imports"])

Importer = Annotated[Principal, needs("training:import")]

_READ: Final = (
    "application/xml",
    "text/xml",
    "application/zip",
    "text/csv",
    "application/octet-stream",
)
_KEPT: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Your copy, named by `If-None-Match`, is still right"}
}


@router.post(
    "/{format}",
    status_code=202,
    response_model=RunRead,
    openapi_extra=file_body(_READ, uploads.LARGEST_BYTES),
    responses=problems(
        ImportFormatUnknown,
        KeyReused,
        MediaTypeUnread,
        uploads.ContentEncodingBroken,
        XmlDoctypeForbidden,
        XmlMalformed,
        ArchiveRefused,
        ImportFormatMismatch,
        FileUnreadable,
        ImportsWaiting,
    ),
)
async def start_import(
    request: Request,
    session: Session,
    caller: Importer,
    format_: Annotated[
        str,
        Path(
            alias="format", max_length=40, description="`rncp`, `rome`, `nsf`, …", examples=["rncp"]
        ),
    ],
    *,
    mode: Annotated[
        Mode,
        Query(
            description="`atomic`: all records or none; `partial`: those without errors;"
            " `dry_run`: say what would change"
        ),
    ] = "atomic",
    force: Annotated[
        bool, Query(description="go on in spite of an unknown version or of missing records")
    ] = False,
    extract: Annotated[
        bool, Query(description="the file is an extract: what it lacks says nothing")
    ] = False,
    dated_on: Annotated[
        Day | None, Query(description="of the file, where it does not say it itself")
    ] = None,
    licence: Annotated[
        str | None,
        Query(
            pattern=r"^[\x20-\x7eÀ-ÿ]{1,100}$",
            description="of the file, where its format does not fix it",
            examples=["Licence Ouverte 2.0"],
        ),
    ] = None,
    filename: Annotated[
        str | None,
        Query(
            pattern=r"^[^/\\\x00-\x1f]{1,200}$",
            description="of a bare table: some editions are told by the names of their files",
            examples=["unix_referentiel_code_rome_v460_utf8.csv"],
        ),
    ] = None,
    idempotency_key: Annotated[
        str | None,
        Header(description="Same key and file: same run.", pattern=r"^[\x20-\x7e]{1,255}$"),
    ] = None,
) -> Response:
    """Take in a file, raw, and queue its import; follow it at `Location`.

    Hostile, broken or foreign files are refused at once where the first MiB shows it. A record
    that the catalogue already has with equal content is left alone.
    """
    form = imports.format_named(request.app.state.import_formats, format_)
    kind = preferences.media_type(request.headers.get("content-type", ""))
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if kind not in _READ or encoding not in {"identity", "gzip"}:
        raise MediaTypeUnread
    asked = Asked(mode, force, extract, dated_on, kind, licence, filename)
    with tempfile.TemporaryFile() as file:
        received = await uploads.receive(request.stream(), file, gzipped=encoding == "gzip")
        await imports.check_head(form, file, asked)
        run, document, replayed = await imports.submit(
            session, caller, idempotency_key, form, asked, file, received
        )
    headers = {"location": f"/v1/imports/{run}", "etag": etags.of_bytes(document)}
    if replayed:
        headers["idempotent-replayed"] = "true"
    wake = BackgroundTask(request.app.state.import_wake.set)  # after the commit
    return Response(document, 202, headers=headers, media_type="application/json", background=wake)


@router.get("", response_model=Page[RunRead], responses=problems(CursorRefused))
async def list_imports(reads: Reads, caller: Importer, paging: Paging) -> Response:
    """List the imports of the caller's organisation, the newest first."""
    return _json(await imports.listed(reads, caller, paging))


@router.get("/keys", dependencies=[public()], responses=open_data.KEPT)
async def read_import_keys(request: Request) -> Response:
    """Read the public key that signed certificates and changes verify with, as a JWK set."""
    return open_data.answer(request, orjson.dumps(signing.key_set(_secret(request))))


@router.get("/{run_id}", response_model=RunRead, responses=_KEPT | problems(ImportUnknown))
async def read_import(request: Request, reads: Reads, caller: Importer, run_id: UUID) -> Response:
    """Read how far an import is; ask again until it is `done`, `failed` or `halted`."""
    row = await imports.run(reads, caller, run_id)
    return _tagged(request, str(row["document"]).encode())


@router.get(
    "/{run_id}/anomalies",
    response_model=Page[AnomalyRead],
    responses=problems(ImportUnknown, CursorRefused),
)
async def list_import_anomalies(
    reads: Reads,
    caller: Importer,
    paging: Paging,
    run_id: UUID,
    severity: Annotated[Severity | None, Query()] = None,
) -> Response:
    """List what is wrong with a file, in the order of its lines, as far as it was read."""
    return _json(await imports.anomalies(reads, caller, run_id, paging, severity))


@router.get(
    "/{run_id}/certificate",
    response_model=CertificateRead,
    responses=_KEPT | problems(ImportUnknown, ImportUnfinished),
)
async def read_import_certificate(
    request: Request, reads: Reads, caller: Importer, run_id: UUID
) -> Response:
    """Read the certificate of conformity of a file: what was checked, and what came of it."""
    return _tagged(request, await imports.certificate(reads, caller, run_id))


@router.get(
    "/{run_id}/certificate/signed",
    response_class=Response,
    responses={200: {"content": {"application/jose": {}}}}
    | _KEPT
    | problems(ImportUnknown, ImportUnfinished),
)
async def read_signed_import_certificate(
    request: Request, reads: Reads, caller: Importer, run_id: UUID
) -> Response:
    """Read the certificate as a compact JWS, to hand on: it names the SHA-256 of the file."""
    made = signing.signed(_secret(request), await imports.certificate(reads, caller, run_id))
    return _tagged(request, made.encode(), "application/jose")


def _secret(request: Request) -> str:
    secret: str = request.app.state.settings.secret_key.get_secret_value()
    return secret


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _tagged(request: Request, body: bytes, kind: str = "application/json") -> Response:
    headers = {"etag": etags.of_bytes(body), "cache-control": "private, no-cache"}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=kind)
