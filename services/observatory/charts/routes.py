"""HTTP of charts: open data as pictures, and the specification to draw them oneself."""

from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response

from observatory.charts import service
from observatory.charts.drawer import ChartUndrawn, Drawer
from observatory.charts.service import ChartAmbiguous, ChartEmpty, ChartTooCrowded
from observatory.observations import service as observations
from observatory.observations.asking import Asked
from observatory.observations.parsing import PARAMETER
from observatory.observations.service import SelectionInvalid
from observatory.structures import service as structures_service
from observatory.structures.library import Structures
from observatory.structures.service import IndicatorUnknown
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.i18n import Language, speak
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM

router = APIRouter(prefix="/v1", tags=["charts"], dependencies=[public()])

ChartFormat = Literal["json", "svg", "png"]
MEDIA_TYPES: Final[dict[ChartFormat, str]] = {
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_LOOKS_ONLY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"
_BODIES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The Vega-Lite specification with its data, or the picture",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "image/svg+xml": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get(
    "/indicators/{indicator_id}/chart.{suffix}",
    response_class=Response,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=_BODIES
    | open_data.KEPT
    | problems(
        IndicatorUnknown,
        SelectionInvalid,
        ChartEmpty,
        ChartTooCrowded,
        ChartAmbiguous,
        ChartUndrawn,
    ),
)
async def draw_indicator_chart(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Asked,
    indicator_id: str,
    suffix: ChartFormat,
    by: Annotated[
        str | None, Query(max_length=64, description="dimension, or TIME_PERIOD, along the axis")
    ] = None,
    width: Annotated[int, Query(ge=320, le=1_200, description="of the axes, in points")] = 600,
    scale: Annotated[float, Query(ge=1, le=3, description="dots per point of a PNG")] = 2,
    lang: Annotated[Language | None, Query(description="instead of Accept-Language")] = None,
) -> Response:
    """Draw an indicator: lines in time, else bars, with source, release and licence below.

    The question is that of `data.…`. Figures that are hidden or absent are said to be so.
    """
    if lang is not None:
        speak(lang)
    indicator = structures_service.indicator_named(structures, indicator_id)
    service.refuse_what_is_no_chart(query, indicator.flow, by)
    known = await observations.vintages(reads, indicator.flow)
    selection = observations.indicated(indicator, known, query)
    media_type = MEDIA_TYPES[suffix]
    looks = (service.DRAWN_BY, str(by), str(width), str(scale if suffix == "png" else 1))
    tag = observations.etag(selection, known, media_type, indicator.artefact.urn, *looks)
    headers = {
        **observations.headers(indicator, known.get(selection.as_of)),
        "etag": tag,
        "content-security-policy": _LOOKS_ONLY,
        "content-disposition": f'inline; filename="{indicator.artefact.id}.{suffix}"',
    }
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    asked = service.Asked(by, width)
    drawer: Drawer = request.app.state.drawer
    body = drawer.kept(tag)
    if body is None:
        spec = await service.specification(
            request.app.state.data, indicator, selection, known, asked
        )
        if suffix == "json":
            body = orjson.dumps(spec)
        else:
            body = await drawer.picture(tag, suffix, spec, scale)
    return Response(body, media_type=media_type, headers=headers)
