"""HTTP of provenance: open data, as the figures themselves."""

from fastapi import APIRouter, Request, Response

from observatory.observations import keyed
from observatory.observations import service as observations
from observatory.observations.asking import Asked
from observatory.observations.keyed import ReadingKeyUnfit, ReadingKeyUnknown
from observatory.observations.parsing import PARAMETER
from observatory.observations.service import SelectionInvalid
from observatory.provenance import service
from observatory.provenance.schemas import Provenance
from observatory.provenance.service import FigureAmbiguous, FigureUnknown
from observatory.structures import service as structures_service
from observatory.structures.library import Structures
from observatory.structures.service import IndicatorUnknown
from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads
from platformkit.routes import PARAMETER_FORM

router = APIRouter(prefix="/v1", tags=["provenance"], dependencies=[public()])


@router.get(
    "/indicators/{indicator_id}/provenance",
    response_model=Provenance,
    openapi_extra={PARAMETER_FORM: PARAMETER},
    responses=open_data.KEPT
    | problems(
        IndicatorUnknown,
        ReadingKeyUnknown,
        ReadingKeyUnfit,
        SelectionInvalid,
        FigureUnknown,
        FigureAmbiguous,
    ),
)
async def trace_figure(
    request: Request,
    reads: Reads,
    structures: Structures,
    query: Asked,
    indicator_id: str,
) -> Response:
    """Trace one figure to the release that brought it, its formula and its source files.

    The question is that of `data.…`, and must leave one figure: fix each dimension and the
    period. With `asOf`, the figure as it was known then; with `key`, its class and the sentence of
    that class by a reading key.
    """
    indicator = structures_service.indicator_named(structures, indicator_id)
    service.refuse_tables(query)
    known = await observations.vintages(reads, indicator.flow)
    selection = observations.indicated(indicator, known, query)
    if query.key is not None:
        selection = selection.read_with(keyed.reading(structures, indicator, query.key))
    found = await service.trace(request.app.state.data, indicator, selection, known)
    body = found.model_dump_json(by_alias=True).encode()
    return open_data.answer(request, body, seconds=0, translated=True)
