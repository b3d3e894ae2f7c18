"""Starting diagnostics and saving their answers."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from diagnostic.assessments import access, grids, prefilling, queries, rendering
from diagnostic.assessments.models import VOID, Assessment
from diagnostic.assessments.schemas import (
    AssessmentListed,
    AssessmentRead,
    AssessmentStart,
)
from diagnostic.audit import service as audit
from diagnostic.enrolments import service as enrolments
from diagnostic.organisations import service as organisations
from diagnostic.questionnaires import service as questionnaires
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool


class AssessmentUnknown(NotFound):
    """No such diagnostic, or another tenant's."""

    code = "assessment-unknown"
    title = Text("Diagnostic inconnu", "Unknown assessment")
    detail = Text(
        "Aucun de vos diagnostics ne porte cet identifiant.",
        "None of your assessments has this identifier.",
    )


class AssessmentExists(Conflict):
    """A company takes a grid once per programme and milestone."""

    code = "assessment-exists"
    title = Text("Diagnostic déjà commencé", "Assessment already started")
    detail = Text(
        "Cette entreprise a déjà un diagnostic sur cette grille au jalon {milestone} : {existing}.",
        "This organisation already has an assessment on this grid at {milestone}: {existing}.",
    )


class AssessmentClosed(Conflict):
    """Answers are read-only from the submission on, until an amendment."""

    code = "assessment-closed"
    title = Text("Diagnostic clos", "Assessment closed")
    detail = Text(
        "Le diagnostic est à l’état « {status} » : ses réponses ne changent plus.",
        "The assessment is “{status}”: its answers no longer change.",
    )


_BEFORE_ALL = "2000-01-01T00:00:00+00:00"


async def start(
    session: Session, reads: ReadPool, caller: Principal, body: AssessmentStart
) -> uuid.UUID:
    """Begin a diagnostic on the latest version of the grid, which it keeps for life.

    Holds the company: what is begun while it is erased would stay.
    """
    organisation = await organisations.own(session, caller.tenant, body.organisation_id, lock=True)
    version = await questionnaires.latest(session, body.questionnaire)
    programme_id = None
    if body.cohort_id is not None:
        programme_id = await enrolments.programme_of_seat(session, body.cohort_id, organisation.id)
    earlier = None
    if body.derived_from is not None:
        earlier = await prefilling.source(
            session, organisation.id, version.questionnaire_id, body.derived_from
        )
    values = {
        "organisation_id": organisation.id,
        "questionnaire_id": version.questionnaire_id,
        "programme_id": programme_id,
        "milestone": body.milestone,
    }
    created: Assessment | None = await session.scalar(
        insert(Assessment)
        .values(
            **values,
            id=uuid.uuid4(),
            pseudonym=uuid.uuid4(),
            tenant=caller.tenant,
            version_id=version.id,
            cohort_id=body.cohort_id,
            derived_from=body.derived_from,
        )
        .on_conflict_do_nothing()
        .returning(Assessment)
    )
    if created is None:
        existing = await session.scalar(
            select(Assessment.id).where(
                *(
                    getattr(Assessment, name).is_not_distinct_from(value)
                    for name, value in values.items()
                ),
                Assessment.status.not_in(VOID),
            )
        )
        raise AssessmentExists(milestone=body.milestone, existing=existing)
    await prefilling.fill(session, reads, caller, created, organisation, earlier)
    await audit.record(session, caller, "start", "assessment", created.id)
    return created.id


@dataclass(frozen=True, slots=True)
class Sought:
    """Which diagnostics to list: the tenant's, or those begun in a cohort that the caller sees."""

    caller: Principal
    organisation_id: uuid.UUID | None
    cohort_id: uuid.UUID | None
    status: str | None

    @property
    def arguments(self) -> tuple[object, ...]:
        """Give the first parameters of the lists."""
        reach = access.seen_by(self.caller) if self.cohort_id else access.owned_by(self.caller)
        return (*reach, self.cohort_id, self.organisation_id, self.status)


async def listed(reads: ReadPool, paging: PageRequest, sought: Sought) -> list[AssessmentListed]:
    """Read one diagnostic more than the page holds, oldest first."""
    at, last = paging.after or (_BEFORE_ALL, str(uuid.UUID(int=0)))
    rows = await reads.fetch(
        "assessments",
        queries.LISTED_OF_COHORT if sought.cohort_id else queries.LISTED,
        *sought.arguments,
        datetime.fromisoformat(at),
        uuid.UUID(last),
        paging.limit + 1,
    )
    return [AssessmentListed(**dict(row)) for row in rows]


async def counted(reads: ReadPool, sought: Sought) -> int:
    """Count the whole list, whatever its pages."""
    statement = queries.COUNTED_OF_COHORT if sought.cohort_id else queries.COUNTED
    found: int = await reads.fetchval("assessments count", statement, *sought.arguments)
    return found


async def read(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> AssessmentRead:
    """Show a diagnostic that the caller may see, in one statement."""
    row = await reads.fetchrow(
        "assessment with answers", queries.WHOLE, assessment_id, *access.seen_by(caller)
    )
    if row is None:
        raise AssessmentUnknown
    return rendering.assessment(row, await grids.of(reads, row["version_id"]))


async def read_in(session: Session, reads: ReadPool, assessment_id: uuid.UUID) -> AssessmentRead:
    """Show a diagnostic as the transaction sees it, before its commit."""
    pinned = await session.get_one(Assessment, assessment_id)
    connection = await session.connection()
    rows = await connection.exec_driver_sql(queries.WHOLE, (pinned.id, pinned.tenant, None))
    return rendering.assessment(
        dict(rows.mappings().one()), await grids.of(reads, pinned.version_id)
    )
