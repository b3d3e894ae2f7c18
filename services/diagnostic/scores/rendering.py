"""From stored figures, or fresh ones, to what the wire shows in the language asked."""

from typing import Any

import orjson

from diagnostic.assessments.explanation import explain
from diagnostic.assessments.rendering import Row, as_answers, backed, grid_of, stored_answers
from diagnostic.assessments.scoring import score
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.scores.aims import gap, points
from diagnostic.scores.schemas import ScoreRead
from platformkit.i18n import Language


def shown(row: Row, grid: PreparedGrid, language: Language) -> ScoreRead:
    """Show the frozen score when there is one, else what can be said before."""
    return (frozen_score if row["score_id"] else provisional_score)(row, grid, language)


def frozen_score(row: Row, grid: PreparedGrid, language: Language) -> ScoreRead:
    """Show the stored score with the texts of its grid."""
    return _score(
        row,
        grid,
        language,
        result=orjson.loads(row["result"]),
        explanation=orjson.loads(row["explanation"]),
        hashes=(row["input_hash"], row["result_hash"]),
    )


def provisional_score(row: Row, grid: PreparedGrid, language: Language) -> ScoreRead:
    """Say what can be said before the submission: bounds, unless everything is answered."""
    figures = score(grid, as_answers(stored_answers(row), backed(row)))
    return _score(
        row,
        grid,
        language,
        result=figures.as_json(),
        explanation=explain(figures).as_json(),
        hashes=(figures.input_hash, figures.result_hash()),
    )


def _score(
    row: Row,
    grid: PreparedGrid,
    language: Language,
    *,
    result: dict[str, Any],
    explanation: dict[str, Any],
    hashes: tuple[str, str],
) -> ScoreRead:
    language = grid.spoken(language)
    levels = {
        one.code: {"code": one.code, "title": one.title.text(language)}
        for one in grid.content.profile.levels
    }
    axes = {one.code: one for one in grid.dimensions}
    profile = grid.content.profile
    chosen: dict[str, dict[str, Any]] = orjson.loads(row["targets"] or "{}")
    aims = {code: points(profile, one) for code, one in chosen.items()}
    for one in result["dimensions"]:
        axis, reached = axes[one["code"]], one["level"]
        text = axis.levels.get(reached) if reached else None
        one["title"] = axis.title.text(language)
        one["level"] = levels.get(reached)
        one["text"] = text.text(language) if text else None
        aim = aims.get(one["code"])
        one["target"] = None if aim is None else float(aim)
        one["gap"] = gap(aim, one["exact"], profile.precision)
    for one in explanation["questions"]:
        one["label"] = grid.questions[one["code"]].label.text(language)
    return ScoreRead.model_validate(
        {
            **result,
            "id": row["score_id"],
            "assessment_id": row["id"],
            "revision": row["scored_revision"],
            "questionnaire": grid_of(row),
            "language": language,
            "level": levels.get(result["level"]),
            "uncapped_level": levels.get(result["uncapped_level"]),
            "explanation": explanation,
            "input_hash": hashes[0],
            "result_hash": hashes[1],
            "computed_at": row["computed_at"],
        }
    )
