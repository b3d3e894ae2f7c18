"""Answers made of several services, for callers who may read overviews."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway.overviews import service as overviews
from gateway.overviews.parts import Reader
from gateway.overviews.schemas import (
    JobOverview,
    OrganisationOverview,
    SectorOverview,
    TerritoryOverview,
)
from gateway.overviews.service import NothingAvailable, SubjectUnknown
from platformkit.auth import needs
from platformkit.classes import counted_as
from platformkit.errors import problems

router = APIRouter(
    prefix="/v1/overviews",
    tags=["overviews"],
    dependencies=[needs("overviews:read"), counted_as("overview")],
    responses=problems(SubjectUnknown, NothingAvailable),
)


def _reader(request: Request) -> Reader:
    state = request.app.state
    return Reader(state.upstreams, state.settings, request.scope["vigie.caller"])


OfCaller = Annotated[Reader, Depends(_reader)]


def _answer(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


@router.get("/organisations/{organisation_id}", response_model=OrganisationOverview)
async def read_organisation_overview(reader: OfCaller, organisation_id: UUID) -> Any:  # noqa: ANN401  # bytes of the declared model
    """Read a company with its diagnostic, its sector, its territory and its certifications.

    What cannot be read is named in `unavailable`. Without the diagnostic, territory and
    certifications are those of the region.
    """
    return _answer(await overviews.organisation(reader, str(organisation_id)))


@router.get("/jobs/{rome}", response_model=JobOverview)
async def read_job_overview(
    reader: OfCaller, rome: Annotated[str, Path(pattern=r"^[A-N][0-9]{4}$", examples=["M1607"])]
) -> Any:  # noqa: ANN401  # likewise
    """Read a ROME job with its exposure and the certifications that lead to it."""
    return _answer(await overviews.job(reader, rome))


@router.get("/sectors/{naf}", response_model=SectorOverview)
async def read_sector_overview(
    reader: OfCaller,
    naf: Annotated[str, Path(pattern=r"^[0-9A-Z][0-9.]{0,5}[A-Z]?$", examples=["62"])],
) -> Any:  # noqa: ANN401  # likewise
    """Read a NAF sector with its exposure and the certifications open to it."""
    return _answer(await overviews.sector(reader, naf))


@router.get("/territories/{code}", response_model=TerritoryOverview)
async def read_territory_overview(
    reader: OfCaller, code: Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,15}$", examples=["59"])]
) -> Any:  # noqa: ANN401  # likewise
    """Read a territory with its exposure and the cohorts of the programme."""
    return _answer(await overviews.territory(reader, code))
