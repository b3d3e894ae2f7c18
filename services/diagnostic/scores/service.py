"""Submitting diagnostics, and the scores that this freezes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from diagnostic import faults
from diagnostic.assessments import access, grids
from diagnostic.assessments import answers as rules
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.models import WRITABLE, Answer, Assessment, Status
from diagnostic.assessments.scoring import ENGINE_VERSION, score
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import missing
from diagnostic.audit import service as audit
from diagnostic.cohorts.models import Programme
from diagnostic.organisations.models import Organisation
from diagnostic.questionnaires.models import QuestionnaireVersion
from diagnostic.scores import queries, rendering
from diagnostic.scores.models import Score
from diagnostic.scores.schemas import ScoreRead
from platformkit import feed
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
    found = await session.scalar(
        select(Assessment)
        .where(Assessment.id == assessment_id, Assessment.tenant == caller.tenant)
        .with_for_update()
    )
    if found is None:
        raise AssessmentUnknown
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
    found.status, found.submitted_at = Status.SUBMITTED, now
    await session.flush()
    await audit.record(
        session, caller, "submit", "assessment", found.id,
        before=figures.input_hash, after=frozen.result_hash,
    )  # fmt: skip
    await _tell(session, found, frozen)
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


async def _tell(session: Session, found: Assessment, frozen: Score) -> None:
    """Publish a contribution under pseudonyms; without consent, only that there was one."""
    organisation = await session.get_one(Organisation, found.organisation_id)
    version = await session.get_one(QuestionnaireVersion, found.version_id)
    programme = await session.get_one(Programme, found.programme_id) if found.programme_id else None
    payload: dict[str, Any] = {
        "questionnaire": version.content["code"],
        "questionnaire_version": version.version,
        "scoring_hash": version.scoring_hash,
        "milestone": found.milestone,
        "programme": programme.code if programme else None,
        "benchmark_consent": organisation.benchmark_consent,
    }
    if organisation.benchmark_consent:
        result = frozen.result
        payload |= {
            "organisation": str(organisation.pseudonym),
            "naf_division": organisation.naf_code[:2],
            "size_band": organisation.size_band,
            "region_code": organisation.region_code,
            "complete": result["complete"],
            "score": result["score"],
            "level": result["level"],
            "dimensions": {one["code"]: one["score"] for one in result["dimensions"]},
        }
    await feed.publish(
        session,
        entity="assessment",
        entity_id=str(found.pseudonym),
        kind="created" if found.revision == 1 else "updated",
        version=found.revision,
        payload=payload,
    )
