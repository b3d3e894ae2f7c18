"""HTTP of the Open Education API 6.0: open data, the objects of the catalogue."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit.auth import public
from platformkit.errors import problems
from platformkit.open_data import KEPT
from platformkit.pagination import CursorRefused
from platformkit.reads import Reads
from training.oeapi import metadata, pages, service
from training.oeapi.identities import siret_of
from training.oeapi.problems import (
    ConsumerUnknown,
    ItemUnknown,
    ItemWithdrawn,
    OeapiVersionNotAcceptable,
    PageTooDeep,
    ParameterRefused,
)
from training.oeapi.replies import ContractRoute, Told, expands
from training.oeapi.schemas import (
    Course,
    LearningOutcome,
    Listed,
    Organisation,
    Programme,
    Service,
)

router = APIRouter(
    prefix="/v1/oeapi", tags=["OEAPI"], dependencies=[public()], route_class=ContractRoute
)

Responses = dict[int | str, dict[str, Any]]
ALWAYS: Final[Responses] = KEPT | problems(
    ParameterRefused, ConsumerUnknown, OeapiVersionNotAcceptable
)
LISTED: Final[Responses] = KEPT | problems(
    ParameterRefused, PageTooDeep, CursorRefused, ConsumerUnknown, OeapiVersionNotAcceptable
)
ONE: Final[Responses] = KEPT | problems(
    ParameterRefused,
    ConsumerUnknown,
    OeapiVersionNotAcceptable,
    ItemUnknown,
    ItemWithdrawn,
)

Words = Annotated[
    str | None,
    Query(alias="q", max_length=200, description="in a name or a description, whatever the case"),
]
PrimaryCode = Annotated[str | None, Query(alias="primaryCode", max_length=200)]
Tongue = Annotated[
    str | None, Query(alias="teachingLanguage", pattern="^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
]
Mode = Annotated[str | None, Query(alias="modeOfDelivery", max_length=50)]
Kind = Annotated[str | None, Query(alias="programmeType", max_length=50)]
Level = Annotated[
    str | None, Query(alias="levelOfQualification", pattern="^(eqf_[0-8]|nlqf_4plus|x-.{1,40})$")
]
Overrides = Annotated[
    bool,
    Query(alias="returnTimelineOverrides", description="there are none: the list is empty"),
]


@router.get("/", response_model=Service, responses=ALWAYS)
async def read_oeapi_service(request: Request, told: Told) -> Response:
    """Read what is served of the Open Education API 6.0, and for which consumers."""
    return told.item(metadata.service(request.app.state.settings))


@router.get("/programmes", response_model=Listed[Programme], responses=LISTED)
async def list_oeapi_programmes(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    code: PrimaryCode = None,
    words: Words = None,
    level: Level = None,
    kind: Kind = None,
) -> Response:
    """List certifications as programmes, by name."""
    return told.page(await _programmes(reads, asked, code, words, level, kind))


@router.get("/programmes/{programme_id}", response_model=Programme, responses=ONE)
async def read_oeapi_programme(
    reads: Reads,
    told: Told,
    programme_id: UUID,
    expand: Annotated[
        frozenset[str],
        expands("parent", "children", "coordinators", "instructors", "organisation"),
    ],
    *,
    overrides: Overrides = False,
) -> Response:
    """Read a certification as a programme."""
    found = await service.programme(reads, programme_id, expand)
    return told.item(found.model_copy(update={"timeline_overrides": [] if overrides else None}))


@router.get("/programmes/{programme_id}/courses", response_model=Listed[Course], responses=LISTED)
async def list_oeapi_courses_of_programme(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    programme_id: UUID,
    words: Words = None,
    language: Tongue = None,
    mode: Mode = None,
) -> Response:
    """List the formations that lead to a certification, by name."""
    return told.page(
        await service.courses(
            reads, asked, words=words, language=language, mode=mode, programme_id=programme_id
        )
    )


@router.get("/courses", response_model=Listed[Course], responses=LISTED)
async def list_oeapi_courses(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    code: PrimaryCode = None,
    words: Words = None,
    language: Tongue = None,
    mode: Mode = None,
) -> Response:
    """List formations as courses, by name."""
    return told.page(
        await service.courses(reads, asked, code=code, words=words, language=language, mode=mode)
    )


@router.get("/courses/{course_id}", response_model=Course, responses=ONE)
async def read_oeapi_course(
    reads: Reads,
    told: Told,
    course_id: UUID,
    expand: Annotated[
        frozenset[str], expands("programmes", "coordinators", "instructors", "organisation")
    ],
    *,
    overrides: Overrides = False,
) -> Response:
    """Read a formation as a course."""
    found = await service.course(reads, course_id, expand)
    return told.item(found.model_copy(update={"timeline_overrides": [] if overrides else None}))


@router.get("/learning-outcomes", response_model=Listed[LearningOutcome], responses=LISTED)
async def list_oeapi_learning_outcomes(
    reads: Reads, told: Told, asked: pages.Asked, words: Words = None
) -> Response:
    """List competency blocs as learning outcomes, as their certifications were registered."""
    return told.page(await service.outcomes(reads, asked, words=words))


@router.get("/learning-outcomes/{outcome_id}", response_model=LearningOutcome, responses=ONE)
async def read_oeapi_learning_outcome(
    reads: Reads,
    told: Told,
    outcome_id: UUID,
    _expand: Annotated[frozenset[str], expands("organisation", "parents", "children")],
) -> Response:
    """Read a competency bloc as a learning outcome; it has neither parents nor children."""
    return told.item(await service.outcome(reads, outcome_id))


@router.get("/organisations", response_model=Listed[Organisation], responses=LISTED)
async def list_oeapi_organisations(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    code: Annotated[
        str | None, Query(alias="primaryCode", max_length=200, description="a SIRET")
    ] = None,
    kind: Annotated[str | None, Query(alias="organisationType", max_length=50)] = None,
) -> Response:
    """List who gives or certifies training, by SIRET; all are `root`."""
    siret = code if kind in {None, "root"} else ""
    return told.page(await service.organisations(reads, asked, siret=siret))


@router.get("/organisations/{organisation_id}", response_model=Organisation, responses=ONE)
async def read_oeapi_organisation(
    reads: Reads,
    told: Told,
    organisation_id: UUID,
    _expand: Annotated[frozenset[str], expands("parent", "children")],
) -> Response:
    """Read who gives or certifies training; it has neither parent nor children here."""
    return told.item(await service.organisation(reads, organisation_id))


@router.get(
    "/organisations/{organisation_id}/programmes",
    response_model=Listed[Programme],
    responses=LISTED,
)
async def list_oeapi_programmes_of_organisation(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    organisation_id: UUID,
    words: Words = None,
    level: Level = None,
    kind: Kind = None,
) -> Response:
    """List the certifications of which an organisation is the first certifying body, by name."""
    siret = siret_of(organisation_id) or ""
    return told.page(await _programmes(reads, asked, None, words, level, kind, siret))


@router.get(
    "/organisations/{organisation_id}/courses", response_model=Listed[Course], responses=LISTED
)
async def list_oeapi_courses_of_organisation(
    reads: Reads,
    told: Told,
    asked: pages.Asked,
    organisation_id: UUID,
    words: Words = None,
    language: Tongue = None,
    mode: Mode = None,
) -> Response:
    """List the formations of a provider, by name."""
    return told.page(
        await service.courses(
            reads,
            asked,
            words=words,
            language=language,
            mode=mode,
            provider=siret_of(organisation_id) or "",
        )
    )


async def _programmes(  # what a list of programmes may be asked for
    reads: Reads,
    asked: pages.PageAsked,
    code: str | None,
    words: str | None,
    level: str | None,
    kind: str | None,
    certifier: str | None = None,
) -> Listed[Programme]:
    """List programmes; levels and kinds that no certification has, have none."""
    known = 0 if level is not None else None
    if level is not None and level.startswith("eqf_"):
        known = int(level.removeprefix("eqf_"))
    wanted = code if kind in {None, "programme"} else ""
    return await service.programmes(
        reads, asked, code=wanted, words=words, level=known, certifier=certifier
    )
