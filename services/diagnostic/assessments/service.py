"""Starting diagnostics and saving their answers."""

import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.assessments import access, files, grids, prefilling, queries, rendering
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
from diagnostic.audit import service as audit
from diagnostic.enrolments import service as enrolments
from diagnostic.organisations import service as organisations
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import File
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool, WritePool


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


class AnswerStale(etags.Stale):
    """Somebody saved the answer since it was read; `current` holds what they saved."""

    def __init__(self, current: AnswerRead | None) -> None:
        tag = etags.of_version(current.version if current else 0)
        super().__init__(current=tag, headers={"etag": tag})
        self.current = current

    def body(self) -> dict[str, Any]:
        """Add the present answer, null when there is none."""
        shown = self.current.model_dump(mode="json") if self.current else None
        return {**super().body(), "current": shown}


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


async def answer(
    writes: WritePool,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    question: str,
    if_match: str,
    body: AnswerWrite,
) -> AnswerRead:
    """Save one answer in one statement; two people on two questions do not disturb each other.

    A faulty answer goes there as well, not to be saved: whether there is such a diagnostic, and
    whether it is open, comes before what is wrong with the answer.
    """
    grid = await grids.of(reads, await _version_of(reads, caller.tenant, assessment_id))
    present = None
    async with writes.connection("save answer") as connection, AsyncExitStack() as stack:
        if isinstance(grid.questions.get(question), File):  # its evidence must stay until then
            await stack.enter_async_context(connection.transaction())
            await connection.execute(queries.HOLD, assessment_id)
        wrong = await refusal(reads, grid, assessment_id, question, body)
        given = {} if wrong else columns(body)
        saved = await connection.fetchrow(
            queries.SAVE,
            assessment_id,
            question,
            caller.tenant,
            *(given.get(name) for name in ("state", "value", "reason", "confidence")),
            caller.subject,
            etags.held(if_match),
            wrong is None,
        )
        if saved is not None and saved["version"] is None:
            present = await connection.fetchrow(queries.PRESENT, assessment_id, question)
    if saved is None:
        raise AssessmentUnknown
    if saved["status"] not in WRITABLE:
        raise AssessmentClosed(status=saved["status"])
    if wrong is not None:
        raise wrong
    if saved["version"] is None:
        raise AnswerStale(_stored(question, present))
    return AnswerRead(
        question=question,
        **body.model_dump(),
        version=saved["version"],
        answered_at=saved["at"],
    )


_pinned: dict[uuid.UUID, uuid.UUID] = {}
"""Versions of the grid by diagnostic, which keeps its own for life."""

_KEPT = 20_000


async def _version_of(reads: ReadPool, tenant: str, assessment_id: uuid.UUID) -> uuid.UUID:
    """Find which version of the grid a diagnostic keeps, or raise AssessmentUnknown."""
    found = _pinned.get(assessment_id)
    if found is None:
        found = await reads.fetchval("pinned version", queries.PINNED, assessment_id, tenant)
        if found is None:
            raise AssessmentUnknown
        while len(_pinned) >= _KEPT:
            del _pinned[next(iter(_pinned))]
        _pinned[assessment_id] = found
    return found


def _stored(question: str, row: Mapping[str, Any] | None) -> AnswerRead | None:
    if row is None:
        return None
    return AnswerRead(
        question=question,
        state=row["state"],
        value=None if row["value"] is None else orjson.loads(row["value"]),
        reason=row["reason"],
        confidence=row["confidence"],
        version=row["version"],
        answered_at=row["answered_at"],
    )


async def refusal(
    reads: ReadPool,
    grid: PreparedGrid,
    assessment_id: uuid.UUID,
    question: str,
    body: AnswerWrite,
) -> QuestionUnknown | AnswerRefused | None:
    """Say why an answer does not fit its question; None when it does."""
    asked = grid.questions.get(question)
    if asked is None:
        return QuestionUnknown()
    if wrong := faults.of(rules.check_answer(asked, body.state, body.value, body.reason)):
        return AnswerRefused(wrong)
    if await files.missing(reads, grid, assessment_id, {question: body.model_dump()}):
        return AnswerRefused([faults.fault("/value", *files.NO_EVIDENCE)])
    return None


def columns(body: AnswerWrite) -> dict[str, Any]:
    """Give an answer's columns to a statement that saves it."""
    value = None if body.value is None else orjson.dumps(body.value).decode()
    return {**body.model_dump(), "value": value}
