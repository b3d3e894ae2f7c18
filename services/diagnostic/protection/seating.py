"""The seats of a company that leaves go to the first in line, as when it cancels."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from diagnostic.cohorts.models import Cohort
from diagnostic.enrolments import seats
from diagnostic.enrolments.lifecycle import STEPS, Step
from diagnostic.enrolments.models import Enrolment
from platformkit.auth import Principal
from platformkit.db import Session

_CANCEL = STEPS[Step.CANCEL]


async def held(session: Session, organisation_id: uuid.UUID) -> Sequence[Cohort]:
    """Hold every cohort in which a company can still cancel, in the order of their ids."""
    query = select(Cohort).where(
        Cohort.status.in_(_CANCEL.during),
        exists().where(
            Enrolment.cohort_id == Cohort.id,
            Enrolment.organisation_id == organisation_id,
            Enrolment.status.in_(_CANCEL.sources),
        ),
    )
    locked = query.order_by(Cohort.id).with_for_update(key_share=True)
    return (await session.scalars(locked.execution_options(populate_existing=True))).all()


async def give_up(
    session: Session,
    caller: Principal,
    cohort: Cohort,
    organisation_id: uuid.UUID,
    now: datetime,
) -> None:
    """Cancel the company's enrolment in a held cohort, and let the line move up."""
    found = await session.scalar(
        select(Enrolment).where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.organisation_id == organisation_id,
            Enrolment.status.in_(_CANCEL.sources),
        )
    )
    if found is not None:
        await seats.move(session, caller, cohort, found, Step.CANCEL, now)
