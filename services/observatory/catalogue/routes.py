"""HTTP of the catalogue: open data, for data portals, search engines and machine learning."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from observatory.bulk.building import BulkFilePending
from observatory.catalogue import dcat, forms, service, web
from observatory.catalogue.forms import MEDIA, CatalogueNotAcceptable, Form
from observatory.catalogue.service import Found
from observatory.structures.library import Structures
from observatory.structures.service import DataflowUnknown
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["catalogue"], dependencies=[public(), counted_as("read")])


class LinkedData(JSONResponse):
    """JSON-LD; only its media type matters, to the document of the interface."""

    media_type = MEDIA["jsonld"]


_FORMS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Linked data", "content": {media: {} for media in MEDIA.values()}}
}
_KEPT: Final = _FORMS | open_data.KEPT


def _door(request: Request) -> str:
    return str(request.app.state.settings.public_url)


@router.get(
    "/catalogue",
    response_class=Response,
    responses=_KEPT | problems(CatalogueNotAcceptable, CursorRefused),
)
async def negotiate_catalogue(
    request: Request, reads: Reads, structures: Structures, paging: Paging
) -> Response:
    """Read the catalogue as StatDCAT-AP, in the form that Accept prefers: JSON-LD or Turtle."""
    form = forms.chosen(request.headers.get("accept"))
    return await _page(request, reads, structures, paging, form)


@router.get(
    "/catalogue.{form}",
    response_class=Response,
    responses=_KEPT | problems(CursorRefused),
)
async def read_catalogue(
    request: Request, reads: Reads, structures: Structures, paging: Paging, form: Form
) -> Response:
    """Read the catalogue as StatDCAT-AP: our dataflows of which something is published.

    A page is complete in itself and names the next one by `hydra:next`, as harvesters follow it.
    Identifiers never change; the tag does with each release that is on the page.
    """
    return await _page(request, reads, structures, paging, form)


async def _page(
    request: Request, reads: Reads, structures: Structures, paging: Paging, form: Form
) -> Response:
    found = await service.page(reads, structures, _door(request), paging)
    address = f"{found.site.base}{request.url.path.removeprefix('/v1')}"
    here = f"{address}?{request.url.query}" if request.url.query else address
    following = None
    if found.following is not None:
        following = f"{address}?{urlencode({'limit': paging.limit, 'after': found.following})}"

    def document() -> dict[str, Any]:
        return dcat.page(found.site, found.entries, here, following, found.total)

    return await _answer(request, found, form, document, here)


@router.get(
    "/dataflows/{dataflow_id}/dcat",
    response_class=Response,
    responses=_KEPT | problems(CatalogueNotAcceptable, DataflowUnknown),
)
async def negotiate_dataset(
    request: Request, reads: Reads, structures: Structures, dataflow_id: str
) -> Response:
    """Read a dataflow as StatDCAT-AP, in the form that Accept prefers; its identity is this."""
    form = forms.chosen(request.headers.get("accept"))
    return await _dataset(request, reads, structures, dataflow_id, form)


@router.get(
    "/dataflows/{dataflow_id}/dcat.{form}",
    response_class=Response,
    responses=_KEPT | problems(DataflowUnknown),
)
async def read_dataset(
    request: Request, reads: Reads, structures: Structures, dataflow_id: str, form: Form
) -> Response:
    """Read a dataflow as StatDCAT-AP."""
    return await _dataset(request, reads, structures, dataflow_id, form)


async def _dataset(
    request: Request, reads: Reads, structures: Structures, dataflow_id: str, form: Form
) -> Response:
    found = await service.one(reads, structures, _door(request), dataflow_id)
    (entry,) = found.entries
    return await _answer(request, found, form, lambda: dcat.alone(found.site, entry))


@router.get(
    "/dataflows/{dataflow_id}/schema-org",
    response_class=LinkedData,
    responses=open_data.KEPT | problems(DataflowUnknown),
)
async def read_dataset_for_the_web(
    request: Request, reads: Reads, structures: Structures, dataflow_id: str
) -> Response:
    """Read a dataflow as a schema.org Dataset, for search engines of datasets."""
    found = await service.one(reads, structures, _door(request), dataflow_id)
    (entry,) = found.entries
    body = orjson.dumps(web.schema_org(found.site, entry))
    return open_data.answer(request, body, seconds=0, translated=True, media_type=MEDIA["jsonld"])


@router.get(
    "/dataflows/{dataflow_id}/croissant",
    response_class=LinkedData,
    responses=open_data.KEPT | problems(DataflowUnknown, BulkFilePending),
)
async def read_dataset_for_learning(
    request: Request, reads: Reads, structures: Structures, dataflow_id: str
) -> Response:
    """Read a dataflow as Croissant 1.1: the Parquet of its newest release, hash and columns.

    The file is made if need be: a large one is 503 until it is there.
    """
    found = await service.one(reads, structures, _door(request), dataflow_id)
    told = await service.croissant(reads, structures, request.app.state.bulk, found)
    return open_data.answer(
        request, orjson.dumps(told), seconds=0, translated=True, media_type=MEDIA["jsonld"]
    )


async def _answer(
    request: Request,
    found: Found,
    form: Form,
    document: Callable[[], dict[str, Any]],
    *more: str,
) -> Response:
    """Send linked data, or a 304, for which nothing is written."""
    headers = {
        "etag": found.etag(form, *more),
        "cache-control": open_data.control(0),
        "vary": "Accept",
    }
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = await forms.written(document(), form)
    return Response(body, headers=headers, media_type=MEDIA[form])
