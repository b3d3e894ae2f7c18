"""HTTP of conversions: open data, as the figures themselves."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from observatory.aggregates.service import NotAdditive
from observatory.conversions import service
from observatory.conversions.schemas import ConvertedData
from observatory.conversions.service import ConversionIncomplete, ConversionUnknown
from observatory.observations import service as observations
from observatory.observations.asking import Asked
from observatory.observations.parsing import PARAMETER
from observatory.observations.service import ExtractionTooLarge, SelectionInvalid
from observatory.structures import service as structures_service
from observatory.structures.library import Structures
from observatory.structures.service import IndicatorUnknown
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM

router = APIRouter(prefix="/v1", tags=["data"], dependencies=[public()])


@router.get(
    "/indicators/{indicator_id}/converted",
    response_model=ConvertedData,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=open_data.KEPT
    | problems(
        IndicatorUnknown,
        SelectionInvalid,
        ConversionUnknown,
        ConversionIncomplete,
        NotAdditive,
        ExtractionTooLarge,
    ),
)
async def convert_indicator_data(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Asked,
    indicator_id: str,
    to: Annotated[
        str,
        Query(
            max_length=200,
            description="code list asked for: another vintage, or another classification",
            examples=["CL_ROME3(1.0.0)"],
        ),
    ],
) -> Response:
    """Read the figures of an indicator in another vintage of a classification.

    Two axes of time: `asOf` is what was known at an instant, `to` the classification that it is
    told in. The weights of the table are told with each figure; sums stay what they are, what a
    weight splits is an estimate, and a hidden part hides what contains it. Conditions restrict the
    dimensions and TIME_PERIOD; codes of the converted one that they leave out are told as missing.
    """
    indicator = structures_service.indicator_named(structures, indicator_id)
    table = service.table(structures, indicator.flow, to)
    known = await observations.vintages(reads, indicator.flow)
    selection = observations.indicated(indicator, known, query)
    service.refuse_what_cuts(query, selection)
    headers = observations.headers(indicator, known.get(selection.as_of))
    told = (indicator.artefact.urn, table.map.urn, table.map.sha256)
    headers["etag"] = observations.etag(selection, known, "application/json", "converted", *told)
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    found = await service.converted(
        reads, request.app.state.data, indicator, selection, known, table
    )
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)
