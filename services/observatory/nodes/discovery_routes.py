"""HTTP of discovery, shaped like the SDMX Global Discovery Service: open data."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Request, Response

from observatory.nodes import discovery, queries
from observatory.sdmx import addresses
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import NotFound, problems
from platformkit.i18n import Text
from platformkit.reads import ReadPool, Reads

router = APIRouter(tags=["sdmx"], dependencies=[public(), counted_as("sdmx")])

_RESPONSES: Final = open_data.KEPT


class UrnUnresolved(NotFound):
    """It is no URN of an artefact, or no node has that agency."""

    code = "urn-unresolved"
    title = Text("URN sans adresse", "Unresolved URN")
    detail = Text("Aucun nœud ne publie {urn}.", "No node publishes {urn}.")


async def _active(reads: ReadPool) -> list[Any]:
    rows = await reads.fetch("nodes discovered", queries.ALL)
    return [row for row in rows if row["is_active"]]


def _answer(request: Request, message: dict[str, Any]) -> Response:
    return open_data.answer(request, orjson.dumps(message), seconds=0, translated=True)


async def discover_agencies(request: Request, reads: Reads) -> Response:
    """List the agencies that have a node."""
    asked = request.path_params.get("agency", "*")
    return _answer(request, discovery.agencies(await _active(reads), asked))


async def discover_services(request: Request, reads: Reads) -> Response:
    """List the SDMX-REST services of the nodes."""
    agency = request.path_params.get("agency", "*")
    service = request.path_params.get("resource", "*")
    return _answer(request, discovery.services(await _active(reads), agency, service))


async def discover_catalogs(request: Request, reads: Reads) -> Response:
    """Read the catalogue of the nodes' services, by reference."""
    own = request.app.state.settings.agency
    agency = request.path_params.get("agency", "*")
    catalog = request.path_params.get("resource", "*")
    message = discovery.catalogs(await _active(reads), own, agency, catalog)
    return _answer(request, message)


async def discover_apis(request: Request) -> Response:
    """List the versions of SDMX-REST that nodes serve."""
    return _answer(request, discovery.apis(request.path_params.get("release", "*")))


@router.get(
    "/sdmx/gds/urn_resolver/{urn}",
    response_class=Response,
    responses=_RESPONSES | problems(UrnUnresolved),
)
async def resolve_urn(
    request: Request, reads: Reads, urn: Annotated[str, Path(max_length=300)]
) -> Response:
    """Say at which addresses an artefact of a node is read, and what the node answered last."""
    message = discovery.resolved(await _active(reads), urn)
    if message is None:
        raise UrnUnresolved(urn=urn)
    return _answer(request, message)


_AGENCY: Final = ("agency", "agencies, or `*`")
_OF_AGENCY: Final = (_AGENCY, ("resource", "id, or `*`"), ("version", "`1.0`, or `*`"))
for _base, _segments, _endpoint in (
    ("agency", (_AGENCY,), discover_agencies),
    ("service", _OF_AGENCY, discover_services),
    ("catalog", _OF_AGENCY, discover_catalogs),
    ("sdmxapi", (("release", "version, or `*`"),), discover_apis),
):
    addresses.register(
        router,
        f"/sdmx/gds/{_base}",
        _segments,
        _endpoint,
        response_class=Response,
        responses=_RESPONSES,
    )
