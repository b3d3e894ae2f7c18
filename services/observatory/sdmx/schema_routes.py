"""HTTP of SDMX schema queries: how data of a dataflow must look, to people and to validators."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from observatory.sdmx import asking, flows, identification, selecting, xsd
from observatory.sdmx.addresses import register
from observatory.sdmx.asking import SdmxQueryMalformed
from observatory.sdmx.flows import SdmxDataflowUnknown, SdmxSeveralDataflows
from observatory.sdmx.identification import PathMalformed, Pattern
from observatory.sdmx.negotiation import Format, NotAcceptable, negotiate
from observatory.sdmx.structure_answers import answer, headers
from observatory.sdmx.structure_messages import JSON_2_0, JSON_2_1, XML_3_0
from observatory.structures import library
from observatory.structures.catalogue import Catalogue, Flow
from observatory.structures.library import Structures
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.reads import ReadPool, Reads

router = APIRouter(tags=["sdmx"], dependencies=[public(), counted_as("sdmx")])

XSD: Final = Format("application/vnd.sdmx.schema+xml", "2.1", ("application/xml", "text/xml"))
"""Validates structure-specific messages of SDMX-ML 2.1."""

_SEGMENTS: Final = (
    ("context", "`dataflow` or `datastructure`"),
    ("agency", "agency"),
    ("resource", "id"),
    ("version", "version: `1.0.0`, `+` the newest stable, `~` the newest"),
)
_At = Annotated[str | None, Query(max_length=64)]


async def read_sdmx_schema(
    request: Request,
    reads: Reads,
    structures: Structures,
    dimensionAtObservation: _At = None,  # noqa: N803  # SDMX's name
) -> Response:
    """Read which data are valid for a dataflow (SDMX-REST 2.2.2).

    As structures (SDMX-JSON, SDMX-ML 3.0): the data structure, with its lists and concepts. As a
    schema (`application/vnd.sdmx.schema+xml;version=2.1`): XSD of structure-specific messages.
    """
    offered = (JSON_2_0, JSON_2_1, XML_3_0, XSD)
    form = negotiate(request.headers.get("accept"), offered).format
    flow = _flow(request, structures)
    if form is XSD:
        return await _xsd(request, reads, structures, flow, dimensionAtObservation)
    structure = flow.structure
    query = selecting.Query(
        types=frozenset({"datastructure"}),
        pattern=Pattern((structure.agency,), (structure.id,), (str(structure.version),)),
        detail="referencepartial",
        references=frozenset({"descendants"}),
    )
    return await answer(request, reads, structures, query, form)


async def read_sdmx_schema_v1(
    request: Request,
    reads: Reads,
    structures: Structures,
    dimensionAtObservation: _At = None,  # noqa: N803  # SDMX's name
    *,
    explicitMeasure: Annotated[  # noqa: N803  # likewise
        bool, Query(description="there is one measure: it changes nothing")
    ] = False,
) -> Response:
    """Read the XML schema of a dataflow's structure-specific messages (SDMX-REST 1.5)."""
    del explicitMeasure
    negotiate(request.headers.get("accept"), (XSD,))
    flow = _flow(request, structures)
    return await _xsd(request, reads, structures, flow, dimensionAtObservation)


def _flow(request: Request, structures: Catalogue) -> Flow:
    segments = request.path_params
    pattern = identification.parse(segments, newest="~")
    return flows.resolve(structures, segments["context"], pattern)


async def _xsd(
    request: Request, reads: ReadPool, structures: Catalogue, flow: Flow, at: str | None
) -> Response:
    """Answer with the schema, which follows from the structures alone."""
    layout = asking.layout(flow, asking.Query(at=at))
    tag = etags.of_bytes(xsd.PLACE, layout.at, flows.digest(flow))
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers(tag))
    lists = {each.id: each.codelist for each in flow.dimensions}
    lists |= {each.id: each.codelist for each in flow.attributes if each.codelist is not None}
    codes = {name: await library.codes(reads, structures, each) for name, each in lists.items()}
    body = xsd.write(layout, codes)
    return Response(body, headers=headers(tag), media_type=XSD.content_type)


_RESPONSES: Final = open_data.KEPT | problems(
    PathMalformed, SdmxQueryMalformed, NotAcceptable, SdmxDataflowUnknown, SdmxSeveralDataflows
)
register(
    router,
    "/sdmx/v2/schema",
    _SEGMENTS,
    read_sdmx_schema,
    required=3,
    response_class=Response,
    responses=_RESPONSES,
)
register(
    router,
    "/sdmx/v1/schema",
    _SEGMENTS,
    read_sdmx_schema_v1,
    required=3,
    response_class=Response,
    responses=_RESPONSES,
)
