"""What the sheets of a week make of its enrolments when it ends."""

from datetime import datetime

from diagnostic.attendance import queries
from diagnostic.audit import service as audit
from diagnostic.cohorts.models import Cohort
from diagnostic.enrolments import seats
from platformkit.auth import Principal
from platformkit.db import Session


async def settle(session: Session, caller: Principal, cohort: Cohort, now: datetime) -> None:
    """Say of each confirmed company of a locked cohort whether it came, where its sheets tell."""
    connection = await session.connection()
    settled = await connection.exec_driver_sql(queries.SETTLE, (cohort.id, now))
    for one in settled.all():
        await audit.record(session, caller, _WORD[one.status], "enrolment", one.id)
        await seats.tell(session, cohort, one)


_WORD = {"attended": "attend", "no_show": "no-show"}
