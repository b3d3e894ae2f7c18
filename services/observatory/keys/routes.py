"""HTTP of reading keys: open data to read and to apply, a scope to write."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from observatory.keys import answering, drafting, service
from observatory.keys.answering import (
    CITATIONS,
    DRAFTED,
    PUBLISHED,
    AgencyAsked,
    AgencyPath,
    CitationFormat,
    IdPath,
    Publisher,
    VersionPath,
    VersionsAsked,
)
from observatory.keys.schemas import ClassRead, KeyRead, Listing
from observatory.keys.service import CitedUnknown, IntervalMalformed
from observatory.structures.key_schemas import ReadingKey, Status
from observatory.structures.library import Structures
from observatory.structures.service import (
    IndicatorUnknown,
)
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.etags import IfMatch
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Paging

router = APIRouter(prefix="/v1/reading-keys", tags=["reading keys"], route_class=IdempotentRoute)

_End = Annotated[float | None, Query(ge=-1e12, le=1e12, allow_inf_nan=False)]
_Said = Annotated[str, Query(max_length=200)]


@router.get(
    "",
    response_model=Listing,
    dependencies=[public()],
    responses=problems(CursorRefused, IndicatorUnknown),
)
async def list_keys(
    request: Request,
    structures: Structures,
    paging: Paging,
    agency: AgencyAsked = "*",
    version: VersionsAsked = "+",
    indicator: Annotated[
        str | None, Query(max_length=64, description="only those that read this indicator")
    ] = None,
) -> Response:
    """List the reading keys, by agency and id, each in its newest published version."""
    asked = agency, version
    return answering.listing(request, structures, "reading_key", paging, asked, indicator)


@router.get(
    "/{agency}/{key_id}/{version}",
    response_model=KeyRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(CitedUnknown),
)
async def read_key(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    key_id: IdPath,
    version: VersionPath,
) -> Response:
    """Read a version of a reading key, in both languages.

    How to read, classes with their bounds, which class a value exactly on a bound has, and what
    not to conclude.
    """
    return answering.one(request, structures, "reading_key", agency, key_id, version)


@router.get(
    "/{agency}/{key_id}/{version}/citation.{suffix}",
    response_class=Response,
    dependencies=[public(), counted_as("read")],
    responses=CITATIONS | problems(CitedUnknown),
)
async def cite_key(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    key_id: IdPath,
    version: VersionPath,
    suffix: CitationFormat,
) -> Response:
    """Cite a version of a reading key: a sentence, CSL-JSON or BibTeX."""
    place = agency, key_id, version
    return answering.citation(request, structures, "reading_key", place, suffix)


@router.get(
    "/{agency}/{key_id}/{version}/class",
    response_model=ClassRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(CitedUnknown, IntervalMalformed),
)
async def read_class(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    key_id: IdPath,
    version: VersionPath,
    value: Annotated[float, Query(ge=-1e12, le=1e12, allow_inf_nan=False)],
    status: Annotated[Status, Query(description="OBS_STATUS of the value")] = "A",
    low: _End = None,
    high: _End = None,
    where: _Said = "",
    period: _Said = "",
) -> Response:
    """Read a value with a key, one that is in no dataflow too: its class and its sentence.

    `low` and `high` are the ends of its 95 % interval. Figures of an indicator are read with
    `key=` of `/v1/indicators/{id}/data.{suffix}` or of `/v1/indicators/{id}/provenance`.
    """
    found = service.cited(structures, "reading_key", agency, key_id, version)
    interval = service.interval(value, low, high)
    said = {"where": where, "period": period}
    body = service.classed(found, value, status, interval, said)
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


@router.put(
    "/{agency}/{key_id}/{version}",
    response_model=KeyRead,
    responses=DRAFTED,
)
async def draft_key(
    request: Request,
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    agency: AgencyPath,
    key_id: IdPath,
    version: VersionPath,
    body: ReadingKey,
) -> Response:
    """Write the draft of a reading key, `1.0.0-draft`; the first has `If-Match: "0"`."""
    own, place = request.app.state.settings.agency, (agency, key_id, version)
    return answering.kept(
        await drafting.write(session, own, caller, "reading_key", place, body, if_match)
    )


@router.post(
    "/{agency}/{key_id}/{version}/publish",
    response_model=KeyRead,
    responses=PUBLISHED,
)
async def publish_key(
    request: Request,
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    agency: AgencyPath,
    key_id: IdPath,
    version: VersionPath,
) -> Response:
    """Publish a draft: `1.0.0-draft` becomes 1.0.0, which never changes."""
    own, place = request.app.state.settings.agency, (agency, key_id, version)
    return answering.kept(
        await drafting.publish(session, own, caller, "reading_key", place, if_match)
    )
