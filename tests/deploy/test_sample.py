"""The demo's company: a number that passes the check, and answers that fit their questions."""

from random import Random

import pytest
from stdnum.fr import siren

from deploy import sample
from diagnostic.assessments.answers import check_answer
from diagnostic.questionnaires.grid import GridContent
from diagnostic.reference import load


def test_every_siren_is_valid_and_new() -> None:
    chance = Random(32)  # noqa: S311  # numbers to show, not secrets
    drawn = [sample.siren(chance) for _ in range(500)]
    assert all(siren.is_valid(number) for number in drawn)
    assert len(set(drawn)) == 500


GRIDS: list[GridContent] = list(load.grids())


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.code)
def test_every_answer_fits_its_question(grid: GridContent) -> None:
    for question in grid.questions:
        value = sample.answer(question.model_dump(mode="json"))
        assert check_answer(question, "answered", value) == [], question.code
