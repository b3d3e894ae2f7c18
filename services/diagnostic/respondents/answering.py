"""What respondents answer: each within their sections, nobody sees what the others said."""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text

from diagnostic.assessments import answering, grids, rendering
from diagnostic.assessments.answering import AnswerStale
from diagnostic.assessments.models import WRITABLE
from diagnostic.assessments.schemas import AnswerRead, AnswerWrite
from diagnostic.assessments.service import AssessmentClosed
from diagnostic.assessments.visibility import PreparedGrid, Visibility
from diagnostic.audit import service as audit
from diagnostic.respondents import queries
from diagnostic.respondents.models import Respondent, RespondentStatus
from diagnostic.respondents.schemas import RespondentAnswers
from diagnostic.respondents.service import RespondentErased, RespondentUnknown, own
from diagnostic.respondents.view import view
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict
from platformkit.i18n import Text
from platformkit.reads import ReadPool


class QuestionNotAssigned(Conflict):
    """The question is of a dimension that is not among the respondent's sections."""

    code = "question-not-assigned"
    title = Text("Question d’une autre section", "Question of another section")
    detail = Text(
        "Ce répondant répond aux sections : {sections}.",
        "This respondent answers the sections: {sections}.",
    )


class RespondentDone(Conflict):
    """The respondent has finished; reopening comes before another answer."""

    code = "respondent-done"
    title = Text("Répondant ayant terminé", "Respondent has finished")
    detail = Text(
        "Ce répondant a terminé : rouvrez ses réponses pour les changer.",
        "This respondent has finished: reopen their answers to change them.",
    )


async def answer(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    respondent_id: uuid.UUID,
    question: str,
    if_match: str,
    body: AnswerWrite,
) -> AnswerRead:
    """Save one answer of one respondent; the first makes an invited respondent active."""
    where = {"respondent": respondent_id, "question": question}
    found = (
        await session.execute(
            text(queries.LOCK_FOR_ANSWER),
            {**where, "assessment": assessment_id, "tenant": caller.tenant},
        )
    ).one_or_none()
    if found is None:
        raise RespondentUnknown
    if found.status not in WRITABLE:
        raise AssessmentClosed(status=found.status)
    if found.standing == RespondentStatus.ERASED:
        raise RespondentErased
    grid = await grids.of(reads, found.version_id)
    if wrong := await answering.refusal(reads, grid, assessment_id, question, body):
        raise wrong
    dimension = grid.questions[question].dimension
    if found.sections is not None and dimension not in found.sections:
        raise QuestionNotAssigned(sections=", ".join(found.sections))
    if found.standing == RespondentStatus.DONE:
        raise RespondentDone
    if not etags.matches(if_match, etags.of_version(found.version)):
        raise AnswerStale(await _present(session, where))
    saved = (
        await session.execute(
            text(queries.SAVE),
            {
                **where,
                **answering.columns(body),
                "expected": found.version,
                "revision": found.revision,
            },
        )
    ).one_or_none()
    if saved is None:  # somebody else was faster, after our reading
        raise AnswerStale(await _present(session, where))
    if found.standing == RespondentStatus.INVITED:
        await session.execute(text(queries.ACTIVATE), {"respondent": respondent_id})
    return AnswerRead(
        question=question, **body.model_dump(), version=saved.version, answered_at=saved.at
    )


async def _present(session: Session, where: dict[str, Any]) -> AnswerRead | None:
    """Read what this respondent answers now to this question."""
    row = (await session.execute(text(queries.PRESENT), where)).mappings().one_or_none()
    return None if row is None else AnswerRead.model_validate(dict(row))


async def read(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, respondent_id: uuid.UUID
) -> RespondentAnswers:
    """Show what a respondent is asked and has answered, in one statement."""
    row = await reads.fetchrow(
        "respondent with answers", queries.SEEN, respondent_id, assessment_id, caller.tenant
    )
    if row is None:
        raise RespondentUnknown
    return _shown(row, await grids.of(reads, row["version_id"]))


def _shown(row: Mapping[str, Any], grid: PreparedGrid) -> RespondentAnswers:
    stored: list[dict[str, Any]] = orjson.loads(row["own"] or "[]")
    by_code = {one["question"]: one for one in stored}
    found = view(
        grid,
        None if row["sections"] is None else orjson.loads(row["sections"]),
        rendering.as_answers(stored),
        rendering.as_answers(rendering.stored_answers(row)),
    )
    return RespondentAnswers(
        respondent_id=row["id"],
        status=row["status"],
        progress=rendering.progress(grid, found.answers, found.shown, found.codes),
        questions=[
            rendering.question_state(grid, code, found.shown[code], by_code.get(code))
            for code in found.codes
            if found.shown[code] is not Visibility.HIDDEN
        ],
        hidden=[
            code
            for code in found.codes
            if code in by_code and found.shown[code] is Visibility.HIDDEN
        ],
    )


async def finish(
    session: Session, caller: Principal, assessment_id: uuid.UUID, respondent_id: uuid.UUID
) -> Respondent:
    """Note that a respondent has said what they have to say, whatever they left out."""
    found = await _standing(session, caller, assessment_id, respondent_id)
    if found.status != RespondentStatus.DONE:
        await _stand(session, caller, found, RespondentStatus.DONE, "finish")
    return found


async def reopen(
    session: Session, caller: Principal, assessment_id: uuid.UUID, respondent_id: uuid.UUID
) -> Respondent:
    """Let a respondent who has finished answer again."""
    found = await _standing(session, caller, assessment_id, respondent_id)
    if found.status == RespondentStatus.DONE:
        await _stand(session, caller, found, RespondentStatus.ACTIVE, "reopen")
    return found


async def _standing(
    session: Session, caller: Principal, assessment_id: uuid.UUID, respondent_id: uuid.UUID
) -> Respondent:
    found = await own(session, caller, assessment_id, respondent_id, lock=True)
    if found.status == RespondentStatus.ERASED:
        raise RespondentErased
    return found


async def _stand(
    session: Session, caller: Principal, found: Respondent, status: RespondentStatus, verb: str
) -> None:
    found.status = status
    found.version += 1
    await session.flush()
    await audit.record(session, caller, verb, "respondent", found.id)
