"""HTTP of indicator sheets: open data to read, a scope to write."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from observatory.keys import answering, drafting
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
from observatory.keys.schemas import Listing, SheetRead
from observatory.keys.service import CitedUnknown
from observatory.sheets import page, service
from observatory.sheets.schemas import SheetWhole
from observatory.structures.library import Structures
from observatory.structures.service import (
    IndicatorUnknown,
    indicator_named,
)
from observatory.structures.sheet_schemas import Sheet
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.etags import IfMatch
from platformkit.i18n import Language, speak
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/sheets", tags=["sheets"], route_class=IdempotentRoute)

indicators = APIRouter(prefix="/v1/indicators/{indicator_id}", tags=["sheets"])


@router.get(
    "",
    response_model=Listing,
    dependencies=[public()],
    responses=problems(CursorRefused),
)
async def list_sheets(
    request: Request,
    structures: Structures,
    paging: Paging,
    agency: AgencyAsked = "*",
    version: VersionsAsked = "+",
) -> Response:
    """List the indicator sheets, by agency and id, each in its newest published version."""
    return answering.listing(request, structures, "sheet", paging, (agency, version))


@router.get(
    "/{agency}/{sheet_id}/{version}",
    response_model=SheetRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(CitedUnknown),
)
async def read_sheet(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    sheet_id: IdPath,
    version: VersionPath,
) -> Response:
    """Read a version of an indicator sheet, in both languages.

    What its author wrote; `/v1/indicators/{id}/sheet` has it with what releases tell.
    """
    return answering.one(request, structures, "sheet", agency, sheet_id, version)


@router.get(
    "/{agency}/{sheet_id}/{version}/citation.{suffix}",
    response_class=Response,
    dependencies=[public(), counted_as("read")],
    responses=CITATIONS | problems(CitedUnknown),
)
async def cite_sheet(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    sheet_id: IdPath,
    version: VersionPath,
    suffix: CitationFormat,
) -> Response:
    """Cite a version of an indicator sheet: a sentence, CSL-JSON or BibTeX."""
    place = agency, sheet_id, version
    return answering.citation(request, structures, "sheet", place, suffix)


@indicators.get(
    "/sheet",
    response_model=SheetWhole,
    dependencies=[public()],
    responses=open_data.KEPT | problems(IndicatorUnknown),
)
async def read_indicator_sheet(
    request: Request, reads: Reads, structures: Structures, indicator_id: str
) -> Response:
    """Read what an indicator is: definition, method, quality, newest release and its sources."""
    indicator = indicator_named(structures, indicator_id)
    body = (await service.whole(reads, structures, indicator)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@indicators.get(
    "/sheet.html",
    response_class=Response,
    dependencies=[public()],
    responses=open_data.KEPT
    | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
    | problems(IndicatorUnknown),
)
async def read_indicator_sheet_page(
    request: Request,
    reads: Reads,
    structures: Structures,
    indicator_id: str,
    lang: Annotated[Language | None, Query(description="instead of Accept-Language")] = None,
) -> Response:
    """Read the same as one page, complete in itself and without scripts."""
    if lang is not None:
        speak(lang)
    indicator = indicator_named(structures, indicator_id)
    found = await service.whole(reads, structures, indicator)
    answer = open_data.answer(
        request, page.page(found), seconds=0, translated=True, media_type="text/html; charset=utf-8"
    )
    answer.headers["content-security-policy"] = f"{page.policy()}; frame-ancestors 'none'"
    return answer


@router.put(
    "/{agency}/{sheet_id}/{version}",
    response_model=SheetRead,
    responses=DRAFTED,
)
async def draft_sheet(
    request: Request,
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    agency: AgencyPath,
    sheet_id: IdPath,
    version: VersionPath,
    body: Sheet,
) -> Response:
    """Write the draft of an indicator sheet, `1.0.0-draft`; the first has `If-Match: "0"`."""
    own, place = request.app.state.settings.agency, (agency, sheet_id, version)
    return answering.kept(
        await drafting.write(session, own, caller, "sheet", place, body, if_match)
    )


@router.post(
    "/{agency}/{sheet_id}/{version}/publish",
    response_model=SheetRead,
    responses=PUBLISHED,
)
async def publish_sheet(
    request: Request,
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    agency: AgencyPath,
    sheet_id: IdPath,
    version: VersionPath,
) -> Response:
    """Publish a draft: `1.0.0-draft` becomes 1.0.0, which never changes."""
    own, place = request.app.state.settings.agency, (agency, sheet_id, version)
    return answering.kept(await drafting.publish(session, own, caller, "sheet", place, if_match))
