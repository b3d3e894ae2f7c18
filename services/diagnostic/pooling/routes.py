"""HTTP of pooling, under the cohort that it is in."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.cohorts.service import CohortUnknown
from diagnostic.enrolments.service import NoSeat
from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.pooling import service as pooling
from diagnostic.pooling.schemas import TERMS, PoolingJoin, PoolingRead, PoolingStanding
from diagnostic.questionnaires.service import QuestionnaireUnknown
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/cohorts/{cohort_id}/pooling", tags=["pooling"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.get("", responses=problems(CohortUnknown))
async def read_pooling(cohort_id: UUID, reads: Reads, caller: Reader) -> PoolingRead:
    """Read who can help whom with what: all of it as the facilitator, else what is about you.

    Only companies that said yes are in it, and only who is in sees anybody; scores never show.
    """
    return await pooling.read(reads, caller, cohort_id)


@router.get("/{organisation_id}", responses=problems(OrganisationUnknown))
async def read_pooling_consent(
    cohort_id: UUID, organisation_id: UUID, session: Session, caller: Reader, response: Response
) -> PoolingStanding:
    """Read what a company of yours said, and the terms; `"0"` is its tag before its first word."""
    found = await pooling.standing(session, caller, cohort_id, organisation_id)
    return _shown(organisation_id, found, response)


@router.put(
    "/{organisation_id}",
    responses=problems(
        OrganisationUnknown,
        CohortUnknown,
        QuestionnaireUnknown,
        NoSeat,
        Invalid,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def join_pooling(
    cohort_id: UUID,
    organisation_id: UUID,
    body: PoolingJoin,
    if_match: etags.IfMatch,
    session: Session,
    caller: Writer,
    response: Response,
) -> PoolingStanding:
    """Say yes for a company of yours with a seat, and what it offers and asks; the day is kept."""
    now = datetime.now(UTC)
    found = await pooling.join(session, caller, cohort_id, organisation_id, if_match, body, now)
    return _shown(organisation_id, found, response)


@router.delete("/{organisation_id}", status_code=204, responses=problems(OrganisationUnknown))
async def leave_pooling(
    cohort_id: UUID, organisation_id: UUID, session: Session, caller: Writer
) -> None:
    """Take a company of yours out at once; no tag is asked for, and again is the same."""
    await pooling.leave(session, caller, cohort_id, organisation_id, datetime.now(UTC))


def _shown(
    organisation_id: UUID, standing: pooling.Standing, response: Response
) -> PoolingStanding:
    found, questionnaire = standing
    version = found.version if found else 0
    etags.tagged(response, version)
    return PoolingStanding(
        organisation_id=organisation_id,
        is_in=found is not None and found.withdrawn_at is None,
        terms=found.terms if found else "1",
        terms_text=TERMS(),
        questionnaire=questionnaire,
        offers=found.offers if found else None,
        asks=found.asks if found else None,
        most_helped=found.most_helped if found else None,
        consented_at=found.consented_at if found else None,
        withdrawn_at=found.withdrawn_at if found else None,
        version=version,
    )
