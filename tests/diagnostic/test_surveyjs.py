"""SurveyJS: our grids come back the same, other people's surveys come in with their losses."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from diagnostic.exchanges import surveyjs, surveyjs_reading
from diagnostic.exchanges.reading import Reading, Unreadable
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.hashing import content_hash
from tests.diagnostic.grids import grid, unsaid
from tests.diagnostic.mini_ia import CONTENT


def read(survey: Any) -> Reading:
    return surveyjs_reading.read(json.dumps(survey).encode())


def bare(node: Any) -> Any:
    """Copy a survey without what we keep in it beside SurveyJS."""
    if isinstance(node, dict):
        return {name: bare(one) for name, one in node.items() if name != "vigie"}
    return [bare(one) for one in node] if isinstance(node, list) else node


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(grid)
def test_a_grid_read_back_is_the_same_and_what_surveyjs_does_not_hold_is_in_the_loss_report(
    content: GridContent,
) -> None:
    found = surveyjs_reading.read(surveyjs.write(content))
    assert found.remarks == []
    assert content_hash(GridContent.model_validate(found.raw)) == content_hash(content)
    found = read(bare(surveyjs.survey(content)))
    assert unsaid(content, found, surveyjs.losses(content)) == set()


def test_the_elements_are_those_that_surveyjs_knows() -> None:
    found = surveyjs.survey(CONTENT)
    elements = {one["name"]: one for page in found["pages"] for one in page["elements"]}
    assert {name: one["type"] for name, one in elements.items()} == {
        "Q1": "radiogroup",
        "Q2": "radiogroup",
        "Q3": "checkbox",
        "Q4": "matrix",
        "Q5": "boolean",
        "Q6": "radiogroup",
    }
    assert elements["Q3"]["choices"][4]["isExclusive"] is True
    assert elements["Q4"]["visibleIf"] == "({Q3} notempty and {Q3} notcontains 'none')"
    assert [one["value"] for one in elements["Q4"]["columns"]] == [0, 1, 2, 3, 4, 5]
    assert elements["Q1"]["title"] == {
        "default": "Question 1",
        "fr": "Question 1",
        "en": "Question 1",
    }
    lost = {(one.pointer, one.code) for one in surveyjs.losses(CONTENT)}
    assert {("/profile", "kept_aside"), ("/questions/0/weight", "kept_aside")} <= lost
    assert ("/questions/0/options/1/points", "kept_aside") in lost


@pytest.mark.parametrize(
    ("theirs", "ours", "said"),
    [
        ("{Q3} contains 'a'", "'a' in answers.Q3", ["condition_edited"]),
        ("", None, ["condition_edited"]),
        ("{Q3.length} > 2", None, ["condition_lost"]),
        ("{UNKNOWN} = 1", None, ["condition_lost"]),
    ],
)
def test_a_condition_changed_in_surveyjs_is_the_one_that_counts(
    theirs: str, ours: str | None, said: list[str]
) -> None:
    survey = surveyjs.survey(CONTENT)
    [matrix] = [one for page in survey["pages"] for one in page["elements"] if one["name"] == "Q4"]
    matrix["visibleIf"] = theirs
    found = read(survey)
    assert found.raw["questions"][3].get("enable_when") == ours
    assert [one.code for one in found.remarks] == said
    assert found.remarks[0].place == "/pages/1/elements/1"


def test_a_condition_that_surveyjs_cannot_say_stays_ours() -> None:
    raw = CONTENT.model_dump(mode="json")
    raw["questions"][3]["enable_when"] = "answers.Q3.exists(one, one == 'a')"
    content = GridContent.model_validate(raw)
    [lost] = [one for one in surveyjs.losses(content) if one.code == "condition_untranslated"]
    assert lost.pointer == "/questions/3/enable_when"
    found = surveyjs_reading.read(surveyjs.write(content))
    assert content_hash(GridContent.model_validate(found.raw)) == content_hash(content)


FOREIGN = {
    "title": {"default": "AI survey", "fr": "Enquête IA", "de": "KI-Umfrage"},
    "completedHtml": "<p>Merci</p>",
    "pages": [
        {
            "name": "data & tools",
            "title": "Données",
            "elements": [
                {"type": "html", "name": "intro", "html": "<b>x</b>"},
                {
                    "type": "dropdown",
                    "name": "uses ai?",
                    "title": "Utilisez-vous l’IA ?",
                    "choices": ["yes", {"value": "not yet", "text": "Pas encore"}],
                    "isRequired": True,
                    "defaultValue": "yes",
                },
                {
                    "type": "panel",
                    "visibleIf": "{uses ai?} = 'not yet'",
                    "elements": [
                        {"type": "comment", "name": "why", "visibleIf": "{uses ai?} notempty"},
                        {
                            "type": "checkbox",
                            "name": "why",
                            "choices": [1, 2],
                            "showNoneItem": True,
                        },
                    ],
                },
                {"type": "rating", "name": "trust", "rateMin": 0, "rateMax": 3},
                {"type": "rating", "name": "speed"},
                {
                    "type": "matrix",
                    "name": "M",
                    "columns": ["bad", {"value": "good", "text": "Bien"}],
                    "rows": ["row 1"],
                },
                {"type": "text", "name": "N", "inputType": "number", "min": 0},
                {"type": "file", "name": "F", "maxSize": 1000},
            ],
        }
    ],
}


def test_a_survey_of_somebody_else_becomes_a_grid_and_every_loss_is_said() -> None:
    found = read(FOREIGN)
    content = GridContent.model_validate(found.raw)
    assert (content.code, content.version) == ("ENQUETE_IA", "0.1.0")
    assert content.title.model_dump() == {"fr": "Enquête IA", "en": "AI survey"}
    assert [one.code for one in content.dimensions] == ["DATA_TOOLS"]
    kinds = {one.code: one.type for one in content.questions}
    assert kinds == {
        "USES_AI": "single",
        "WHY": "text",
        "WHY_2": "multiple",
        "TRUST": "scale",
        "SPEED": "single",
        "M": "matrix",
        "N": "number",
        "F": "file",
    }
    raw = {one["code"]: one for one in found.raw["questions"]}
    assert [one["code"] for one in raw["USES_AI"]["options"]] == ["yes", "not_yet"]
    assert raw["WHY"]["enable_when"] == "answers.USES_AI == 'not_yet'"
    assert raw["WHY_2"]["options"][-1]["exclusive"] is True
    assert raw["TRUST"]["maximum"] == 3
    assert raw["M"]["anchors"] == [{"fr": "bad"}, {"fr": "Bien"}]
    said = {(one.code, one.place) for one in found.remarks}
    assert {
        ("not_kept", ""),
        ("not_kept", "/title"),
        ("language_assumed", "/pages/0/title"),
        ("type_unknown", "/pages/0/elements/0"),
        ("not_kept", "/pages/0/elements/1"),
        ("code_changed", "/pages/0/elements/1"),
        ("code_changed", "/pages/0/elements/1/choices/1"),
        ("scale_as_choice", "/pages/0/elements/4"),
        ("columns_as_steps", "/pages/0/elements/5"),
        ("profile_made", None),
    } <= said


@pytest.mark.parametrize("survey", [{}, {"pages": []}, {"pages": 7}, {"title": "x"}])
def test_what_is_no_survey_is_refused(survey: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(survey)


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, {"vigie": 3}, [[[]]], {"type": {}}, True])
def test_odd_values_anywhere_in_a_survey_are_no_crash(odd: Any) -> None:
    for place in ("title", "pages", "elements", "choices", "visibleIf", "vigie", "rows", "name"):
        element = {"type": "matrix", "name": "A", place: odd}
        choice = {"type": "checkbox", "name": "B", "choices": [odd, {"value": odd, "text": odd}]}
        rating = {"type": "rating", "name": "C", "rateMax": odd, "rateValues": odd}
        found = (
            read({"pages": [{"elements": [element, choice, rating, odd]}, odd], place: odd})
            if (place != "pages")
            else read({"pages": [odd, {"elements": [odd]}]})
        )
        assert found.raw["code"]


def test_panels_without_end_are_cut() -> None:
    panel: dict[str, Any] = {"type": "text", "name": "deep"}
    for _ in range(200):
        panel = {"type": "panel", "elements": [panel]}
    found = read({"pages": [{"elements": [panel]}]})
    assert found.raw["questions"] == []
    assert "type_unknown" in {one.code for one in found.remarks}
