"""HTTP of dataflows and of the data of indicators: open data, the same for everybody."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response

from observatory.observations import asking, keyed, service, statements
from observatory.observations.asking import Asked
from observatory.observations.describing import Reading
from observatory.observations.formats import EXCEL_FR, FORMATS
from observatory.observations.keyed import ReadingKeyUnfit, ReadingKeyUnknown
from observatory.observations.parsing import PARAMETER
from observatory.observations.schemas import (
    DataflowItem,
    DataflowRead,
    IndicatorData,
    IndicatorItem,
)
from observatory.observations.service import ExtractionTooLarge, SelectionInvalid
from observatory.structures import service as structures_service
from observatory.structures.library import Structures
from observatory.structures.service import DataflowUnknown, IndicatorUnknown
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.errors import Fault, problems
from platformkit.i18n import Language, Text, language, speak
from platformkit.pagination import CursorRefused, Page, Paging, paged, sign
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM
from platformkit.streaming import Streamed, begun

router = APIRouter(prefix="/v1", tags=["data"], dependencies=[public()])

DataFormat = Literal["csv", "json", "xlsx", "parquet", "arrow", "jsonstat"]


@router.get("/dataflows", response_model=Page[DataflowItem], responses=problems(CursorRefused))
async def list_dataflows(request: Request, structures: Structures, paging: Paging) -> Response:
    """List the dataflows of this installation, each in its newest stable version."""
    found = paged(
        paging,
        list(structures.listed("dataflow", structures.agency)),
        lambda each: [each.agency, each.id],
        service.dataflow_item,
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get(
    "/dataflows/{dataflow_id}",
    response_model=DataflowRead,
    responses=open_data.KEPT | problems(DataflowUnknown),
)
async def read_dataflow(
    request: Request, reads: Reads, structures: Structures, dataflow_id: str
) -> Response:
    """Read a dataflow: its dimensions, its indicators, and how much of it is published."""
    flow = structures_service.flow_named(structures, dataflow_id)
    found = await service.dataflow(reads, structures, flow)
    body = found.model_dump_json().encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@router.get("/indicators", response_model=Page[IndicatorItem], responses=problems(CursorRefused))
async def list_indicators(request: Request, structures: Structures, paging: Paging) -> Response:
    """List the indicators, by id."""
    found = paged(
        paging,
        list(structures.listed("indicator", structures.agency)),
        lambda each: [each.id, each.agency],
        service.indicator_item,
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


_PROFILE: Final = Fault(
    "/profile",
    "profile-of-csv",
    Text("Le profil excel-fr est un CSV.", "The profile excel-fr is a CSV."),
    where="query",
)
_BODIES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": IndicatorData,
        "description": "The figures, streamed",
        "content": {
            each.media_type.partition(";")[0]: {}
            for each in FORMATS.values()
            if each.media_type != "application/json"
        },
    }
}


@router.get(
    "/indicators/{indicator_id}/data.{suffix}",
    response_class=Streamed,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=_BODIES
    | open_data.KEPT
    | problems(
        IndicatorUnknown,
        ReadingKeyUnknown,
        ReadingKeyUnfit,
        SelectionInvalid,
        ExtractionTooLarge,
        CursorRefused,
    ),
)
async def download_indicator_data(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Asked,
    indicator_id: str,
    suffix: DataFormat,
    profile: Annotated[
        Literal["excel-fr"] | None, Query(description="CSV as a French Excel opens it")
    ] = None,
    lang: Annotated[Language | None, Query(description="instead of Accept-Language")] = None,
) -> Response:
    """Download the figures of an indicator, as they are or as they were known at an instant.

    `c[REF_AREA]=R32,R11` restricts a dimension, TIME_PERIOD, OBS_VALUE or an attribute
    (operators eq ne lt le gt ge co nc sw ew, a comma is or, a plus is and). Codes that no data
    have select nothing. CSV, Parquet and Arrow have no limit; a workbook and a JSON-stat cube do.
    """
    form = FORMATS[suffix]
    if profile is not None:
        if suffix != "csv":
            raise SelectionInvalid([_PROFILE])
        form, lang = EXCEL_FR, "fr"
    if lang is not None:
        speak(lang)
    indicator = structures_service.indicator_named(structures, indicator_id)
    known = await service.vintages(reads, indicator.flow)
    selection = service.indicated(indicator, known, query)
    if query.key is not None:
        key = keyed.reading(structures, indicator, query.key)
        selection = selection.read_with(key)
    if faults := form.faults(selection):
        raise SelectionInvalid(faults)
    chooses = "labels" in request.query_params
    selection = form.selection(selection, indicator, chooses_labels=chooses)
    release = known.get(selection.as_of)
    headers = service.headers(indicator, release)
    headers["etag"] = form.etag(selection, known, indicator, suffix, profile)
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    if form.most is not None:
        await service.check_size(reads, selection, known, form.most)
    if selection.limit is not None:
        following = await service.continuation(reads, selection, known)
        if following is not None:
            cursor = sign(asking.secret(request), following)
            address = request.url.include_query_params(after=cursor).query
            request.state.link = f'<?{address}>; rel="next"'
    statement = statements.observations(selection, known, language())
    reading = Reading(request.app.state.data, structures, indicator, selection, known, statement)
    headers["content-disposition"] = form.disposition(indicator.artefact.id, release)
    pieces = await begun(form.write(reading))
    return Streamed(pieces, media_type=form.media_type, headers=headers)
