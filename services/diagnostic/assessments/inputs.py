"""What a score is made from, in the form that is hashed."""

from collections.abc import Mapping
from typing import Any

from diagnostic.assessments.answers import Answers, State
from diagnostic.assessments.backing import Backing
from diagnostic.assessments.visibility import PreparedGrid, Visibility
from diagnostic.questionnaires.grid import Multiple, Question


def inputs(
    engine: str, grid: PreparedGrid, answers: Answers, shown: Mapping[str, Visibility]
) -> dict[str, Any]:
    """Gather what counts; texts and files stay out: they can be erased and the score replayed.

    What backs an answer counts only where the profile limits answers by it.
    """
    counted = {
        code: one
        for code, one in answers.items()
        if shown.get(code) is Visibility.VISIBLE
        and grid.questions[code].type not in {"text", "file"}
    }
    found: dict[str, Any] = {
        "engine": engine,
        "scoring": grid.scoring_hash,
        "answers": {
            code: {"state": str(one.state), "value": _canonical(grid.questions[code], one.value)}
            for code, one in counted.items()
        },
    }
    if grid.content.profile.evidence is not None:
        found["evidence"] = {
            code: str(one.backing)
            for code, one in counted.items()
            if one.state is State.ANSWERED and one.backing is not Backing.DECLARED
        }
    return found


def _canonical(question: Question, value: Any) -> Any:  # noqa: ANN401  # JSON
    return sorted(value) if isinstance(question, Multiple) and value is not None else value
