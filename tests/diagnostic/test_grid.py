"""The content model: what it refuses, its two hashes, and the lint before publication."""

import copy
import json
from typing import Any

import pytest

from diagnostic.questionnaires.grid import GridContent, exact
from diagnostic.questionnaires.hashing import canonical, content_hash, scoring_hash
from diagnostic.questionnaires.lint import lint, publishable, review
from diagnostic.reference import load
from tests.diagnostic.mini_ia import CONTENT, RAW, raw


def findings(content: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in review(content)[1] if one.severity == "error"]


def changed(path: list[str | int], value: Any) -> dict[str, Any]:
    """Change one thing in the fixture."""
    content = raw()
    node: Any = content
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return content


def test_the_fixture_may_be_published() -> None:
    content, found = review(RAW)
    assert content == CONTENT
    assert publishable(found)


def test_v5_key_order_and_whitespace_do_not_move_the_hashes() -> None:
    backwards = json.loads(
        json.dumps(RAW, indent=7), object_pairs_hook=lambda pairs: dict(reversed(pairs))
    )
    again = GridContent.model_validate(backwards)
    assert content_hash(again) == content_hash(CONTENT)
    assert scoring_hash(again) == scoring_hash(CONTENT)


def test_v5_a_comma_moves_the_content_hash_only() -> None:
    comma = GridContent.model_validate(changed(["questions", 0, "label", "fr"], "Question, 1"))
    assert content_hash(comma) != content_hash(CONTENT)
    assert scoring_hash(comma) == scoring_hash(CONTENT)


@pytest.mark.parametrize(
    ("content", "whole", "scoring"),
    [
        (
            load.grids()[0],
            "4aa7c6dd8f644f63105b96676526edef542786a3ec76ddf8cf05f59fa3572ca3",
            "7ad9acb39142b53779aa6205739d4fe1a6e57077ff5d5bc6feff3f0b1f2a3d03",
        ),
        (
            CONTENT,
            "76a6161967f5215ca64927009c91b3de8e51b7e7830376843ad29d2291faf6cd",
            "12f026d12f6c1efee40f3e71e174f5a24ce149c4b13becae4f474a4a1c01d9c4",
        ),
    ],
)
def test_fields_added_to_the_model_leave_published_hashes_as_they_were(
    content: GridContent, whole: str, scoring: str
) -> None:
    assert (content_hash(content), scoring_hash(content)) == (whole, scoring)
    again = GridContent.model_validate(canonical(content))
    assert (content_hash(again), again) == (whole, content)


def test_a_later_field_moves_the_hashes_once_it_is_used() -> None:
    capped = GridContent.model_validate(changed(["profile", "evidence"], {"declared": 0.5}))
    assert content_hash(capped) != content_hash(CONTENT)
    assert scoring_hash(capped) != scoring_hash(CONTENT)
    long = changed(
        ["questions", 0],
        {"code": "Q1", "type": "text", "label": {"fr": "?"}, "multiline": True},
    )
    short = changed(["questions", 0], {"code": "Q1", "type": "text", "label": {"fr": "?"}})
    one, other = GridContent.model_validate(long), GridContent.model_validate(short)
    assert content_hash(one) != content_hash(other)
    assert scoring_hash(one) == scoring_hash(other)


def test_a_new_version_number_keeps_the_scoring_hash() -> None:
    newer = GridContent.model_validate(raw(version="1.0.1"))
    assert scoring_hash(newer) == scoring_hash(CONTENT)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["questions", 0, "weight"], 4),
        (["questions", 0, "options", 1, "points"], 2),
        (["questions", 3, "enable_when"], None),
        (["questions", 1, "allow_na"], True),
        (["dimensions", 0, "weight"], 3),
        (["profile", "thresholds"], [20, 50, 75]),
        (["profile", "dk_value"], 0.1),
        (["profile", "levels", 0, "code"], "novice"),
    ],
)
def test_what_moves_a_score_moves_the_scoring_hash(path: list[str | int], value: Any) -> None:
    other = GridContent.model_validate(changed(path, value))
    assert scoring_hash(other) != scoring_hash(CONTENT)


def test_published_content_cannot_be_changed_in_memory() -> None:
    with pytest.raises(ValueError, match="frozen"):
        CONTENT.version = "2.0.0"  # type: ignore[misc]  # that is the point


def test_numbers_are_read_as_written() -> None:
    assert str(exact(0.1)) == "1/10"
    assert str(exact(1e-07)) == "1/10000000"


def test_the_shape_is_checked_whole_with_a_pointer_for_each_fault() -> None:
    content = raw()
    content["questions"][0]["weight"] = -1
    content["questions"][1]["surprise"] = True
    content["questions"][2]["code"] = "in"
    content["dimensions"][0]["title"] = {"en": "Strategy"}
    read, found = review(content)
    assert read is None
    assert [one.pointer for one in found] == [
        "/dimensions/0/title/fr",
        "/questions/0/weight",
        "/questions/1/surprise",
        "/questions/2/code",
    ]
    assert all(one.fr and one.en for one in found)


@pytest.mark.parametrize("garbage", [None, 3, [], "x", {}, {"questions": "all"}])
def test_what_is_no_grid_at_all_is_a_finding_and_not_a_crash(garbage: Any) -> None:
    read, found = review(garbage)
    assert read is None
    assert found
    assert not publishable(found)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["questions", 1, "code"], "Q1", ("/questions", "code_duplicate")),
        (["questions", 0, "options", 1, "code"], "o0", ("/questions/0/options", "code_duplicate")),
        (["questions", 3, "rows", 1, "code"], "r1", ("/questions/3/rows", "code_duplicate")),
        (["dimensions", 1, "code"], "STR", ("/dimensions", "code_duplicate")),
        (["questions", 0, "dimension"], "NOPE", ("/questions/0/dimension", "dimension_unknown")),
        (["questions", 0, "required"], False, ("/questions/0/required", "scored_not_required")),
        (["questions", 2, "max_points"], 9, ("/questions/2/max_points", "full_score_unreachable")),
        (
            ["questions", 0, "options", 0, "exclusive"],
            True,
            ("/questions/0/options/0/exclusive", "exclusive_single"),
        ),
        (
            ["questions", 3, "anchors"],
            [{"fr": "rien"}],
            ("/questions/3/anchors", "anchors_count"),
        ),
        (["profile", "thresholds"], [25, 25, 75], ("/profile/thresholds", "thresholds_order")),
        (["profile", "thresholds"], [0, 50, 75], ("/profile/thresholds", "thresholds_order")),
        (["profile", "thresholds"], [25, 50], ("/profile/levels", "levels_count")),
        (
            ["dimensions", 0, "levels"],
            {"expert": {"fr": "x"}},
            ("/dimensions/0/levels/expert", "level_unknown"),
        ),
    ],
)
def test_a_fault_of_structure_is_named(
    path: list[str | int], value: Any, expected: tuple[str, str]
) -> None:
    assert expected in findings(changed(path, value))


def test_options_of_a_scored_question_differ_in_points() -> None:
    content = raw()
    for option in content["questions"][0]["options"]:
        option["points"] = 1
    assert findings(content) == [("/questions/0/options", "points_flat")]
    content["questions"][0]["weight"] = 0
    assert findings(content) == []


def test_a_dimension_needs_a_question_that_counts() -> None:
    content = raw()
    for question in content["questions"][:2]:
        question["weight"] = 0
    assert findings(content) == [("/dimensions/0", "dimension_empty")]


def test_weights_of_dimensions_are_not_all_zero() -> None:
    content = raw()
    for dimension in content["dimensions"]:
        dimension["weight"] = 0
    assert findings(content) == [("/dimensions", "weight_zero")]


def number(**fields: Any) -> dict[str, Any]:
    """Replace the first question by a number."""
    content = raw()
    content["questions"][0] = {
        "code": "Q1",
        "dimension": "STR",
        "type": "number",
        "label": {"fr": "?"},
    } | fields
    return content


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "points_flat"),
        ({"bands": [{"start": 0, "points": 1}, {"start": 5, "points": 1}]}, "bands_order"),
        ({"bands": [{"start": 5, "points": 0}, {"start": 0, "points": 1}]}, "bands_order"),
        (
            {"minimum": 0, "bands": [{"start": 1, "points": 0}, {"start": 5, "points": 1}]},
            "bands_order",
        ),
        (
            {"maximum": 4, "bands": [{"start": None, "points": 0}, {"start": 5, "points": 1}]},
            "band_unreachable",
        ),
        (
            {
                "minimum": 9,
                "maximum": 4,
                "bands": [{"start": None, "points": 0}, {"start": 1, "points": 1}],
            },
            "range_empty",
        ),
        (
            {"bands": [{"start": None, "points": 1}, {"start": 5, "points": 1}]},
            "points_flat",
        ),
    ],
)
def test_bands_leave_no_hole(fields: dict[str, Any], code: str) -> None:
    assert code in {one for _, one in findings(number(**fields))}


def test_a_text_never_scores() -> None:
    content = raw()
    content["questions"][0] = {
        "code": "Q1",
        "dimension": "STR",
        "type": "text",
        "weight": 1,
        "label": {"fr": "?"},
    }
    assert ("/questions/0/weight", "type_unscored") in findings(content)


def test_warnings_name_what_could_be_better_and_do_not_block() -> None:
    content = copy.deepcopy(RAW)
    content["questions"][0]["label"] = {"fr": "Sans anglais"}
    content["questions"][2]["options"][0]["points"] = 0
    read, found = review(content, covered=["Q1", "Q2", "Q3", "Q4", "Q5"])
    assert read is not None
    assert publishable(found)
    codes = {(one.pointer, one.code) for one in found}
    assert ("/questions/0/label", "untranslated") in codes
    assert ("/questions/2/options/0", "option_dominated") in codes
    assert ("/questions/5", "no_recommendation") in codes
    assert ("/dimensions/0/levels", "level_uninterpreted") in codes


def test_a_grid_without_catalogue_is_not_asked_for_recommendations() -> None:
    assert "no_recommendation" not in {one.code for one in lint(CONTENT)}


def test_an_exclusive_option_may_not_push_the_maximum_out_of_reach() -> None:
    content = raw()
    content["questions"][2]["options"][4]["points"] = 2
    assert findings(content) == [("/questions/2/max_points", "full_score_unreachable")]
    content["questions"][2]["max_points"] = 4
    assert findings(content) == []


def test_a_condition_that_we_do_not_run_is_a_finding() -> None:
    content = changed(["questions", 3, "enable_when"], "answers.Q3.matches('a')")
    assert findings(content) == [("/questions/3/enable_when", "condition_function")]


def test_rows_are_codes_that_a_condition_may_name() -> None:
    content = changed(["questions", 4, "enable_when"], "'r1' in answers.Q4")
    assert findings(content) == []
