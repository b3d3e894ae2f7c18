"""HTTP of habilitations: who may train and assess for a certification, and offer a formation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import moments
from training.certifications.moments import Asked, MomentAmbiguous
from training.certifications.records import Standing
from training.certifications.routes import NAMED, Number
from training.certifications.service import CertificationWithdrawn
from training.habilitations import service
from training.habilitations.schemas import (
    HabilitationRead,
    Kind,
    OfferHabilitationRead,
    OrganisationRead,
)
from training.habilitations.service import SiretInvalid
from training.offers.service import FormationUnknown, FormationWithdrawn

router = APIRouter(prefix="/v1", tags=["habilitations"], dependencies=[public()])


@router.get(
    "/certifications/{number}/habilitations",
    response_model=HabilitationRead,
    responses=open_data.KEPT
    | problems(*NAMED, CertificationWithdrawn, MomentAmbiguous, SiretInvalid, FieldUnknown),
)
async def read_certification_habilitation(
    request: Request,
    reads: Reads,
    number: Number,
    asked: Asked,
    siret: Annotated[
        str,
        Query(
            max_length=40,
            description="of the establishment; blanks, dots and hyphens are left out",
            examples=["110 043 015 00012"],
        ),
    ],
    sparse: Annotated[Sparse, fields_of(HabilitationRead)],
) -> Response:
    """Say whether an organisation may enrol, train or assess for a certification, and why."""
    body = await service.habilitation(reads, number, siret, asked.day)
    return open_data.answer(request, sparse.document(body), seconds=asked.seconds, translated=True)


@router.get(
    "/certifications/{number}/organisations",
    response_model=Page[OrganisationRead],
    responses=open_data.KEPT
    | problems(*NAMED, CertificationWithdrawn, MomentAmbiguous, CursorRefused, FieldUnknown),
)
async def list_certification_organisations(
    request: Request,
    reads: Reads,
    number: Number,
    asked: Asked,
    paging: Paging,
    sparse: Annotated[Sparse, fields_of(OrganisationRead)],
    kind: Annotated[Kind | None, Query()] = None,
    state: Annotated[Standing | None, Query(description="in the source, today")] = None,
) -> Response:
    """List the certifying bodies of a certification, then its partners."""
    found = await service.organisations(reads, number, paging, asked.day, kind=kind, state=state)
    body = sparse.page(found.model_dump_json().encode())
    return open_data.answer(request, body, seconds=asked.seconds)


@router.get(
    "/formations/{formation_id}/habilitation",
    response_model=OfferHabilitationRead,
    responses=open_data.KEPT | problems(FormationUnknown, FormationWithdrawn, FieldUnknown),
)
async def read_formation_habilitation(
    request: Request,
    reads: Reads,
    formation_id: UUID,
    sparse: Annotated[Sparse, fields_of(OfferHabilitationRead)],
) -> Response:
    """Say whether a provider may offer a formation: of each certification, and of Qualiopi."""
    now = moments.now()
    body = await service.of_offer(reads, formation_id, now.day)
    return open_data.answer(request, sparse.document(body), seconds=now.seconds, translated=True)
