"""HTTP of SDMX availability: `/sdmx/v2/availability/…` and `/sdmx/v1/availableconstraint/…`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from observatory.observations.parsing import PARAMETER
from observatory.sdmx import asking, availability_messages, flows, identification
from observatory.sdmx.addresses import FLOW_AND_KEY, register
from observatory.sdmx.asking import SdmxQueryMalformed
from observatory.sdmx.availability_messages import REFERENCES, V1, V2, Wanted
from observatory.sdmx.data_service import SdmxNoData
from observatory.sdmx.flows import SdmxDataflowUnknown, SdmxSeveralDataflows
from observatory.sdmx.identification import ANY, PathMalformed
from observatory.sdmx.negotiation import Format, NotAcceptable, bodies, negotiate
from observatory.structures.catalogue import Flow
from observatory.structures.library import Structures
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM

router = APIRouter(tags=["sdmx"], dependencies=[public(), counted_as("sdmx")])

_Instant = Annotated[str | None, Query(max_length=40)]
_Period = Annotated[str | None, Query(max_length=30)]
_References = Annotated[str, Query(max_length=200, description=", ".join(REFERENCES))]
_Mode = Annotated[
    Literal["exact", "available"],
    Query(description="what the query returns, or what may still be added to it"),
]


@dataclass(frozen=True, slots=True)
class _Asked:
    query: asking.Query
    references: str
    widens: bool


async def _query_v2(
    request: Request,
    updatedAfter: _Instant = None,  # noqa: N803  # SDMX's names
    references: _References = "none",
    mode: _Mode = "exact",
    reportingYearStartDay: Annotated[str | None, Query(max_length=10)] = None,  # noqa: N803  # likewise
) -> _Asked:
    query = asking.Query(
        key=request.path_params.get("key", ANY),
        items=tuple(request.query_params.multi_items()),
        updated_after=updatedAfter,
        year_start=reportingYearStartDay,
    )
    return _Asked(query, references, mode == "available")


async def _query_v1(
    request: Request,
    startPeriod: _Period = None,  # noqa: N803  # SDMX's names
    endPeriod: _Period = None,  # noqa: N803  # likewise
    updatedAfter: _Instant = None,  # noqa: N803  # likewise
    references: _References = "none",
    mode: _Mode = "exact",
) -> _Asked:
    query = asking.Query(
        key=request.path_params.get("key", "all"),
        start=startPeriod,
        end=endPeriod,
        updated_after=updatedAfter,
    )
    return _Asked(query, references, mode == "available")


async def query_sdmx_availability(
    request: Request,
    reads: Reads,
    structures: Structures,
    asked: Annotated[_Asked, Depends(_query_v2)],
) -> Response:
    """Query which data there are (SDMX-REST 2.2.2): codes by dimension, periods, and how much.

    Nothing is a 404. The counts are upper bounds where time, values or attributes are restricted.
    """
    pattern = identification.parse(request.path_params, newest=ANY)
    flow = flows.resolve(structures, request.path_params.get("context", ANY), pattern)
    return await _answer(request, reads, structures, flow, asked, V2)


async def query_sdmx_availability_v1(
    request: Request,
    reads: Reads,
    structures: Structures,
    asked: Annotated[_Asked, Depends(_query_v1)],
) -> Response:
    """Query which data there are (SDMX-REST 1.5), as a ContentConstraint of SDMX-ML 2.1.

    Nothing is a 404.
    """
    flow = flows.resolve(structures, "dataflow", flows.named(request.path_params["flow"]))
    if not flows.provides(flow, request.path_params.get("provider", "all")):
        raise SdmxNoData
    return await _answer(request, reads, structures, flow, asked, V1)


async def _answer(  # what both versions have in common
    request: Request,
    reads: Reads,
    structures: Structures,
    flow: Flow,
    asked: _Asked,
    offered: Sequence[Format],
) -> Response:
    form = negotiate(request.headers.get("accept"), offered).format
    wanted = Wanted(
        flow=flow,
        query=asked.query,
        components=request.path_params.get("component", ANY),
        references=asked.references,
        widens=asked.widens,
        form=form,
    )
    return await availability_messages.answer(request, reads, structures, wanted)


_CONSTRAINT: Final = "The constraint, and what it refers to where that is asked for"
_PROBLEMS: Final = open_data.KEPT | problems(
    PathMalformed,
    SdmxQueryMalformed,
    NotAcceptable,
    SdmxDataflowUnknown,
    SdmxSeveralDataflows,
    SdmxNoData,
)

register(
    router,
    "/sdmx/v2/availability",
    (*FLOW_AND_KEY, ("component", "dimensions, or `*`")),
    query_sdmx_availability,
    response_class=Response,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=bodies(_CONSTRAINT, V2) | _PROBLEMS,
)
register(
    router,
    "/sdmx/v1/availableconstraint",
    (
        ("flow", "`DF`, `AGENCY,DF` or `AGENCY,DF,1.0.0`"),
        ("key", "codes by dimension: `A..FR+DE`, or `all`"),
        ("provider", "`all`, or the agency"),
        ("component", "a dimension, or `all`"),
    ),
    query_sdmx_availability_v1,
    required=1,
    response_class=Response,
    responses=bodies(_CONSTRAINT, V1) | _PROBLEMS,
)
