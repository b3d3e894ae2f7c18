"""HTTP of the skills of an offer: open to read, declared by whoever offers it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.i18n import language
from platformkit.idempotency import IdempotentRoute
from platformkit.open_data import control
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.entering.service import CatalogueBusy
from training.offers.service import FormationUnknown
from training.proposals import access
from training.skills import service as skills
from training.skills.schemas import FormationSkillsRead, SkillsDeclared

router = APIRouter(
    prefix="/v1/formations/{formation_id}/skills", tags=["offers"], route_class=IdempotentRoute
)


@router.get(
    "",
    response_model=FormationSkillsRead,
    dependencies=[public()],
    responses=problems(FormationUnknown, FieldUnknown),
)
async def read_formation_skills(
    reads: Reads,
    formation_id: UUID,
    sparse: Annotated[Sparse, fields_of(FormationSkillsRead)],
) -> Response:
    """Read what an offer teaches and expects, by which method we know, and how surely.

    The tag is that of what is declared: a declaration names it in `If-Match`.
    """
    found, tag = await skills.read(reads, formation_id)
    headers = {
        "etag": tag,
        "cache-control": control(0),
        "content-language": language(),
        "vary": "Accept-Language",
    }
    body = sparse.document(found.model_dump_json().encode())
    return Response(body, headers=headers, media_type="application/json")


@router.put(
    "",
    status_code=204,
    responses=problems(FormationUnknown, Stale, PreconditionRequired, Invalid, CatalogueBusy),
)
async def declare_formation_skills(
    session: Session,
    caller: Annotated[Principal, needs(access.WRITE)],
    formation_id: UUID,
    body: SkillsDeclared,
    if_match: IfMatch,
) -> Response:
    """Declare all skills that your offer teaches or expects, in the place of those before."""
    tag = await skills.declare(session, caller, formation_id, body.skills, if_match)
    return Response(status_code=204, headers={"etag": tag})
