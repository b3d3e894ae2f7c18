"""The shipped grid, recommendations and funding: complete, consistent, well typeset."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from diagnostic.assessments.answers import Answer, State, check_answer
from diagnostic.assessments.scoring import score
from diagnostic.assessments.visibility import prepare
from diagnostic.crosswalks.catalogue import Crosswalk, check_crosswalk
from diagnostic.crosswalks.catalogue import shipped as crosswalks
from diagnostic.opportunities.facts import FACTS
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.lint import lint
from diagnostic.reference import load
from diagnostic.roadmaps.catalogue import check_catalogue, covered
from diagnostic.roadmaps.priority import prioritise, what_if

[MIA] = load.grids()
CATALOGUE = load.recommendations()["MIA"]
FUNDING = load.opportunities()
GRID = prepare(MIA)
FILES = ["grid-mia-1.0.0.json", "recommendations.json", "funding.json", "crosswalk-dma.json"]


def labels(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict):
        if node.keys() >= {"fr"}:
            yield path, node
            return
        for key, value in node.items():
            yield from labels(value, f"{path}/{key}")
    if isinstance(node, list):
        for index, value in enumerate(node):
            yield from labels(value, f"{path}/{index}")


def shipped(name: str) -> Any:
    return json.loads((load.FOLDER / name).read_text(encoding="utf-8"))


def drawn(content: GridContent, seed: int) -> dict[str, Answer]:
    """Answer every question at random, within its rules."""
    chance = random.Random(seed)  # noqa: S311  # a fixed draw, no secret
    answers = {}
    for question in content.questions:
        match question.type:
            case "single":
                value: Any = chance.choice(question.options).code
            case "multiple":
                free = [one.code for one in question.options if not one.exclusive]
                value = ["none"] if chance.random() < 0.3 else chance.sample(free, 2)
            case "boolean":
                value = chance.random() < 0.5
            case "number":
                value = chance.randint(0, 100)
            case "matrix":
                value = {row.code: chance.randint(0, 5) for row in question.rows}
            case _:
                value = "Gagner du temps"
        assert check_answer(question, "answered", value) == []
        answers[question.code] = Answer(State.ANSWERED, value)
    return answers


def ends(content: GridContent, *, best: bool) -> dict[str, Answer]:
    """Answer everything as well, or as badly, as can be."""
    answers = {}
    for question in content.questions:
        match question.type:
            case "single":
                pick = max if best else min
                value: Any = pick(question.options, key=lambda one: one.points).code
            case "multiple":
                free = [one.code for one in question.options if not one.exclusive]
                value = free if best else ["none"]
            case "boolean":
                value = best
            case "number":
                value = 100 if best else 0
            case "matrix":
                value = {row.code: 5 if best else 0 for row in question.rows}
            case _:
                continue
        answers[question.code] = Answer(State.ANSWERED, value)
    return answers


def test_the_grid_passes_its_lint_without_a_warning() -> None:
    assert lint(MIA, covered(CATALOGUE)) == []


def test_the_catalogue_fits_the_grid_and_the_funding() -> None:
    assert check_catalogue(MIA, CATALOGUE, {one.code for one in FUNDING}) == []


def test_every_crosswalk_names_questions_that_its_grid_has_and_counts() -> None:
    for one in crosswalks():
        assert one.questionnaire == MIA.code
        assert one.versions == (MIA.version,)
        assert list(check_crosswalk(MIA, one)) == []


def test_a_crosswalk_that_names_an_unknown_or_doubled_question_is_found_out() -> None:
    [dma] = crosswalks()
    broken = dma.model_dump(mode="json")
    broken["dimensions"][0]["items"][0]["questions"] = ["NOPE", "CTX_ROLE", "STR1"]
    found = [one.code for one in check_crosswalk(MIA, Crosswalk.model_validate(broken))]
    assert found == ["reference_unknown", "reference_unknown", "code_duplicate"]


def test_the_grid_has_24_to_36_scored_questions_in_six_equal_dimensions() -> None:
    scored = [one for one in MIA.questions if one.scored]
    assert 24 <= len(scored) <= 36
    assert len(MIA.dimensions) == 6
    assert len({one.weight for one in MIA.dimensions}) == 1
    assert min(Counter(one.dimension for one in scored).values()) >= 4
    assert {"single", "multiple", "boolean", "matrix", "number"} <= {one.type for one in scored}
    assert any(one.enable_when for one in scored)


def test_every_dimension_is_interpreted_at_every_level_in_both_languages() -> None:
    texts = [text for one in MIA.dimensions for text in one.levels.values()]
    assert len(texts) == 24
    assert len({text.fr for text in texts}) == 24
    assert len({text.en for text in texts}) == 24


@pytest.mark.parametrize("best", [True, False])
def test_both_ends_of_the_grid_can_be_reached(*, best: bool) -> None:
    published = score(GRID, ends(MIA, best=best)).as_json()
    assert published["score"] == (100.0 if best else 0.0)
    assert published["complete"] is True
    assert {one["score"] for one in published["dimensions"]} == {published["score"]}


def test_no_recommendation_ever_costs_points() -> None:
    for seed in range(40):
        for one in prioritise(GRID, drawn(MIA, seed), CATALOGUE):
            assert one.gain >= 0, (seed, one.recommendation.code)


def test_doing_everything_leads_to_the_highest_level() -> None:
    worst = ends(MIA, best=False)
    assert what_if(GRID, worst, CATALOGUE).level == "advanced"


def test_the_best_company_is_left_in_peace() -> None:
    assert prioritise(GRID, ends(MIA, best=True), CATALOGUE) == []


def test_every_company_below_the_top_gets_at_least_five_actions() -> None:
    for seed in range(40):
        answers = drawn(MIA, seed)
        if score(GRID, answers).level != "advanced":
            assert len(prioritise(GRID, answers, CATALOGUE)) >= 5


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_in_both_languages(name: str) -> None:
    for path, label in labels(shipped(name)):
        assert label.get("en"), path
        assert label["fr"].strip() == label["fr"], path


@pytest.mark.parametrize("name", FILES)
def test_french_is_typeset_as_french(name: str) -> None:
    for path, label in labels(shipped(name)):
        assert "'" not in label["fr"], path
        assert '"' not in label["fr"], path
        assert "..." not in label["fr"], path
        assert not re.search(r" [:;!?»]|« ", label["fr"]), path
        assert not re.search(r"[^\u202f\u00a0\s][;!?»]", label["fr"]), path


@pytest.mark.parametrize("name", FILES)
def test_english_uses_typographic_apostrophes(name: str) -> None:
    for path, label in labels(shipped(name)):
        assert "'" not in label["en"], path
        assert '"' not in label["en"], path


def test_every_funding_says_where_its_figures_come_from() -> None:
    assert len(FUNDING) >= 5
    for one in FUNDING:
        assert one.source
        assert one.source_url
        if one.rate_max is None or one.cap_eur is None:
            assert one.note is not None, one.code


def test_rev3_is_kept_as_its_region_publishes_it() -> None:
    [rev3] = [one for one in FUNDING if one.code == "HDF-BTR3"]
    assert (rev3.rate_min, rev3.rate_max, rev3.cap_eur) == (0.5, 0.5, 10_000)
    tests = {(one.fact, one.op): one.value for rule in rev3.rules for one in rule.any_of}
    assert tests == {
        ("headcount", "lte"): 250,
        ("region_code", "eq"): "32",
        ("de_minimis_eur", "lt"): 300_000,
        ("project_started", "eq"): False,
        ("in_difficulty", "eq"): False,
    }
    assert set(rev3.required_facts) <= set(FACTS)
