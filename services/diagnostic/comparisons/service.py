"""Comparing two diagnostics of a company, or saying why they cannot be compared (invariant 8)."""

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.models import VOID
from diagnostic.assessments.rendering import grid_of
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.comparisons import difference
from diagnostic.comparisons.schemas import (
    ChangeRead,
    ComparisonRead,
    DimensionChange,
    Obstacle,
    QuestionChange,
    Side,
)
from diagnostic.scores import queries
from platformkit.auth import Principal
from platformkit.i18n import Language, Text, language
from platformkit.reads import ReadPool

Row = Mapping[str, Any]

_POINTS = 2
"""Decimals of a question's points, as in the explanation."""

_WHY = {
    "same_assessment": Text(
        "C’est deux fois le même diagnostic.", "It is twice the same assessment."
    ),
    "other_organisation": Text(
        "Les deux diagnostics ne sont pas de la même entreprise.",
        "The two assessments are not of the same organisation.",
    ),
    "other_questionnaire": Text(
        "Les deux diagnostics portent sur des grilles différentes.",
        "The two assessments are on different questionnaires.",
    ),
    "other_scoring": Text(
        "Les deux versions de la grille ne se calculent pas de la même façon.",
        "The two versions of the questionnaire are not scored in the same way.",
    ),
    "void": Text(
        "Ce diagnostic est abandonné ou saisi par erreur.",
        "This assessment is abandoned or entered in error.",
    ),
    "not_submitted": Text(
        "Ce diagnostic n’a pas de score figé : il n’est pas soumis, ou en cours de modification.",
        "This assessment has no frozen score: it is not submitted, or being amended.",
    ),
    "incomplete": Text(
        "Le score de ce diagnostic laisse un axe de côté.",
        "The score of this assessment leaves a dimension out.",
    ),
}


async def compare(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, other_id: uuid.UUID
) -> ComparisonRead:
    """Say what changed from the other diagnostic to this one; both must be the caller's to see."""
    after, before = await asyncio.gather(
        _found(reads, caller, assessment_id), _found(reads, caller, other_id)
    )
    reasons = list(_obstacles(before, after))
    grid = await grids.of(reads, after["version_id"])
    shown = ComparisonRead(
        language=grid.spoken(language()),
        comparable=not reasons,
        reasons=reasons,
        before=_side(before),
        after=_side(after),
        score=None,
        dimensions=[],
        questions=[],
    )
    if reasons:
        return shown
    return _filled(shown, before, after, grid)


async def _found(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> Row:
    row = await reads.fetchrow("score", queries.SCORED, assessment_id, *access.seen_by(caller))
    if row is None:
        raise AssessmentUnknown
    return dict(row)


def _obstacles(before: Row, after: Row) -> Iterator[Obstacle]:
    if before["id"] == after["id"]:
        yield _obstacle("same_assessment", "both")
    if before["organisation_id"] != after["organisation_id"]:
        yield _obstacle("other_organisation", "both")
    if before["code"] != after["code"]:
        yield _obstacle("other_questionnaire", "both")
    elif before["scoring_hash"] != after["scoring_hash"]:
        yield _obstacle("other_scoring", "both")
    sides: tuple[tuple[Literal["before", "after"], Row], ...] = (
        ("before", before),
        ("after", after),
    )
    for side, row in sides:
        if row["status"] in VOID:
            yield _obstacle("void", side)
        elif row["score_id"] is None:
            yield _obstacle("not_submitted", side)
        elif not orjson.loads(row["result"])["complete"]:
            yield _obstacle("incomplete", side)


def _obstacle(code: Any, side: Literal["before", "after", "both"]) -> Obstacle:  # noqa: ANN401  # a key of _WHY
    return Obstacle(code=code, side=side, detail=_WHY[code]())


def _side(row: Row) -> Side:
    return Side(
        assessment_id=row["id"],
        milestone=row["milestone"],
        status=row["status"],
        revision=row["revision"],
        questionnaire=grid_of(row),
        submitted_at=row["submitted_at"],
    )


def _filled(shown: ComparisonRead, before: Row, after: Row, grid: PreparedGrid) -> ComparisonRead:
    profile, spoken = grid.content.profile, shown.language
    levels = [one.code for one in profile.levels]
    old, new = orjson.loads(before["result"]), orjson.loads(after["result"])
    titles = {one.code: one.title.text(spoken) for one in grid.dimensions}
    changed = sorted(
        difference.questions(
            orjson.loads(before["explanation"]), orjson.loads(after["explanation"])
        ),
        key=lambda one: (-abs(one.difference), one.code),
    )
    return shown.model_copy(
        update={
            "score": ChangeRead(**difference.whole(old, new, levels).as_json(profile.precision)),
            "dimensions": [
                DimensionChange(
                    code=one.code, title=titles[one.code], **one.as_json(profile.precision)
                )
                for one in difference.dimensions(old, new, levels)
            ],
            "questions": [_question(grid, one, spoken) for one in changed if one.difference],
        }
    )


def _question(grid: PreparedGrid, change: difference.Change, spoken: Language) -> QuestionChange:
    asked = grid.questions[change.code]
    return QuestionChange.model_validate(
        {
            **change.as_json(_POINTS),
            "code": change.code,
            "dimension": asked.dimension,
            "label": asked.label.text(spoken),
        }
    )
