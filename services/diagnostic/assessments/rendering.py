"""From the rows of a diagnostic and its grid to what the wire shows."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from diagnostic.assessments.answers import Answer, answer_of
from diagnostic.assessments.backing import Backing
from diagnostic.assessments.confidence import mean_confidence
from diagnostic.assessments.prefill import to_confirm
from diagnostic.assessments.schemas import (
    AssessmentRead,
    DimensionState,
    GridRef,
    PrefillRead,
    Progress,
    QuestionState,
)
from diagnostic.assessments.scoring import Score, publish, score
from diagnostic.assessments.visibility import PreparedGrid, Visibility, missing, visibility
from platformkit import etags

Row = Mapping[str, Any]


def stored_answers(row: Row, column: str = "answers") -> list[dict[str, Any]]:
    """Read the answers that came with a diagnostic, in no order."""
    found: list[dict[str, Any]] = orjson.loads(row[column] or "[]")
    return found


def backed(row: Row) -> dict[str, str]:
    """Read what backs the answers that came with a diagnostic, by question."""
    found: dict[str, str] = orjson.loads(row["backed"] or "{}")
    return found


def as_answers(
    stored: list[dict[str, Any]], backings: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Answer]:
    """Give the same answers as the scoring wants them; what nothing backs is declared."""
    return {
        one["question"]: answer_of(
            one["state"],
            one["value"],
            one["reason"],
            backings.get(one["question"], Backing.DECLARED),
        )
        for one in stored
    }


def grid_of(row: Row) -> GridRef:
    """Which version the diagnostic is pinned to."""
    return GridRef(
        code=row["code"],
        version=row["version"],
        content_hash=row["content_hash"],
        scoring_hash=row["scoring_hash"],
    )


def assessment(row: Row, grid: PreparedGrid) -> AssessmentRead:
    """Show a diagnostic with the questions to show, in the order of the grid."""
    stored = stored_answers(row)
    answers = as_answers(stored, backed(row))
    by_code = {one["question"]: one for one in stored}
    shown = visibility(grid, answers)
    figures = score(grid, answers)
    interval = None
    if figures.low is not None and figures.high is not None:
        digits = figures.profile.precision
        interval = (float(publish(figures.low, digits)), float(publish(figures.high, digits)))
    return AssessmentRead(
        id=row["id"],
        organisation_id=row["organisation_id"],
        questionnaire=grid_of(row),
        milestone=row["milestone"],
        programme=row["programme"],
        cohort_id=row["cohort_id"],
        status=row["status"],
        revision=row["revision"],
        started_at=row["started_at"],
        submitted_at=row["submitted_at"],
        progress=progress(grid, answers, shown, grid.questions),
        interval=interval,
        dimensions=_dimensions(grid, stored, shown, figures),
        questions=[
            question_state(grid, code, shown[code], by_code.get(code))
            for code in grid.questions
            if shown[code] is not Visibility.HIDDEN
        ],
        hidden=[code for code in answers if shown.get(code) is Visibility.HIDDEN],
        derived_from=row["derived_from"],
        prefill=_prefill(row["prefill"], stored, shown),
    )


def _prefill(
    kept: str | None, stored: list[dict[str, Any]], shown: Mapping[str, Visibility]
) -> PrefillRead | None:
    if kept is None:
        return None
    made = orjson.loads(kept)
    waiting = to_confirm(made, {one["question"]: one["version"] for one in stored}, shown)
    return PrefillRead(**made, to_confirm=list(waiting))


def tag(shown: AssessmentRead) -> str:
    """Give the strong tag of a diagnostic as it is shown: it changes with any answer or step."""
    return etags.of_bytes(shown.model_dump_json())


def progress(
    grid: PreparedGrid,
    answers: Mapping[str, Answer],
    shown: Mapping[str, Visibility],
    among: Collection[str],
) -> Progress:
    """Count the answers to the visible ones among these questions."""
    visible = [code for code in among if shown[code] is Visibility.VISIBLE]
    answered = sum(1 for code in visible if code in answers)
    return Progress(
        visible=len(visible),
        answered=answered,
        share=round(answered / len(visible), 4) if visible else 1.0,
        missing=[code for code in missing(grid, answers) if code in among],
    )


def _dimensions(
    grid: PreparedGrid,
    stored: list[dict[str, Any]],
    shown: Mapping[str, Visibility],
    figures: Score,
) -> list[DimensionState]:
    given = {
        one["question"]: one["confidence"]
        for one in stored
        if one["confidence"] is not None and shown.get(one["question"]) is Visibility.VISIBLE
    }
    split = {one.code: one.evidence() for one in figures.dimensions}
    return [
        DimensionState(
            code=code,
            evidence=split[code],
            confidence=None if mean is None else float(publish(mean)),
            confidence_exact=None if mean is None else str(mean),
            confident_answers=count,
        )
        for code, (mean, count) in mean_confidence(grid, given).items()
    ]


_UNANSWERED = {"state": None, "value": None, "reason": None, "confidence": None, "version": 0}


def question_state(
    grid: PreparedGrid, code: str, seen: Visibility, stored: dict[str, Any] | None
) -> QuestionState:
    """Show a question with its stored answer, or with none."""
    question = grid.questions[code]
    given = stored or _UNANSWERED
    return QuestionState(
        code=code,
        dimension=question.dimension,
        type=question.type,
        required=question.required,
        visibility="open" if seen is Visibility.OPEN else "visible",
        state=given["state"],
        value=given["value"],
        reason=given["reason"],
        confidence=given["confidence"],
        version=given["version"],
    )
