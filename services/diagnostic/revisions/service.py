"""Reading what a diagnostic was at any of its revisions."""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.rendering import as_answers, stored_answers
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.assessments.visibility import Visibility, visibility
from diagnostic.revisions import queries
from diagnostic.revisions.schemas import AnswerThen, RevisionListed, RevisionRead
from diagnostic.scores.service import of_revision
from platformkit.auth import Principal
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool


async def listed(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, paging: PageRequest
) -> list[RevisionListed]:
    """Read one revision more than the page holds, the first one first."""
    [after] = paging.after or [0]
    rows = await reads.fetch(
        "revisions",
        queries.LISTED,
        assessment_id,
        *access.seen_by(caller),
        after,
        paging.limit + 1,
    )
    if not rows:
        raise AssessmentUnknown
    return [_listed(row) for row in rows if row["revision"] is not None]


def _listed(row: Mapping[str, Any]) -> RevisionListed:
    return RevisionListed.model_validate({**row, "steps": orjson.loads(row["steps"] or "[]")})


async def counted(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> int:
    """Count the revisions, the open one too."""
    found: int = await reads.fetchval(
        "revisions count", queries.COUNTED, assessment_id, *access.seen_by(caller)
    )
    return found


async def read(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, revision: int
) -> RevisionRead:
    """Rebuild the answers of a revision, or raise RevisionUnknown."""
    row = await of_revision(reads, "revision", queries.ANSWERED, caller, assessment_id, revision)
    stored = stored_answers(row, "answers_then")
    answers = as_answers(stored)
    shown = visibility(await grids.of(reads, row["version_id"]), answers)
    return RevisionRead(
        assessment_id=assessment_id,
        revision=revision,
        answers=[AnswerThen.model_validate(one) for one in stored],
        hidden=[code for code in answers if shown.get(code) is Visibility.HIDDEN],
    )
