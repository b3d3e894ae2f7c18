"""HTTP of aggregates: open data."""

import csv
import io
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response

from observatory.aggregates import service
from observatory.aggregates.engine import AggregatesBusy, AggregateTooHeavy
from observatory.aggregates.grouping import Function
from observatory.aggregates.schemas import Aggregate
from observatory.aggregates.service import AggregateOutOfRange, GroupsTooMany, NotAdditive
from observatory.bulk.building import BulkFilePending
from observatory.observations import service as observations
from observatory.observations.asking import Asked
from observatory.observations.formats import FORMATS
from observatory.observations.parsing import PARAMETER
from observatory.observations.service import SelectionInvalid
from observatory.structures import service as structures_service
from observatory.structures.library import Structures
from observatory.structures.service import IndicatorUnknown
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.i18n import Language, speak
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM

router = APIRouter(prefix="/v1", tags=["data"], dependencies=[public(), counted_as("read")])

_BODIES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": Aggregate,
        "description": "The aggregate, by group",
        "content": {"text/csv": {}},
    }
}


@router.get(
    "/indicators/{indicator_id}/aggregate.{suffix}",
    response_class=Response,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=_BODIES
    | open_data.KEPT
    | problems(
        IndicatorUnknown,
        SelectionInvalid,
        NotAdditive,
        GroupsTooMany,
        AggregateOutOfRange,
        AggregateTooHeavy,
        AggregatesBusy,
        BulkFilePending,
    ),
)
async def aggregate_indicator_data(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Asked,
    indicator_id: str,
    suffix: Literal["json", "csv"],
    function: Annotated[Function, Query(description="of the values of the cells")],
    by: Annotated[
        str | None,
        Query(max_length=600, description="dimensions or TIME_PERIOD, with commas between"),
    ] = None,
    lang: Annotated[Language | None, Query(description="instead of Accept-Language")] = None,
) -> Response:
    """Aggregate the figures of an indicator, as they are or as they were known at an instant.

    The question is that of `data.…`. Hidden cells are in no aggregate, but they are counted. A sum
    of what has none (ratios, per cent, a whole beside its parts) is refused. Large selections
    are computed on the file of the release: 503 until it is written, the first time.
    """
    if lang is not None:
        speak(lang)
    indicator = structures_service.indicator_named(structures, indicator_id)
    asked = service.aggregation(query, indicator.flow, function, by)
    known = await observations.vintages(reads, indicator.flow)
    selection = observations.indicated(indicator, known, query)
    service.refuse_what_is_untold(selection)
    form = FORMATS[suffix]
    release = known.get(selection.as_of)
    headers = observations.headers(indicator, release)
    told = (indicator.artefact.urn, function, *asked.by)
    headers["etag"] = observations.etag(selection, known, form.media_type, "aggregate", *told)
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    state = request.app.state
    sources = service.Sources(reads, state.data, structures, state.bulk, state.aggregates)
    found = await service.aggregate(sources, indicator, selection, known, asked)
    name = f"{indicator.artefact.id}_{function}"
    headers["content-disposition"] = form.disposition(name, release)
    body = found.model_dump_json() if suffix == "json" else _csv(found)
    return Response(body, media_type=form.media_type, headers=headers)


def _csv(found: Aggregate) -> str:
    """Write a line per group, with the codes first."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([*found.by, found.function.upper(), "N", "MISSING", "SUPPRESSED"])
    for each in found.groups:
        codes = [each.key[name] for name in found.by]
        writer.writerow([*codes, each.value, each.n, each.missing, each.suppressed])
    return lines.getvalue()
