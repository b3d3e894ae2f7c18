"""HTTP of the structures: reading code lists is open, publishing has a scope."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from observatory.structures import deprecating, library, publishing
from observatory.structures import schemas as wire
from observatory.structures.bundles import Structures
from observatory.structures.library import Structures as Known
from observatory.structures.schemas import CodeRead
from observatory.structures.service import (
    ArtefactDeprecated,
    ArtefactDraft,
    ArtefactForeign,
    ArtefactStable,
    ArtefactUnknown,
    CodelistUnknown,
    StructureInvalid,
    VersionIncompatible,
    codelist_named,
)
from platformkit import open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import large_body
from platformkit.pagination import CursorRefused, Page, Paging, paged
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["structures"], route_class=IdempotentRoute)


@router.post(
    "/structures",
    response_model=wire.Published,
    openapi_extra=large_body(wire.LARGEST_BYTES),
    responses=problems(StructureInvalid, ArtefactStable, VersionIncompatible, ArtefactForeign),
)
async def publish_structures(
    request: Request,
    session: Session,
    caller: Annotated[Principal, needs("observatory:publish")],
    body: Structures,
) -> wire.Published:
    """Publish artefacts under the agency of this installation, all or none of them.

    Equal content changes nothing; a stable version never changes.
    """
    agency: str = request.app.state.settings.agency
    if body.agency not in (None, agency):
        raise ArtefactForeign(agency=body.agency)
    return await publishing.publish(session, agency, body)


@router.post(
    "/structures/deprecate",
    response_model=wire.DeprecationRead,
    responses=problems(
        ArtefactUnknown, ArtefactForeign, ArtefactDraft, ArtefactDeprecated, StructureInvalid
    ),
)
async def deprecate_structure(
    request: Request,
    session: Session,
    caller: Annotated[Principal, needs("observatory:publish")],
    body: wire.Deprecation,
) -> wire.DeprecationRead:
    """Say that a stable artefact should no longer be used, why, and which one instead.

    It stays readable as it is; lists, data and SDMX tell of it. There is no way back.
    """
    return await deprecating.deprecate(session, request.app.state.settings.agency, caller, body)


@router.get(
    "/codelists/{codelist_id}/codes",
    response_model=Page[CodeRead],
    dependencies=[public()],
    responses=problems(CursorRefused, CodelistUnknown),
)
async def list_codes(
    request: Request,
    reads: Reads,
    structures: Known,
    paging: Paging,
    codelist_id: str,
    version: Annotated[
        str, Query(max_length=60, description="`1.0.0`, `1+`, `~` the newest, drafts too")
    ] = "+",
    agency: Annotated[
        str | None, Query(max_length=64, description="who maintains it, where not we do")
    ] = None,
) -> Response:
    """List the codes of a code list, in the order of the list."""
    codelist = codelist_named(structures, codelist_id, version, agency)
    codes = list((await library.codes(reads, structures, codelist)).values())
    places = {code.id: place for place, code in enumerate(codes)}
    found = paged(
        paging,
        codes,
        lambda code: [places[code.id]],
        lambda code: CodeRead(id=code.id, name=code.name(), parent=code.parent),
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)
