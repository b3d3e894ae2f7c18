"""HTTP of the European and web views: open data; each view has an address, as caches want it."""

from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from platformkit import i18n, open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads
from training.certifications import moments
from training.certifications.routes import NAMED, Number
from training.certifications.service import CertificationWithdrawn
from training.credentials import service as credentials
from training.credentials.schemas import Achievement, LearningModel, SchemaOrg
from training.credentials.service import Asked, BlocUnknown, Described, FormationSessionUnknown
from training.offers.service import FormationUnknown, FormationWithdrawn

MEDIA_TYPE: Final = "application/ld+json"

router = APIRouter(prefix="/v1", tags=["European views"], dependencies=[public()])


class LinkedData(JSONResponse):
    """JSON-LD; only its media type matters, to the document of the interface."""

    media_type = MEDIA_TYPE


_OF_CERTIFICATION: Final[dict[int | str, dict[str, Any]]] = open_data.KEPT | problems(
    *NAMED, CertificationWithdrawn
)
_OF_FORMATION: Final[dict[int | str, dict[str, Any]]] = open_data.KEPT | problems(
    FormationUnknown, FormationWithdrawn
)


async def _asked(request: Request, reads: Reads) -> Asked:
    return Asked(reads, moments.now().day, request.app.state.settings.public_url)


Now = Annotated[Asked, Depends(_asked)]


def _answer(request: Request, found: Described) -> Response:
    """Send a document; it speaks the languages that it has, which may not be the one asked."""
    response = open_data.answer(request, orjson.dumps(found.members), media_type=MEDIA_TYPE)
    response.headers["content-language"] = ", ".join(found.languages)
    response.headers["vary"] = "Accept-Language"
    return response


@router.get(
    "/certifications/{number}/open-badge",
    response_class=LinkedData,
    response_model=Achievement,
    responses=_OF_CERTIFICATION,
)
async def read_certification_badge(request: Request, asked: Now, number: Number) -> Response:
    """Read a certification as an Achievement of Open Badges 3.0."""
    return _answer(request, await credentials.badge(asked, number, i18n.language()))


@router.get(
    "/certifications/{number}/blocs/{code}/open-badge",
    response_class=LinkedData,
    response_model=Achievement,
    responses=_OF_CERTIFICATION | problems(*NAMED, BlocUnknown),
)
async def read_bloc_badge(
    request: Request,
    asked: Now,
    number: Number,
    code: Annotated[str, Path(max_length=80, examples=["RNCP37873BC01"])],
) -> Response:
    """Read a competency bloc as an Achievement of Open Badges 3.0."""
    return _answer(request, await credentials.bloc_badge(asked, number, code))


@router.get(
    "/certifications/{number}/elm",
    response_class=LinkedData,
    response_model=LearningModel,
    responses=_OF_CERTIFICATION,
)
async def read_certification_in_elm(request: Request, asked: Now, number: Number) -> Response:
    """Read a certification in the European Learning Model 3, with its context."""
    return _answer(request, await credentials.qualification(asked, number))


@router.get(
    "/certifications/{number}/schema-org",
    response_class=LinkedData,
    response_model=SchemaOrg,
    responses=_OF_CERTIFICATION,
)
async def read_certification_in_schema_org(
    request: Request, asked: Now, number: Number
) -> Response:
    """Read a certification as an EducationalOccupationalCredential of schema.org."""
    return _answer(request, await credentials.credential(asked, number, i18n.language()))


@router.get(
    "/formations/{formation_id}/elm",
    response_class=LinkedData,
    response_model=LearningModel,
    responses=_OF_FORMATION,
)
async def read_formation_in_elm(request: Request, asked: Now, formation_id: UUID) -> Response:
    """Read a formation as a LearningOpportunity of ELM 3, one part for each session."""
    return _answer(request, await credentials.opportunity(asked, formation_id))


@router.get(
    "/formations/{formation_id}/schema-org",
    response_class=LinkedData,
    response_model=SchemaOrg,
    responses=_OF_FORMATION,
)
async def read_formation_in_schema_org(
    request: Request, asked: Now, formation_id: UUID
) -> Response:
    """Read a formation as a Course of schema.org, its sessions as its instances."""
    return _answer(request, await credentials.course(asked, formation_id))


@router.get(
    "/formations/{formation_id}/sessions/{session_id}/schema-org",
    response_class=LinkedData,
    response_model=SchemaOrg,
    responses=_OF_FORMATION | problems(FormationUnknown, FormationSessionUnknown),
)
async def read_session_in_schema_org(
    request: Request, asked: Now, formation_id: UUID, session_id: UUID
) -> Response:
    """Read a session as a CourseInstance of schema.org."""
    return _answer(request, await credentials.course_instance(asked, formation_id, session_id))
