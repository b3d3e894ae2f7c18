"""HTTP of the offerings of the Open Education API 6.0: open data."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from platformkit.auth import public
from platformkit.reads import Reads
from platformkit.wire import Instant
from training.oeapi import offering_service, pages
from training.oeapi.identities import siret_of
from training.oeapi.offering_service import Filters
from training.oeapi.replies import ContractRoute, Told, expands
from training.oeapi.routes import LISTED, ONE, Mode, Tongue
from training.oeapi.schemas import CourseOffering, Listed, ProgrammeOffering

router = APIRouter(
    prefix="/v1/oeapi", tags=["OEAPI"], dependencies=[public()], route_class=ContractRoute
)

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


async def _filters(
    since: Annotated[
        Instant | None,
        Query(ge=_FIRST, le=_LAST, description="it begins then or later; now by default"),
    ] = None,
    until: Annotated[
        Instant | None, Query(ge=_FIRST, le=_LAST, description="it ends then or before")
    ] = None,
    state: Annotated[str | None, Query(max_length=50, description="`active` or `inactive`")] = None,
    language: Tongue = None,
) -> Filters:
    return Filters(since=since, until=until, state=state, language=language)


Asked = Annotated[Filters, Depends(_filters)]


def _of(filters: Filters, *, provider: str | None = None, mode: str | None = None) -> Filters:
    return Filters(
        provider=provider,
        mode=mode,
        since=filters.since,
        until=filters.until,
        state=filters.state,
        language=filters.language,
    )


@router.get(
    "/courses/{course_id}/course-offerings",
    response_model=Listed[CourseOffering],
    responses=LISTED,
)
async def list_oeapi_offerings_of_course(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    filters: Asked,
    course_id: UUID,
    mode: Mode = None,
) -> Response:
    """List the sessions of a formation that have not begun, by their first day."""
    wanted = _of(filters, mode=mode)
    return told.page(await offering_service.of_courses(reads, asked, wanted, course_id))


@router.get(
    "/programmes/{programme_id}/programme-offerings",
    response_model=Listed[ProgrammeOffering],
    responses=LISTED,
)
async def list_oeapi_offerings_of_programme(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    filters: Asked,
    programme_id: UUID,
) -> Response:
    """List the sessions that lead to a certification and have not begun, by their first day."""
    return told.page(await offering_service.of_programmes(reads, asked, filters, programme_id))


@router.get(
    "/organisations/{organisation_id}/course-offerings",
    response_model=Listed[CourseOffering],
    responses=LISTED,
)
async def list_oeapi_course_offerings_of_organisation(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    filters: Asked,
    organisation_id: UUID,
) -> Response:
    """List the sessions of a provider that have not begun, by their first day."""
    wanted = _of(filters, provider=siret_of(organisation_id) or "")
    return told.page(await offering_service.of_courses(reads, asked, wanted))


@router.get(
    "/organisations/{organisation_id}/programme-offerings",
    response_model=Listed[ProgrammeOffering],
    responses=LISTED,
)
async def list_oeapi_programme_offerings_of_organisation(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    filters: Asked,
    organisation_id: UUID,
) -> Response:
    """List a provider's sessions that have not begun, once for each certification they lead to."""
    wanted = _of(filters, provider=siret_of(organisation_id) or "")
    return told.page(await offering_service.of_programmes(reads, asked, wanted))


@router.get("/course-offerings/{offering_id}", response_model=CourseOffering, responses=ONE)
async def read_oeapi_course_offering(
    reads: Reads,
    told: Told,
    offering_id: UUID,
    expand: Annotated[
        frozenset[str],
        expands("course", "programme_offering", "academic_session", "organisation"),
    ],
) -> Response:
    """Read a session as an offering of its formation."""
    return told.item(await offering_service.course_offering(reads, offering_id, expand))


@router.get(
    "/programme-offerings/{offering_id}",
    response_model=ProgrammeOffering,
    responses=ONE,
)
async def read_oeapi_programme_offering(
    reads: Reads,
    told: Told,
    offering_id: UUID,
    expand: Annotated[
        frozenset[str],
        expands(
            "academic_session",
            "course",
            "course_offering",
            "learning_component",
            "organisation",
            "programme",
            "programme_offering",
            "test_component",
        ),
    ],
) -> Response:
    """Read a session as a way to the certification that its id names."""
    return told.item(await offering_service.programme_offering(reads, offering_id, expand))
