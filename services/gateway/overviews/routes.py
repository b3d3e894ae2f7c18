"""Answers made of several services, for callers who may read overviews."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from gateway.overviews import schemas, service, subjects
from gateway.overviews.plans import Step
from gateway.overviews.reader import Reader
from gateway.overviews.service import (
    Answer,
    NothingAvailable,
    PartRequired,
    PartUnknown,
    SubjectUnknown,
)
from platformkit import etags, i18n, open_data
from platformkit.auth import needs
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.hot import HotRead
from platformkit.sparse import FieldUnknown

router = APIRouter(
    prefix="/v1/overviews",
    tags=["overviews"],
    dependencies=[needs("overviews:read"), counted_as("overview")],
    responses=open_data.KEPT
    | problems(SubjectUnknown, NothingAvailable, PartRequired, PartUnknown, FieldUnknown),
)


async def reader(request: Request) -> Reader:
    """Make the reader of the caller's parts."""
    return Reader(request.app.state.door, request.scope["vigie.caller"])


_ROME: Final = "^[A-N][0-9]{4}$"
_NAF: Final = "^[0-9A-Z][0-9.]{0,5}[A-Z]?$"
_PLACE: Final = "^[0-9A-Za-z-]{1,15}$"
_NUMBER: Final = "^(RNCP|RS)[0-9]{1,5}$"
_ID: Final = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

OfCaller = Annotated[Reader, Depends(reader)]
Fields = Annotated[
    str | None,
    Query(
        max_length=1000,
        description="parts, or paths into their data, separated by commas; other parts are not"
        " asked for",
        examples=["exposure.mean,certifications.items.title"],
    ),
]
Require = Annotated[
    str | None,
    Query(
        max_length=200, description="parts without which the answer is a 503", examples=["exposure"]
    ),
]


def respond(request: Request, answer: Answer) -> Response:
    """Send an answer, or a 304 to whoever holds it; what is not open data is nobody's to keep."""
    if answer.seconds is None:
        headers = {"cache-control": "private, no-store"}
        return Response(answer.body, media_type="application/json", headers=headers)
    kept = f"max-age={min(answer.seconds, open_data.MAX_AGE_SECONDS)}"
    headers = {
        "etag": answer.etag,
        "cache-control": f"public, {kept if answer.seconds else 'no-cache'}",
        "vary": "Accept-Language",
        "content-language": i18n.language(),
    }
    if etags.not_modified(request, answer.etag.removeprefix("W/")):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)


@router.get("/organisations/{organisation_id}", response_model=schemas.OrganisationOverview)
async def read_organisation_overview(
    request: Request,
    reader: OfCaller,
    organisation_id: UUID,
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # bytes of the declared model
    """Read a company of yours: diagnostic, roadmap, peers, funding, calls, what surrounds it.

    What cannot be read is named in `unavailable`. Without the diagnostic, territory and
    certifications are those of the region.
    """
    steps = subjects.organisation(str(organisation_id))
    return respond(request, await service.overview(reader, steps, fields, require))


@router.get("/jobs/{rome}", response_model=schemas.JobOverview)
async def read_job_overview(
    request: Request,
    reader: OfCaller,
    rome: Annotated[str, Path(pattern=_ROME, examples=["M1607"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a ROME job: exposure, mobilities, certifications, next sessions, calls for projects."""
    return respond(request, await service.overview(reader, subjects.job(rome), fields, require))


@router.get("/sectors/{naf}", response_model=schemas.SectorOverview)
async def read_sector_overview(
    request: Request,
    reader: OfCaller,
    naf: Annotated[str, Path(pattern=_NAF, examples=["62"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a NAF sector: exposure, companies compared, certifications, calls for projects.

    Without the exposure, certifications are those of the region.
    """
    return respond(request, await service.overview(reader, subjects.sector(naf), fields, require))


@router.get("/territories/{code}", response_model=schemas.TerritoryOverview)
async def read_territory_overview(
    request: Request,
    reader: OfCaller,
    code: Annotated[str, Path(pattern=_PLACE, examples=["59"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a territory: exposure, training offered there, cohorts, newest figures of indicators."""
    steps = subjects.territory(code)
    return respond(request, await service.overview(reader, steps, fields, require))


@router.get("/certifications/{number}", response_model=schemas.CertificationOverview)
async def read_certification_overview(
    request: Request,
    reader: OfCaller,
    number: Annotated[str, Path(pattern=_NUMBER, examples=["RNCP37873"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a certification: whether it goes on, its jobs with their exposure, next sessions."""
    steps = subjects.certification(number)
    return respond(request, await service.overview(reader, steps, fields, require))


def _hot(form: str, steps: Callable[[str], Sequence[Step]]) -> HotRead:
    known = re.compile(form)

    async def answer(request: Request, code: str) -> Response | None:
        if known.search(code) is None:
            return None
        found = await service.overview(await reader(request), steps(code), None, None)
        return respond(request, found)

    return answer


hot_reads = {
    "/v1/overviews/organisations/{organisation_id}": _hot(_ID, subjects.organisation),
    "/v1/overviews/jobs/{rome}": _hot(_ROME, subjects.job),
    "/v1/overviews/sectors/{naf}": _hot(_NAF, subjects.sector),
    "/v1/overviews/territories/{code}": _hot(_PLACE, subjects.territory),
    "/v1/overviews/certifications/{number}": _hot(_NUMBER, subjects.certification),
}
"""The same reads as the routes of these paths, whole, without their machinery."""
