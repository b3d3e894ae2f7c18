"""What one respondent sees of a grid, by their sections and what is answered so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostic.assessments.answers import Answer, Answers
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility


@dataclass(frozen=True, slots=True)
class View:
    """The questions of a respondent in the grid's order, what they may see, and what counts."""

    codes: tuple[str, ...]
    shown: Mapping[str, Visibility]
    answers: Answers
    """Their own within their sections, the diagnostic's outside."""

    effective: Answers
    """Their own that count: a hidden one does not."""


def view(
    grid: PreparedGrid, sections: Sequence[str] | None, own: Answers, diagnostic: Answers
) -> View:
    """Judge visibility by their own answers, and outside their sections by the diagnostic's.

    What the diagnostic says within their sections is left out, so that nobody is led by it.
    Without sections all questions are theirs, also those of no dimension.
    """
    codes = tuple(
        code
        for code, one in grid.questions.items()
        if sections is None or one.dimension in sections
    )
    theirs = set(codes)
    answers: dict[str, Answer] = {
        **{code: one for code, one in diagnostic.items() if code not in theirs},
        **{code: one for code, one in own.items() if code in theirs},
    }
    shown = visibility(grid, answers)
    counting = {
        code: answers[code]
        for code in codes
        if code in answers and shown[code] is Visibility.VISIBLE
    }
    return View(codes, shown, answers, counting)
