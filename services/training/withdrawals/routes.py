"""HTTP of withdrawals: for those who import the directory."""

from typing import Annotated

from fastapi import APIRouter

from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from training.certifications.routes import NAMED, Number
from training.certifications.service import CertificationWithdrawn
from training.withdrawals import service
from training.withdrawals.schemas import Withdrawal, WithdrawnRead
from training.withdrawals.service import CertificationNotAbsent

router = APIRouter(
    prefix="/v1/certifications", tags=["certifications"], route_class=IdempotentRoute
)


@router.post(
    "/{number}/withdraw",
    responses=problems(
        *NAMED, CertificationWithdrawn, CertificationNotAbsent, Stale, PreconditionRequired
    ),
)
async def withdraw_certification(
    session: Session,
    caller: Annotated[Principal, needs("training:import")],
    number: Number,
    body: Withdrawal,
    if_match: IfMatch,
) -> WithdrawnRead:
    """Take a certification that the directory has lacked for a month out of the catalogue."""
    return await service.withdraw(session, caller, number, body, if_match)
