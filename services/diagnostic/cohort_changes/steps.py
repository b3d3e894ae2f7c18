"""Taking a step in the life of a cohort."""

import uuid
from datetime import datetime

from diagnostic.attendance import settling
from diagnostic.audit import service as audit
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.lifecycle import STEPS, Step, after, not_before, standing
from diagnostic.cohorts.models import Cohort, CohortStatus
from diagnostic.cohorts.service import CohortNotOpen, EnrolmentClosed
from diagnostic.enrolments import seats
from diagnostic.enrolments.models import ENDED, EnrolmentStatus, Reason
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict
from platformkit.i18n import Text
from platformkit.paris import day_in_paris


class CohortStepRefused(Conflict):
    """The state that the cohort is in does not lead there."""

    code = "cohort-step-refused"
    title = Text("Étape impossible", "Step not possible")
    detail = Text(
        "La cohorte est à l’état « {status} » ; « {step} » part de : {sources}.",
        "The cohort is “{status}”; “{step}” starts from: {sources}.",
    )


class CohortTooEarly(Conflict):
    """The step waits for the first or the last day of the week."""

    code = "cohort-too-early"
    title = Text("Trop tôt", "Too early")
    detail = Text(
        "« {step} » est possible à partir du {day} (heure de Paris).",
        "“{step}” is possible from {day} on (Paris time).",
    )


async def take(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    step: Step,
    if_match: str,
    now: datetime,
) -> Cohort:
    """Move a cohort that the caller facilitates, and what its enrolments must follow.

    When the week begins, whoever still waits has waited in vain; when it ends, its sheets say who
    came; a cohort that is called off lets all its companies go.
    """
    found = await cohorts.facilitated(session, caller, cohort_id, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    shown = standing(found.status, found.enrol_closes_at, now)
    target = after(step, found.status, shown)
    if target is None:
        if step is Step.CANCEL:  # as it has always been answered
            raise CohortNotOpen(status=shown)
        raise CohortStepRefused(status=shown, step=step, sources=", ".join(sorted(STEPS[step][0])))
    day = not_before(step, found.starts_on, found.ends_on)
    if day is not None and day_in_paris(now) < day:
        raise CohortTooEarly(step=step, day=day.isoformat())
    if step is Step.OPEN and found.enrol_closes_at <= now:
        raise EnrolmentClosed(found.enrol_closes_at)
    found.status = target
    waiting = {EnrolmentStatus.WAITLISTED}
    if target is CohortStatus.RUNNING:
        await seats.end(
            session, found, waiting, EnrolmentStatus.EXPIRED, Reason.COHORT_STARTED, now
        )
    elif target is CohortStatus.CANCELLED:
        every = set(EnrolmentStatus) - ENDED
        await seats.end(
            session, found, every, EnrolmentStatus.CANCELLED, Reason.COHORT_CANCELLED, now
        )
    elif target is CohortStatus.COMPLETED:
        await settling.settle(session, caller, found, now)
    await seats.settle(session, caller, found, now)
    await audit.record(session, caller, step, "cohort", found.id)
    await cohorts.tell(session, found, "updated")
    return found
