"""The fixture grid MINI-IA and its base answers B, for the tests of the pure modules."""

import copy
import json
from pathlib import Path
from typing import Any

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.visibility import PreparedGrid, prepare
from diagnostic.questionnaires.grid import GridContent

RAW: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "mini-ia.json").read_text(encoding="utf-8")
)
CONTENT = GridContent.model_validate(RAW)
GRID = prepare(CONTENT)

NA = Answer(State.NOT_APPLICABLE, reason="Sans objet ici")
DK = Answer(State.DONT_KNOW)


def given(value: Any) -> Answer:
    return Answer(State.ANSWERED, value)


def rows(*steps: int) -> dict[str, int]:
    return {f"r{index}": step for index, step in enumerate(steps, start=1)}


YES = given(value=True)
NO = given(value=False)

BASE = {
    "Q1": given("o2"),
    "Q2": given("o3"),
    "Q3": given(["a", "b", "c"]),
    "Q4": given(rows(5, 0, 3, 2, 0)),
    "Q5": YES,
    "Q6": given("o1"),
}


def base(**changes: Answer | None) -> dict[str, Answer]:
    """Give B with some answers changed, or removed with None."""
    return {code: one for code, one in (BASE | changes).items() if one is not None}


def raw(**changes: Any) -> dict[str, Any]:
    """Copy the fixture's JSON, to be broken on purpose."""
    return copy.deepcopy(RAW) | changes


def grid_of(*questions: dict[str, Any], **changes: Any) -> PreparedGrid:
    """Make a grid with one dimension D and these questions."""
    content = raw(
        dimensions=[{"code": "D", "title": {"fr": "D", "en": "D"}}],
        questions=[{"dimension": "D", "label": {"fr": "?", "en": "?"}} | one for one in questions],
        **changes,
    )
    return prepare(GridContent.model_validate(content))


def options(*points: float) -> list[dict[str, Any]]:
    """Make options o0, o1… worth these points."""
    return [
        {"code": f"o{index}", "label": {"fr": "x", "en": "x"}, "points": one}
        for index, one in enumerate(points)
    ]
