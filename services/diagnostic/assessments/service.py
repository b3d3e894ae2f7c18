"""Starting diagnostics and saving their answers."""

import uuid
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.assessments import access, grids, prefilling, queries, rendering
from diagnostic.assessments import answers as rules
from diagnostic.assessments.models import VOID, WRITABLE, Assessment
from diagnostic.assessments.schemas import (
    AnswerRead,
    AnswerWrite,
    AssessmentListed,
    AssessmentRead,
    AssessmentStart,
)
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.enrolments import service as enrolments
from diagnostic.organisations import service as organisations
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import Question
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
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


class QuestionUnknown(NotFound):
    """The pinned version of the grid has no such question."""

    code = "question-unknown"
    title = Text("Question inconnue", "Unknown question")
    detail = Text(
        "La version de grille de ce diagnostic n’a pas cette question.",
        "This assessment's version of the grid has no such question.",
    )


class AnswerRefused(Invalid):
    """The answer does not fit its question."""

    code = "answer-refused"
    title = Text("Réponse refusée", "Answer refused")


_BEFORE_ALL = "2000-01-01T00:00:00+00:00"


async def start(
    session: Session, reads: ReadPool, caller: Principal, body: AssessmentStart
) -> uuid.UUID:
    """Begin a diagnostic on the latest version of the grid, which it keeps for life."""
    organisation = await organisations.own(session, caller.tenant, body.organisation_id)
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
    return created.id


async def listed(
    reads: ReadPool,
    paging: PageRequest,
    tenant: str,
    organisation_id: uuid.UUID | None,
    status: str | None,
) -> list[AssessmentListed]:
    """Read one diagnostic more than the page holds, oldest first."""
    at, last = paging.after or (_BEFORE_ALL, str(uuid.UUID(int=0)))
    rows = await reads.fetch(
        "assessments",
        queries.LISTED,
        tenant,
        organisation_id,
        status,
        datetime.fromisoformat(at),
        uuid.UUID(last),
        paging.limit + 1,
    )
    return [AssessmentListed(**dict(row)) for row in rows]


async def counted(
    reads: ReadPool, tenant: str, organisation_id: uuid.UUID | None, status: str | None
) -> int:
    """Count the whole list, whatever its pages."""
    found: int = await reads.fetchval(
        "assessments count", queries.COUNTED, tenant, organisation_id, status
    )
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


async def answer(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    question: str,
    if_match: str,
    body: AnswerWrite,
) -> AnswerRead:
    """Save one answer in two statements; two people on two questions do not disturb each other."""
    where = {"assessment": assessment_id, "question": question}
    found = (
        await session.execute(text(queries.LOCK_FOR_ANSWER), {**where, "tenant": caller.tenant})
    ).one_or_none()
    if found is None:
        raise AssessmentUnknown
    if found.status not in WRITABLE:
        raise AssessmentClosed(status=found.status)
    check(await grids.of(reads, found.version_id), question, body)
    etags.match(if_match, etags.of_version(found.version))
    saved = (
        await session.execute(
            text(queries.SAVE),
            {
                **where,
                **columns(body),
                "respondent": caller.subject,
                "expected": found.version,
                "revision": found.revision,
            },
        )
    ).one_or_none()
    if saved is None:  # somebody else was faster, after our reading
        present = await session.scalar(text(queries.PRESENT_VERSION), where)
        current = etags.of_version(present)
        raise etags.Stale(current=current, headers={"etag": current})
    return AnswerRead(
        question=question,
        **body.model_dump(),
        version=saved.version,
        answered_at=saved.at,
    )


def check(grid: PreparedGrid, question: str, body: AnswerWrite) -> Question:
    """Find the question of an answer that fits it, or raise QuestionUnknown or AnswerRefused."""
    asked = grid.questions.get(question)
    if asked is None:
        raise QuestionUnknown
    if wrong := faults.of(rules.check_answer(asked, body.state, body.value, body.reason)):
        raise AnswerRefused(wrong)
    return asked


def columns(body: AnswerWrite) -> dict[str, Any]:
    """Give an answer's columns to a statement that saves it."""
    value = None if body.value is None else orjson.dumps(body.value).decode()
    return {**body.model_dump(), "value": value}
