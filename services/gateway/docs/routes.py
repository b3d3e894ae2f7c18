"""The document and its page; every file of the page comes from here."""

import asyncio
from pathlib import Path

import swagger_ui_bundle  # type: ignore[import-untyped]  # it ships none
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from gateway.docs.document import Published
from platformkit.auth import public
from platformkit.errors import NotFound
from platformkit.etags import not_modified
from platformkit.i18n import Text

router = APIRouter(tags=["docs"], dependencies=[public()])
_HERE = Path(__file__).parent
_BUNDLE = Path(str(swagger_ui_bundle.swagger_ui_path))
_ASSETS = {
    "start.js": (_HERE, "text/javascript; charset=utf-8"),
    "swagger-ui-bundle.js": (_BUNDLE, "text/javascript; charset=utf-8"),
    "swagger-ui.css": (_BUNDLE, "text/css; charset=utf-8"),
    "favicon-32x32.png": (_BUNDLE, "image/png"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)  # Swagger UI sets inline styles, and draws its icons from data:


class AssetUnknown(NotFound):
    """The documentation page has no such file."""

    code = "asset-unknown"
    title = Text("Fichier inconnu", "Unknown file")


@router.get("/", include_in_schema=False)
async def read_root() -> JSONResponse:
    """Say where to start."""
    return JSONResponse(
        {
            "openapi": "/openapi.json",
            "docs": "/docs",
            "token": "/oauth2/token",
            "oauth": "/.well-known/oauth-authorization-server",
        }
    )


@router.get("/openapi.json", include_in_schema=False)
async def read_openapi(request: Request) -> Response:
    """Return the OpenAPI 3.1 document of the whole platform."""
    document: Published = request.app.state.documents
    headers = {"etag": document.etag, "cache-control": "public, max-age=60"}
    if not_modified(request, document.etag):
        return Response(status_code=304, headers=headers)
    return Response(document.openapi, headers=headers, media_type="application/json")


@router.get("/docs", include_in_schema=False)
async def read_docs() -> Response:
    """Return the page."""
    headers = {"content-security-policy": _POLICY, "cache-control": "no-cache"}
    return FileResponse(_HERE / "page.html", headers=headers)


@router.get("/docs/openapi-3.0.json", include_in_schema=False)
async def read_openapi_for_page(request: Request) -> Response:
    """Return the document in the older form that the page reads."""
    document: Published = request.app.state.documents
    content = await asyncio.to_thread(lambda: document.for_page)
    return Response(content, media_type="application/json")


@router.get("/docs/{name}", include_in_schema=False)
async def read_asset(name: str) -> Response:
    """Return one of the page's files; no other file can be named."""
    if name not in _ASSETS:
        raise AssetUnknown
    folder, media_type = _ASSETS[name]
    headers = {"cache-control": "public, max-age=3600"}
    return FileResponse(folder / name, headers=headers, media_type=media_type)
