"""Showing where respondents stand, and settling answers from what they say."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text

from diagnostic import faults
from diagnostic.assessments import access, files, grids, rendering, steps
from diagnostic.assessments import answers as rules
from diagnostic.assessments.answering import AnswerRefused
from diagnostic.assessments.models import WRITABLE
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid, Visibility
from diagnostic.audit import service as audit
from diagnostic.consolidations import queries
from diagnostic.consolidations.proposal import Voice, disagree, propose
from diagnostic.consolidations.schemas import (
    Consolidate,
    ConsolidationRead,
    Counts,
    Decision,
    Present,
    Proposed,
    QuestionConsolidation,
    SplitLine,
)
from diagnostic.consolidations.split import split
from diagnostic.respondents.models import RespondentStatus
from diagnostic.respondents.view import View, view
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Fault
from platformkit.i18n import Text
from platformkit.reads import ReadPool

Row = Mapping[str, Any]

_MAY_STILL_ANSWER = {RespondentStatus.INVITED, RespondentStatus.ACTIVE}


class NothingProposed(Conflict):
    """The respondents' answers to a question come to no proposal; an answer must be given."""

    code = "nothing-proposed"
    title = Text("Pas de proposition", "Nothing proposed")
    detail = Text(
        "Aucune réponse n’est proposée pour : {questions}. Donnez-en une.",
        "No answer is proposed for: {questions}. Give one.",
    )


async def read(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> ConsolidationRead:
    """Show a diagnostic's consolidation to its tenant or its facilitator, in one statement."""
    row = await reads.fetchrow(
        "consolidation", queries.VOICES, assessment_id, *access.seen_by(caller)
    )
    if row is None:
        raise AssessmentUnknown
    return await _shown(row, await grids.of(reads, row["version_id"]), caller)


def tag(shown: ConsolidationRead) -> str:
    """Give the tag of what is shown: it changes with every answer that changes anything of it."""
    return etags.of_bytes(shown.model_dump_json())


async def consolidate(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    if_match: str,
    body: Consolidate,
) -> ConsolidationRead:
    """Settle the questions named, all or none; while it is done, nobody's answer comes between."""
    found = await steps.locked(session, assessment_id, access.seen_by(caller))
    if found.status not in WRITABLE:
        raise AssessmentClosed(status=found.status)
    grid = await grids.of(reads, found.version_id)
    before = await _shown(await _row(session, assessment_id, caller), grid, caller)
    etags.match(if_match, tag(before))
    settled = _settled(grid, before, body)
    await _refuse_absent_files(reads, grid, assessment_id, settled)
    await session.execute(
        text(queries.SAVE_ALL),
        {
            "assessment": assessment_id,
            "answers": orjson.dumps(settled).decode(),
            "respondent": caller.subject,
            "revision": found.revision,
        },
    )
    after = await _shown(await _row(session, assessment_id, caller), grid, caller)
    await audit.record(
        session, caller, "consolidate", "assessment", assessment_id,
        before=tag(before).strip('"'), after=tag(after).strip('"'),
    )  # fmt: skip
    return after


async def _refuse_absent_files(
    reads: ReadPool, grid: PreparedGrid, assessment_id: uuid.UUID, settled: list[dict[str, Any]]
) -> None:
    given = {one["question"]: one for one in settled}
    absent = await files.missing(reads, grid, assessment_id, given)
    if absent:
        raise AnswerRefused(
            [
                faults.fault(f"/decisions/{index}/answer/value", *files.NO_EVIDENCE)
                for index, code in enumerate(given)
                if code in absent
            ]
        )


async def _row(session: Session, assessment_id: uuid.UUID, caller: Principal) -> Row:
    """Read as the transaction sees it."""
    connection = await session.connection()
    rows = await connection.exec_driver_sql(
        queries.VOICES, (assessment_id, *access.seen_by(caller))
    )
    return dict(rows.mappings().one())


def _settled(
    grid: PreparedGrid, shown: ConsolidationRead, body: Consolidate
) -> list[dict[str, Any]]:
    """Give the answers to save, or raise AnswerRefused or NothingProposed naming all at once."""
    proposed = {one.code: one.proposed for one in shown.questions}
    wrong: list[Fault] = []
    unproposed: list[str] = []
    settled = []
    for index, decision in enumerate(body.decisions):
        code = decision.question
        if code in grid.questions and decision.answer is None and proposed.get(code) is None:
            unproposed.append(code)
            continue
        answer = _decided(decision, proposed.get(code))
        wrong += _misfits(grid, index, code, answer)
        settled.append({"question": code, **answer})
    if wrong:
        raise AnswerRefused(wrong)
    if unproposed:
        raise NothingProposed(questions=", ".join(unproposed))
    return settled


def _decided(decision: Decision, proposed: Proposed | None) -> dict[str, Any]:
    if decision.answer is not None:
        return decision.answer.model_dump()
    offered = proposed.model_dump() if proposed else {}
    return {"state": None, "value": None, **offered, "reason": None, "confidence": None}


def _misfits(grid: PreparedGrid, index: int, code: str, answer: Mapping[str, Any]) -> list[Fault]:
    """Find what is wrong with one answer; a proposal of not applicable still wants its reason."""
    asked = grid.questions.get(code)
    if asked is None:
        return [
            faults.fault(
                f"/decisions/{index}/question",
                "question_unknown",
                "La grille n’a pas cette question.",
                "The grid has no such question.",
            )
        ]
    misfits = rules.check_answer(asked, answer["state"], answer["value"], answer["reason"])
    return [
        Fault(f"/decisions/{index}/answer{one.pointer}", one.code, one.detail)
        for one in faults.of(misfits)
    ]


async def _shown(row: Row, grid: PreparedGrid, caller: Principal) -> ConsolidationRead:
    """Work it out beside the event loop: fifty respondents on 300 questions take a while."""
    return await asyncio.to_thread(_worked_out, row, grid, owns=row["tenant"] == caller.tenant)


def _worked_out(row: Row, grid: PreparedGrid, *, owns: bool) -> ConsolidationRead:
    stored = rendering.stored_answers(row)
    present = {one["question"]: Present.model_validate(one) for one in stored}
    people = orjson.loads(row["respondents"] or "[]")
    diagnostic = rendering.as_answers(stored)
    views = [
        (one, view(grid, one["sections"], rendering.as_answers(one["answers"]), diagnostic))
        for one in people
    ]
    return ConsolidationRead(
        assessment_id=row["id"],
        status=row["status"],
        revision=row["revision"],
        respondents=Counter(one["status"] for one in people),
        questions=[
            _question(grid, code, present.get(code), views, owns=owns) for code in grid.questions
        ],
    )


def _question(
    grid: PreparedGrid,
    code: str,
    present: Present | None,
    views: list[tuple[dict[str, Any], View]],
    *,
    owns: bool,
) -> QuestionConsolidation:
    question, points = grid.questions[code], grid.points[code]
    voices: list[Voice] = []
    asked = waiting = 0
    for respondent, seen in views:
        said = seen.effective.get(code)
        if said is not None:
            voices.append(Voice(said, respondent["weight"]))
            asked += 1
        elif (
            respondent["status"] != RespondentStatus.ERASED
            and code in seen.codes
            and seen.shown[code] is not Visibility.HIDDEN
        ):
            asked += 1
            waiting += respondent["status"] in _MAY_STILL_ANSWER
    proposal = propose(question, points, voices)
    lines = split(question, voices) if owns else None
    return QuestionConsolidation(
        code=code,
        dimension=question.dimension,
        type=question.type,
        present=present,
        proposed=Proposed(state=proposal.state, value=proposal.value) if proposal else None,
        disagreement=disagree(question, points, voices),
        respondents=Counts(asked=asked, answered=len(voices), waiting=waiting),
        split=None if lines is None else [SplitLine.model_validate(one) for one in lines],
    )
