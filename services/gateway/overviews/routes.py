"""Answers made of several services, for callers who may read overviews."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.datastructures import QueryParams

from gateway.overviews import plans, schemas, subjects, views
from gateway.overviews.plans import Step
from gateway.overviews.reader import READER, Reader
from gateway.overviews.service import (
    NothingAvailable,
    Overview,
    PartRequired,
    PartUnknown,
    SubjectUnknown,
)
from gateway.overviews.views import Read, View
from platformkit import etags, open_data
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
    """Give the reader of the caller's parts, which may have begun already."""
    begun: Reader | None = request.scope.get(READER)
    return begun or Reader(request.app.state.door, request.scope["vigie.caller"])


_ROME: Final = "^[A-N][0-9]{4}$"
_NAF: Final = "^[0-9A-Z][0-9.]{0,5}[A-Z]?$"
_PLACE: Final = "^[0-9A-Za-z-]{1,15}$"
_NUMBER: Final = "^(RNCP|RS)[0-9]{1,5}$"
_PLAIN: Final = re.compile(r"[\w.,]{1,200}", re.ASCII)
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


async def respond(request: Request, reader: Reader, view: View) -> Response:
    """Send the view, or a 304 to whoever holds it."""
    answer = view.answer(await plans.read(reader, view.steps))
    if answer.seconds is not None and etags.not_modified(request, answer.etag.removeprefix("W/")):
        return Response(status_code=304, headers=views.headed(answer))
    return views.whole(answer)


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
    return await respond(request, reader, Overview(steps, fields, require))


@router.get("/jobs/{rome}", response_model=schemas.JobOverview)
async def read_job_overview(
    request: Request,
    reader: OfCaller,
    rome: Annotated[str, Path(pattern=_ROME, examples=["M1607"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a ROME job: exposure, mobilities, certifications, next sessions, calls for projects."""
    return await respond(request, reader, Overview(subjects.job(rome), fields, require))


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
    return await respond(request, reader, Overview(subjects.sector(naf), fields, require))


@router.get("/territories/{code}", response_model=schemas.TerritoryOverview)
async def read_territory_overview(
    request: Request,
    reader: OfCaller,
    code: Annotated[str, Path(pattern=_PLACE, examples=["59"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a territory: exposure, training offered there, cohorts, newest figures of indicators."""
    return await respond(request, reader, Overview(subjects.territory(code), fields, require))


@router.get("/certifications/{number}", response_model=schemas.CertificationOverview)
async def read_certification_overview(
    request: Request,
    reader: OfCaller,
    number: Annotated[str, Path(pattern=_NUMBER, examples=["RNCP37873"])],
    fields: Fields = None,
    require: Require = None,
) -> Any:  # noqa: ANN401  # likewise
    """Read a certification: whether it goes on, its jobs with their exposure, next sessions."""
    return await respond(request, reader, Overview(subjects.certification(number), fields, require))


def _plain(form: str, steps: Callable[[str], Sequence[Step]]) -> Read:
    known = re.compile(form)

    def read(path: str, query: bytes) -> View | None:
        code = path.rpartition("/")[2]
        given = QueryParams(query)
        asked = {name: given[name] for name in ("fields", "require") if name in given}
        is_plain = all(_PLAIN.fullmatch(value) for value in asked.values())
        if known.search(code) is None or len(asked) != len(given.multi_items()) or not is_plain:
            return None
        return Overview(steps(code), **asked)

    return read


plain = {
    "/v1/overviews/organisations/{organisation_id}": _plain(_ID, subjects.organisation),
    "/v1/overviews/jobs/{rome}": _plain(_ROME, subjects.job),
    "/v1/overviews/sectors/{naf}": _plain(_NAF, subjects.sector),
    "/v1/overviews/territories/{code}": _plain(_PLACE, subjects.territory),
    "/v1/overviews/certifications/{number}": _plain(_NUMBER, subjects.certification),
}
"""What the routes of these paths read."""


def hot(read: Read) -> HotRead:
    """Answer what is plain as its route does, without that one's machinery."""

    async def answer(request: Request, *_: str) -> Response | None:
        view = read(request.scope["path"], request.scope["query_string"])
        return None if view is None else await respond(request, await reader(request), view)

    return answer
