"""Submitting diagnostics, and the scores that this freezes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from diagnostic import faults
from diagnostic.assessments import access, grids, steps
from diagnostic.assessments import answers as rules
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.lifecycle import Verb
from diagnostic.assessments.models import WRITABLE, Answer, Assessment
from diagnostic.assessments.scoring import ENGINE_VERSION, score
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import missing
from diagnostic.scores import contributions, queries, rendering
from diagnostic.scores.models import Score
from diagnostic.scores.schemas import ScoreRead
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Invalid
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool


class AnswersMissing(Invalid):
    """Required questions that are shown have no answer; each is named."""

    code = "answers-missing"
    title = Text("Réponses manquantes", "Answers missing")


async def submit(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    now: datetime,
) -> ScoreRead:
    """Close the answers and freeze their score, both or neither."""
    found = await steps.locked(session, assessment_id, access.owned_by(caller))
    if found.status not in WRITABLE:
        raise AssessmentClosed(status=found.status)
    grid = await grids.of(reads, found.version_id)
    rows = await session.scalars(select(Answer).where(Answer.assessment_id == found.id))
    given = {one.question: rules.answer_of(one.state, one.value, one.reason) for one in rows}
    if unanswered := missing(grid, given):
        raise AnswersMissing([faults.fault(f"/answers/{code}", *_REQUIRED) for code in unanswered])
    figures = score(grid, given)
    frozen = Score(
        assessment_id=found.id,
        assessment_revision=found.revision,
        version_id=found.version_id,
        engine_version=ENGINE_VERSION,
        input_hash=figures.input_hash,
        result=figures.as_json(),
        explanation=explain(figures).as_json(),
        result_hash=figures.result_hash(),
        computed_at=now,
    )
    session.add(frozen)
    found.submitted_at = now
    await steps.take(
        session, caller, found, Verb.SUBMIT,
        before=figures.input_hash, outcome=frozen.result_hash,
    )  # fmt: skip
    await contributions.tell(session, found)
    return await _score_in(session, reads, found)


_REQUIRED = (
    "answer_required",
    "Cette question est obligatoire et n’a pas de réponse.",
    "This question is required and has no answer.",
)


async def _score_in(session: Session, reads: ReadPool, found: Assessment) -> ScoreRead:
    """Show the frozen score as the transaction sees it."""
    connection = await session.connection()
    rows = await connection.exec_driver_sql(queries.SCORED, (found.id, found.tenant, None))
    row: dict[str, Any] = dict(rows.mappings().one())
    return rendering.frozen_score(row, await grids.of(reads, found.version_id), language())


async def read(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> ScoreRead:
    """Show the frozen score, or what can be said before the submission."""
    row = await reads.fetchrow("score", queries.SCORED, assessment_id, *access.seen_by(caller))
    if row is None:
        raise AssessmentUnknown
    grid = await grids.of(reads, row["version_id"])
    if row["result"] is not None:
        return rendering.frozen_score(row, grid, language())
    return rendering.provisional_score(row, grid, language())
