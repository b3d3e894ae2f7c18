"""Saving the answers of a diagnostic, one at a time."""

import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import orjson

from diagnostic import faults
from diagnostic.assessments import answers as rules
from diagnostic.assessments import files, grids, queries
from diagnostic.assessments.models import WRITABLE
from diagnostic.assessments.schemas import AnswerRead, AnswerWrite
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.questionnaires.grid import File
from platformkit import etags
from platformkit.auth import Principal
from platformkit.errors import Invalid, NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool, WritePool


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
