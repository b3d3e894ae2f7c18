"""HTTP of SDMX data queries: `/sdmx/v2/data/…` and `/sdmx/v1/data/…`, open data."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from observatory.observations.parsing import PARAMETER
from observatory.sdmx import asking, data_formats, data_service, flows, identification
from observatory.sdmx.addresses import FLOW_AND_KEY, register
from observatory.sdmx.asking import SdmxQueryMalformed
from observatory.sdmx.data_service import SdmxNoData, SdmxTooLarge, Sources
from observatory.sdmx.flows import SdmxDataflowUnknown, SdmxSeveralDataflows
from observatory.sdmx.identification import PathMalformed
from observatory.sdmx.negotiation import NotAcceptable, bodies, negotiate
from observatory.structures.library import Structures
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM

router = APIRouter(tags=["sdmx"], dependencies=[public(), counted_as("sdmx")])

_Instant = Annotated[str | None, Query(max_length=40)]
_Words = Annotated[str, Query(max_length=2_000)]
_N = Annotated[int | None, Query(ge=1, le=100_000)]


async def _query_v2(
    request: Request,
    updatedAfter: _Instant = None,  # noqa: N803  # SDMX's names
    firstNObservations: _N = None,  # noqa: N803  # likewise
    lastNObservations: _N = None,  # noqa: N803  # likewise
    dimensionAtObservation: Annotated[str | None, Query(max_length=64)] = None,  # noqa: N803  # likewise
    attributes: _Words = "dsd",
    measures: _Words = "all",
    *,
    includeHistory: bool = False,  # noqa: N803  # likewise
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    limit: Annotated[int | None, Query(ge=1, le=1_000_000_000)] = None,
    sort: Annotated[str | None, Query(max_length=2_000)] = None,
    asOf: _Instant = None,  # noqa: N803  # likewise
    reportingYearStartDay: Annotated[str | None, Query(max_length=10)] = None,  # noqa: N803  # likewise
) -> asking.Query:
    return asking.Query(
        key=request.path_params.get("key", "*"),
        items=tuple(request.query_params.multi_items()),
        updated_after=updatedAfter,
        first_n=firstNObservations,
        last_n=lastNObservations,
        at=dimensionAtObservation,
        attributes=attributes,
        measures=measures,
        include_history=includeHistory,
        offset=offset,
        limit=limit,
        sort=sort,
        as_of=asOf,
        year_start=reportingYearStartDay,
    )


async def _query_v1(
    request: Request,
    startPeriod: Annotated[str | None, Query(max_length=30)] = None,  # noqa: N803  # SDMX's names
    endPeriod: Annotated[str | None, Query(max_length=30)] = None,  # noqa: N803  # likewise
    updatedAfter: _Instant = None,  # noqa: N803  # likewise
    firstNObservations: _N = None,  # noqa: N803  # likewise
    lastNObservations: _N = None,  # noqa: N803  # likewise
    dimensionAtObservation: Annotated[str | None, Query(max_length=64)] = None,  # noqa: N803  # likewise
    detail: Annotated[str, Query(max_length=20)] = "full",
    *,
    includeHistory: bool = False,  # noqa: N803  # likewise
) -> asking.Query:
    return asking.Query(
        key=request.path_params.get("key", "all"),
        start=startPeriod,
        end=endPeriod,
        updated_after=updatedAfter,
        first_n=firstNObservations,
        last_n=lastNObservations,
        at=dimensionAtObservation,
        detail=detail,
        include_history=includeHistory,
    )


async def query_sdmx_data(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Annotated[asking.Query, Depends(_query_v2)],
) -> Response:
    """Query the data of a dataflow (SDMX-REST 2.2.2): SDMX-JSON 2.0, SDMX-CSV, SDMX-ML 2.1.

    `c[REF_AREA]=R32,R11` restricts a component: a comma is or, a plus is and; operators eq ne lt le
    gt ge co nc sw ew. Codes that no data have select nothing.
    """
    accepted = negotiate(request.headers.get("accept"), data_formats.V2)
    pattern = identification.parse(request.path_params, newest="*")
    flow = flows.resolve(structures, request.path_params.get("context", "*"), pattern)
    sources = Sources(reads, request.app.state.data, structures)
    return await data_service.answer(request, sources, flow, query, accepted)


async def query_sdmx_data_v1(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Annotated[asking.Query, Depends(_query_v1)],
) -> Response:
    """Query the data of a dataflow (SDMX-REST 1.5): SDMX-ML 2.1 generic and specific, SDMX-CSV 1.0.

    The flow is `DF`, `AGENCY,DF` or `AGENCY,DF,1.0.0`; the key `A..FR+DE` or `all`.
    """
    accepted = negotiate(request.headers.get("accept"), data_formats.V1)
    flow = flows.resolve(structures, "dataflow", flows.named(request.path_params["flow"]))
    if not flows.provides(flow, request.path_params.get("provider", "all")):
        raise SdmxNoData
    sources = Sources(reads, request.app.state.data, structures)
    return await data_service.answer(request, sources, flow, query, accepted)


_DATA: Final = "The data, streamed"
_PROBLEMS: Final = problems(
    PathMalformed,
    SdmxQueryMalformed,
    NotAcceptable,
    SdmxDataflowUnknown,
    SdmxSeveralDataflows,
    SdmxNoData,
    SdmxTooLarge,
)
_NOTHING: Final[dict[int | str, dict[str, Any]]] = {204: {"description": "Nothing is selected"}}

register(
    router,
    "/sdmx/v2/data",
    FLOW_AND_KEY,
    query_sdmx_data,
    response_class=Response,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=bodies(_DATA, data_formats.V2) | _NOTHING | open_data.KEPT | _PROBLEMS,
)
register(
    router,
    "/sdmx/v1/data",
    (
        ("flow", "`DF`, `AGENCY,DF` or `AGENCY,DF,1.0.0`"),
        ("key", "codes by dimension: `A..FR+DE`, or `all`"),
        ("provider", "`all`, or the agency"),
    ),
    query_sdmx_data_v1,
    required=1,
    response_class=Response,
    responses=bodies(_DATA, data_formats.V1) | open_data.KEPT | _PROBLEMS,
)
