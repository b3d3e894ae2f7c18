"""Changing a cohort: its words, its seats, its days, and who facilitates it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import text

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.cohorts import planning
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.lifecycle import BEFORE
from diagnostic.cohorts.models import Cohort
from diagnostic.cohorts.schemas import CLOSES_AFTER_START, NOT_A_WEEK, CohortUpdate
from diagnostic.cohorts.service import CLOSES_IN_THE_PAST
from diagnostic.cohorts.week import first_instant, is_working_week
from diagnostic.enrolments import queries, seats
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Fault, Forbidden, Invalid
from platformkit.i18n import Text


class CapacityTaken(Conflict):
    """There are not fewer seats than companies that have one."""

    code = "capacity-taken"
    title = Text("Places déjà prises", "Seats already taken")
    detail = Text(
        "{taken} places sont prises : la capacité ne peut être inférieure.",
        "{taken} seats are taken: the capacity cannot be lower.",
    )


class WeekBegun(Conflict):
    """Seats and days change before the week only."""

    code = "cohort-week-begun"
    title = Text("Semaine commencée", "Week already begun")
    detail = Text(
        "La cohorte est à l’état « {status} » : places et dates ne changent plus.",
        "The cohort is “{status}”: its seats and days no longer change.",
    )


class DaysOverlap(Conflict):
    """Some of its companies have a seat elsewhere on the new days."""

    code = "cohort-days-overlap"
    title = Text("Dates en conflit", "Overlapping days")
    detail = Text(
        "{companies} entreprises de la cohorte ont déjà une place ailleurs ces jours-là.",
        "{companies} companies of the cohort already have a seat elsewhere on these days.",
    )


class NotItsOpener(Forbidden):
    """Only the tenant that opened the cohort says who facilitates it too."""

    code = "not-cohort-opener"
    title = Text("Réservé à qui a ouvert la cohorte", "For the cohort's opener only")
    detail = Text(
        "Seule l’organisation qui a ouvert la cohorte désigne ses autres facilitateurs.",
        "Only the organisation that opened the cohort names its other facilitators.",
    )


_SETTLED = frozenset({"capacity", "starts_on", "ends_on", "enrol_closes_at"})
_STARTS_IN_THE_PAST = (
    "starts_in_the_past",
    "La semaine serait déjà commencée.",
    "The week would already have begun.",
)
_CLASHES = text(
    f"""
SELECT count(*) FROM diagnostic.enrolment e
WHERE e.cohort_id = :cohort AND e.seat_no IS NOT NULL
    AND {queries.ELSEWHERE.format(days="daterange(:first, :last, '[]')")}
"""  # noqa: S608  # a rule of ours
)


async def change(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    if_match: str,
    body: CohortUpdate,
    now: datetime,
) -> Cohort:
    """Change the fields that were sent; free seats go to the first in line, sessions follow."""
    found = await cohorts.facilitated(session, caller, cohort_id, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    sent = body.model_dump(exclude_unset=True)
    if "co_facilitators" in sent and found.tenant != caller.tenant:
        raise NotItsOpener
    changes_week = not _SETTLED.isdisjoint(sent)
    if changes_week:
        if found.status not in BEFORE:
            raise WeekBegun(status=found.status)
        _refuse_odd_week(found, sent, now)
        if sent.get("capacity", found.capacity) < found.seats_taken:
            raise CapacityTaken(taken=found.seats_taken)
        await _change_days(session, found, sent, now)
    for field, value in sent.items():
        setattr(found, field, value)
    await seats.settle(session, caller, found, now)
    await audit.record(session, caller, "change", "cohort", found.id)
    await cohorts.tell(session, found, "updated")
    return found


def _refuse_odd_week(found: Cohort, sent: dict[str, Any], now: datetime) -> None:
    """Judge the week as it would be; a closing instant that was the week's start moves with it."""
    starts_on = sent.get("starts_on", found.starts_on)
    ends_on = sent.get("ends_on", found.ends_on)
    begins = first_instant(starts_on)
    if "enrol_closes_at" not in sent and found.enrol_closes_at == first_instant(found.starts_on):
        sent["enrol_closes_at"] = begins
    closes_at = sent.get("enrol_closes_at", found.enrol_closes_at)
    wrong: list[Fault] = []
    if not is_working_week(starts_on, ends_on):
        wrong.append(faults.fault("/ends_on", *NOT_A_WEEK))
    if starts_on != found.starts_on and begins <= now:
        wrong.append(faults.fault("/starts_on", *_STARTS_IN_THE_PAST))
    if closes_at > begins:
        wrong.append(faults.fault("/enrol_closes_at", *CLOSES_AFTER_START))
    if closes_at != found.enrol_closes_at and closes_at <= now < begins:
        wrong.append(faults.fault("/enrol_closes_at", *CLOSES_IN_THE_PAST))
    if wrong:
        raise Invalid(wrong)


async def _change_days(
    session: Session, found: Cohort, sent: dict[str, Any], now: datetime
) -> None:
    first, last = sent.get("starts_on", found.starts_on), sent.get("ends_on", found.ends_on)
    if (first, last) == (found.starts_on, found.ends_on):
        return
    await seats.hold(session, found)
    clashes = await session.scalar(_CLASHES, {"cohort": found.id, "first": first, "last": last})
    if clashes:
        raise DaysOverlap(companies=clashes)
    await planning.follow(session, found, first, last, now)
