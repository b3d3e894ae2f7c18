"""What hypothetical answers and actions change: two runs of the score, and their difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from diagnostic.assessments.answers import Answers
from diagnostic.assessments.scoring import DimensionScore, Score, publish, score
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility
from diagnostic.questionnaires.grid import Language
from diagnostic.roadmaps.priority import Recommendation, raised


def compared(
    grid: PreparedGrid,
    answers: Answers,
    supposed: Answers,
    recommendations: Iterable[Recommendation],
    language: Language,
) -> dict[str, Any]:
    """Score the answers of today, and those supposed once all the recommendations are done."""
    after = raised(grid, {**answers, **supposed}, recommendations)
    now, then = score(grid, answers), score(grid, after)
    seen, will_see = visibility(grid, answers), visibility(grid, after)
    return {
        "now": _standing(now, grid, language),
        "then": _standing(then, grid, language),
        **_gain(now.low, then.low, now.profile.precision),
        "dimensions": list(_shifts(now, then, grid, language)),
        "changed": [code for code in grid.questions if answers.get(code) != after.get(code)],
        "shown": [code for code in seen if _appears(seen[code], will_see[code])],
        "hidden": [code for code in seen if _appears(will_see[code], seen[code])],
    }


def _appears(before: Visibility, after: Visibility) -> bool:
    return after is Visibility.VISIBLE and before is not Visibility.VISIBLE


def _gain(now: Fraction | None, then: Fraction | None, digits: int) -> dict[str, Any]:
    if now is None or then is None:
        return {"gain": None, "gain_exact": None}
    return {"gain": float(publish(then - now, digits)), "gain_exact": str(then - now)}


def _standing(found: Score, grid: PreparedGrid, language: Language) -> dict[str, Any]:
    told = found.as_json()
    titles = {one.code: one.title for one in grid.content.profile.levels}
    reached = told["level"]
    level = reached and {"code": reached, "title": titles[reached].text(language)}
    kept = ("status", "score", "exact", "interval", "capped_by")
    return {**{name: told[name] for name in kept}, "level": level}


def _shifts(
    now: Score, then: Score, grid: PreparedGrid, language: Language
) -> Iterator[dict[str, Any]]:
    digits = now.profile.precision
    for axis, before, after in zip(grid.dimensions, now.dimensions, then.dimensions, strict=True):
        yield {
            "code": axis.code,
            "title": axis.title.text(language),
            "now": _low(before, digits),
            "then": _low(after, digits),
            **_gain(before.low, after.low, digits),
            "level_now": before.level,
            "level_then": after.level,
        }


def _low(found: DimensionScore, digits: int) -> float | None:
    return None if found.low is None else float(publish(found.low, digits))
