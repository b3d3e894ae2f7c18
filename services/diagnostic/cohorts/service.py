"""Opening and finding cohorts."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.cohorts import planning, queries
from diagnostic.cohorts.models import Cohort, CohortStatus, Programme
from diagnostic.cohorts.schemas import CohortCreate, ProgrammeCreate
from diagnostic.cohorts.week import first_instant
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.paris import PARIS


class ProgrammeUnknown(NotFound):
    """No programme of this code."""

    code = "programme-unknown"
    title = Text("Programme inconnu", "Unknown programme")
    detail = Text("Aucun programme ne porte ce code.", "No programme has this code.")


class ProgrammeExists(Conflict):
    """The code is taken."""

    code = "programme-exists"
    title = Text("Programme déjà créé", "Programme already exists")


class CohortUnknown(NotFound):
    """No such cohort, or, for its facilitator's acts, one of another tenant."""

    code = "cohort-unknown"
    title = Text("Cohorte inconnue", "Unknown cohort")
    detail = Text("Aucune cohorte ne porte cet identifiant.", "No cohort has this identifier.")


class CohortExists(Conflict):
    """The code is taken."""

    code = "cohort-exists"
    title = Text("Cohorte déjà créée", "Cohort already exists")
    detail = Text("Une cohorte porte déjà le code {code}.", "A cohort already has code {code}.")


class CohortNotOpen(Conflict):
    """The cohort is planned, closed, over or cancelled."""

    code = "cohort-not-open"
    title = Text("Cohorte non ouverte", "Cohort not open")
    detail = Text(
        "La cohorte est à l’état « {status} » : elle ne prend pas d’inscription.",
        "The cohort is “{status}”: it takes no enrolment.",
    )


class EnrolmentClosed(Conflict):
    """The closing instant has passed."""

    code = "enrolment-closed"
    title = Text("Inscriptions closes", "Enrolment closed")
    detail = Text(
        "Les inscriptions ont fermé le {closed_at} (heure de Paris).",
        "Enrolment closed on {closed_at} (Paris time).",
    )

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(closed_at=f"{closed_at.astimezone(PARIS):%Y-%m-%d %H:%M}")


async def create_programme(session: Session, body: ProgrammeCreate) -> Programme:
    """Add a programme, or raise ProgrammeExists."""
    created: Programme | None = await session.scalar(
        insert(Programme)
        .values(id=uuid.uuid4(), code=body.code, title=body.title.model_dump())
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(Programme)
    )
    if created is None:
        raise ProgrammeExists
    return created


async def programmes(session: Session, paging: PageRequest) -> Sequence[Programme]:
    """Read one programme more than the page holds, by code."""
    query = select(Programme).order_by(Programme.code).limit(paging.limit + 1)
    if paging.after is not None:
        query = query.where(Programme.code > paging.after[0])
    return (await session.scalars(query)).all()


async def programmes_counted(session: Session) -> int:
    """Count the programmes."""
    return await session.scalar(select(func.count()).select_from(Programme)) or 0


async def create(
    session: Session, caller: Principal, body: CohortCreate, now: datetime
) -> tuple[Cohort, str]:
    """Open a cohort to enrolment, its week planned; its tenant is the one who facilitates it."""
    closes_at = body.enrol_closes_at or first_instant(body.starts_on)
    if closes_at <= now:
        raise Invalid([faults.fault("/enrol_closes_at", *CLOSES_IN_THE_PAST)])
    programme = await session.scalar(select(Programme).where(Programme.code == body.programme))
    if programme is None:
        raise ProgrammeUnknown
    created = await session.scalar(
        insert(Cohort)
        .values(
            **body.model_dump(exclude={"programme", "enrol_closes_at"}),
            id=uuid.uuid4(),
            programme_id=programme.id,
            tenant=caller.tenant,
            co_facilitators=[],
            enrol_closes_at=closes_at,
            timezone=PARIS.key,
        )
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(Cohort)
    )
    if created is None:
        raise CohortExists(code=body.code)
    await audit.record(session, caller, "open", "cohort", created.id)
    await tell(session, created, "created")
    await planning.plan(session, created)
    return created, programme.code


CLOSES_IN_THE_PAST = (
    "closes_in_the_past",
    "Les inscriptions seraient déjà closes.",
    "Enrolment would already be closed.",
)


def _standing(now: datetime) -> ColumnElement[str]:
    """Write `lifecycle.standing` for a list."""
    is_past = and_(Cohort.status == CohortStatus.OPEN, Cohort.enrol_closes_at <= now)
    return case((is_past, CohortStatus.CLOSED), else_=Cohort.status)


async def listed(
    session: Session, paging: PageRequest, status: str | None, now: datetime
) -> Sequence[tuple[Cohort, str]]:
    """Read one cohort more than the page holds, by first day."""
    query = select(Cohort, Programme.code).join(Programme, Programme.id == Cohort.programme_id)
    if status is not None:
        query = query.where(_standing(now) == status)
    if paging.after is not None:
        day, last = paging.after
        query = query.where(
            tuple_(Cohort.starts_on, Cohort.id)
            > (datetime.fromisoformat(day).date(), uuid.UUID(last))
        )
    query = query.order_by(Cohort.starts_on, Cohort.id).limit(paging.limit + 1)
    return [(cohort, code) for cohort, code in await session.execute(query)]


async def counted(session: Session, status: str | None, now: datetime) -> int:
    """Count the whole list, whatever its pages."""
    query = select(func.count()).select_from(Cohort)
    if status is not None:
        query = query.where(_standing(now) == status)
    return await session.scalar(query) or 0


async def one(session: Session, cohort_id: uuid.UUID) -> tuple[Cohort, str]:
    """Read a cohort with the code of its programme, or raise CohortUnknown."""
    found = (
        await session.execute(
            select(Cohort, Programme.code)
            .join(Programme, Programme.id == Cohort.programme_id)
            .where(Cohort.id == cohort_id)
        )
    ).one_or_none()
    if found is None:
        raise CohortUnknown
    return found[0], found[1]


async def facilitated(
    session: Session, caller: Principal, cohort_id: uuid.UUID, *, lock: bool = False
) -> Cohort:
    """Read a cohort that the caller facilitates, or raise CohortUnknown; `lock` holds it."""
    query = select(Cohort).where(Cohort.id == cohort_id, facilitated_by(caller))
    found = await session.scalar(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
        if lock
        else query
    )
    if found is None:
        raise CohortUnknown
    return found


def facilitated_by(caller: Principal) -> ColumnElement[bool]:
    """Write whose cohort it is: of the tenant that opened it, or of one beside it."""
    return or_(Cohort.tenant == caller.tenant, Cohort.co_facilitators.contains([caller.tenant]))


async def tell(session: Session, cohort: Cohort, kind: feed.Kind) -> None:
    """Publish the figures of a cohort as they are stored."""
    connection = await session.connection()
    await connection.exec_driver_sql(queries.TELL, (cohort.id, kind))
