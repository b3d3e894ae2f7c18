"""Submitting diagnostics, and the scores that this freezes."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from diagnostic import faults
from diagnostic.assessments import access, grids, steps
from diagnostic.assessments import answers as rules
from diagnostic.assessments.backing import Backing
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.lifecycle import Verb
from diagnostic.assessments.models import WRITABLE, Answer, Assessment
from diagnostic.assessments.prefill import to_confirm
from diagnostic.assessments.rendering import backed
from diagnostic.assessments.scoring import ENGINE_VERSION, score
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid, missing, visibility
from diagnostic.scores import contributions, queries, rendering
from diagnostic.scores.models import Score
from diagnostic.scores.schemas import ScoreRead
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Invalid, NotFound
from platformkit.i18n import Language, Text, language
from platformkit.reads import ReadPool


class AnswersMissing(Invalid):
    """Questions shown lack a required answer, or only have a proposed one; each is named."""

    code = "answers-missing"
    title = Text("Réponses manquantes", "Answers missing")


class RevisionUnknown(NotFound):
    """No such revision of this diagnostic, or another tenant's diagnostic."""

    code = "revision-unknown"
    title = Text("Révision inconnue", "Unknown revision")
    detail = Text(
        "Aucun de vos diagnostics n’a cette révision.",
        "None of your assessments has this revision.",
    )


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
    rows = (await session.scalars(select(Answer).where(Answer.assessment_id == found.id))).all()
    backings = await _backings(session, found, grid)
    given = {
        one.question: rules.answer_of(
            one.state, one.value, one.reason, backings.get(one.question, Backing.DECLARED)
        )
        for one in rows
    }
    wrong = [faults.fault(f"/answers/{code}", *_REQUIRED) for code in missing(grid, given)]
    if found.prefill is not None:
        versions = {one.question: one.version for one in rows}
        waiting = to_confirm(found.prefill, versions, visibility(grid, given))
        wrong += [faults.fault(f"/answers/{code}", *_TO_CONFIRM) for code in waiting]
    if wrong:
        raise AnswersMissing(wrong)
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
        backing=backings or None,
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


async def _backings(session: Session, found: Assessment, grid: PreparedGrid) -> dict[str, str]:
    """Read what backs the answers today, where the profile limits them by it."""
    if grid.content.profile.evidence is None:
        return {}
    connection = await session.connection()
    rows = await connection.exec_driver_sql(queries.BACKED_NOW, (found.id,))
    return backed(dict(rows.mappings().one()))


_REQUIRED = (
    "answer_required",
    "Cette question est obligatoire et n’a pas de réponse.",
    "This question is required and has no answer.",
)
_TO_CONFIRM = (
    "answer_to_confirm",
    "Cette réponse a été proposée : confirmez-la en l’enregistrant, telle quelle ou changée.",
    "This answer was proposed: confirm it by saving it, as it is or changed.",
)


async def _score_in(session: Session, reads: ReadPool, found: Assessment) -> ScoreRead:
    """Show the frozen score as the transaction sees it."""
    connection = await session.connection()
    rows = await connection.exec_driver_sql(queries.SCORED, (found.id, found.tenant, None))
    row: dict[str, Any] = dict(rows.mappings().one())
    return rendering.frozen_score(row, await grids.of(reads, found.version_id), language())


@dataclass(frozen=True, slots=True)
class Sent:
    """A score as JSON, its entity tag, and the language of its texts."""

    body: bytes
    tag: str
    language: Language


_KEPT = 512
_rendered: dict[tuple[uuid.UUID, Language, int | None], Sent] = {}
"""Frozen scores as sent: they never change, and who may see one is asked each time."""


async def read(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> Sent:
    """Give the present score: the frozen one, or what can be said before."""
    row = await reads.fetchrow("score", queries.FOUND, assessment_id, *access.seen_by(caller))
    if row is None:
        raise AssessmentUnknown
    grid = await grids.of(reads, row["version_id"])
    if row["score_id"] is None:
        return _sent(rendering.provisional_score(row, grid, language()))
    key = (row["score_id"], grid.spoken(language()), row["targets_version"])
    sent = _rendered.get(key)
    if sent is None:
        [figures] = await reads.fetch("score figures", queries.FIGURES, row["score_id"])
        sent = _sent(rendering.frozen_score({**row, **figures}, grid, language()))
        while len(_rendered) >= _KEPT:
            del _rendered[next(iter(_rendered))]
        _rendered[key] = sent
    return sent


async def read_revision(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, revision: int
) -> Sent:
    """Give the score of one revision, or raise RevisionUnknown."""
    row = await of_revision(
        reads, "score of revision", queries.OF_REVISION, caller, assessment_id, revision
    )
    return _sent(rendering.shown(row, await grids.of(reads, row["version_id"]), language()))


async def of_revision(
    reads: ReadPool,
    name: str,
    statement: str,
    caller: Principal,
    assessment_id: uuid.UUID,
    revision: int,
) -> Mapping[str, Any]:
    """Read the one row of a revision that the caller may see, or raise RevisionUnknown."""
    row: Mapping[str, Any] | None = await reads.fetchrow(
        name, statement, assessment_id, *access.seen_by(caller), revision
    )
    if row is None:
        raise RevisionUnknown
    return row


def _sent(found: ScoreRead) -> Sent:
    body = found.model_dump_json().encode()
    return Sent(body, etags.of_bytes(body), found.language)
