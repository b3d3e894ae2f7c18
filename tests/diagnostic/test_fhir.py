"""FHIR: our grids come back the same, other people's questionnaires with their losses."""

import json
from typing import Any

import pytest
from fhir.resources.questionnaire import Questionnaire
from hypothesis import HealthCheck, given, settings

from diagnostic.exchanges import fhir, fhir_reading
from diagnostic.exchanges.fhir_terms import KEPT
from diagnostic.exchanges.reading import Reading, Unreadable
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.hashing import content_hash
from tests.diagnostic.grids import grid, unsaid
from tests.diagnostic.mini_ia import CONTENT


def read(resource: Any) -> Reading:
    return fhir_reading.read(json.dumps(resource).encode())


def bare(node: Any) -> Any:
    """Copy a resource without what we keep in it beside FHIR."""
    if isinstance(node, dict):
        return {name: bare(one) for name, one in node.items()}
    if isinstance(node, list):
        return [bare(one) for one in node if not (isinstance(one, dict) and one.get("url") == KEPT)]
    return node


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(grid)
def test_a_grid_read_back_is_the_same_and_what_fhir_does_not_hold_is_in_the_loss_report(
    content: GridContent,
) -> None:
    found = fhir_reading.read(fhir.write(content))
    assert found.remarks == []
    assert content_hash(GridContent.model_validate(found.raw)) == content_hash(content)
    found = read(bare(fhir.questionnaire(content)))
    assert unsaid(content, found, fhir.losses(content)) == set()


def test_the_resource_is_what_fhirs_own_model_takes() -> None:
    found: Any = Questionnaire.model_validate(fhir.questionnaire(CONTENT))
    assert (found.url, found.version) == ("urn:vigie:questionnaire:MINI-IA", "1.0.0")
    items = {item.linkId: item for group in found.item for item in group.item}
    assert [item.type for item in items.values()] == [
        "coding",
        "coding",
        "coding",
        "group",
        "boolean",
        "coding",
    ]
    weights = [option.extension for option in items["Q1"].answerOption]
    assert [float(one[0].valueDecimal) if one else 0.0 for one in weights] == [0, 1, 2, 3]
    when = [
        (one.question, one.operator, one.answerBoolean, getattr(one.answerCoding, "code", None))
        for one in items["Q4"].enableWhen
    ]
    assert when == [("Q3", "exists", True, None), ("Q3", "!=", None, "none")]
    assert items["Q4"].enableBehavior == "all"
    assert items["Q1"].text__ext.extension[0].extension[1].valueString == "Question 1"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("answers.Q1 == 'o1' || answers.Q5", True),
        ("answers.Q1 == 'o1' && answers.Q2 != 'o2' && answers.Q5 == false", True),
        ("answers.Q1 != 'o1' || answers.Q5", False),
        ("answers.Q5 && (answers.Q1 == 'o1' || answers.Q2 == 'o1')", False),
        ("has(answers.Q4)", False),
        ("size(answers.Q3) > 2", False),
    ],
)
def test_a_condition_is_said_in_fhir_or_named_as_lost(source: str, *, written: bool) -> None:
    raw = CONTENT.model_dump(mode="json")
    raw["questions"][3]["enable_when"] = None
    raw["questions"][5]["enable_when"] = source
    content = GridContent.model_validate(raw)
    item = fhir.questionnaire(content)["item"][2]["item"][1]
    lost = [one.pointer for one in fhir.losses(content) if one.code == "condition_untranslated"]
    assert ("enableWhen" in item) is written
    assert lost == ([] if written else ["/questions/5/enable_when"])
    found = fhir_reading.read(fhir.write(content))
    assert (found.remarks, found.raw["questions"][5]["enable_when"]) == ([], source)


def test_a_condition_changed_elsewhere_is_the_one_that_counts() -> None:
    resource = fhir.questionnaire(CONTENT)
    item = resource["item"][1]["item"][1]
    item["enableWhen"] = [
        {"question": "Q3", "operator": "=", "answerCoding": {"code": "a"}},
        {"question": "Q1", "operator": "!=", "answerCoding": {"code": "o1"}},
    ]
    item["enableBehavior"] = "any"
    found = read(resource)
    changed = "'a' in answers.Q3 || !has(answers.Q1) || answers.Q1 != 'o1'"
    assert found.raw["questions"][3]["enable_when"] == changed
    assert [one.code for one in found.remarks] == ["condition_edited"]


EMPTY = {"resourceType": "Questionnaire", "status": "active"}
FOREIGN = {
    **EMPTY,
    "name": "Phq-2",
    "title": "Mood",
    "_title": {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/translation",
                "extension": [
                    {"url": "lang", "valueCode": "fr-FR"},
                    {"url": "content", "valueString": "Humeur"},
                ],
            }
        ]
    },
    "language": "en",
    "copyright": "somebody",
    "item": [
        {
            "linkId": "1",
            "type": "group",
            "text": "Part one",
            "item": [
                {"linkId": "1.0", "type": "display", "text": "Read me"},
                {
                    "linkId": "1.1",
                    "type": "choice",
                    "text": "Little interest?",
                    "required": True,
                    "answerOption": [
                        {
                            "valueCoding": {"code": "LA6568-5", "display": "Not at all"},
                            "extension": [
                                {
                                    "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                                    "valueDecimal": 0,
                                }
                            ],
                        },
                        {"valueString": "Nearly every day"},
                    ],
                },
                {
                    "linkId": "1.2",
                    "type": "group",
                    "item": [
                        {
                            "linkId": "1.2.1",
                            "type": "decimal",
                            "enableWhen": [
                                {
                                    "question": "1.1",
                                    "operator": "=",
                                    "answerCoding": {"code": "LA6568-5"},
                                }
                            ],
                        },
                        {"linkId": "1.2.2", "type": "url"},
                    ],
                },
            ],
        },
        {"linkId": "2", "type": "boolean", "prefix": "2)"},
    ],
}


def test_a_questionnaire_of_somebody_else_becomes_a_grid_and_every_loss_is_said() -> None:
    found = read(FOREIGN)
    content = GridContent.model_validate(found.raw)
    assert (content.code, content.version) == ("PHQ_2", "0.1.0")
    assert content.title.model_dump() == {"fr": "Humeur", "en": "Mood"}
    assert [(one.code, one.title.fr) for one in content.dimensions] == [("Q1", "Part one")]
    assert [(one.code, one.type, one.dimension) for one in content.questions] == [
        ("Q1_1", "single", "Q1"),
        ("Q1_2_1", "number", "Q1"),
        ("Q2", "boolean", None),
    ]
    assert found.raw["questions"][1]["enable_when"] == "answers.Q1_1 == 'LA6568-5'"
    options = [(one["code"], one.get("points")) for one in found.raw["questions"][0]["options"]]
    assert options == [("LA6568-5", 0), ("Nearly_every_day", None)]
    said = {(one.code, one.place) for one in found.remarks}
    assert {
        ("not_kept", ""),
        ("not_kept", "/item/0/item/0"),
        ("not_kept", "/item/0/item/2"),
        ("type_unknown", "/item/0/item/2/item/1"),
        ("code_changed", "/item/0/item/1"),
        ("code_changed", "/item/0/item/1/answerOption/1"),
        ("not_kept", "/item/1"),
    } <= said


@pytest.mark.parametrize(
    ("resource", "pointer"),
    [
        ({}, ""),
        ({"resourceType": "Patient"}, ""),
        ({"resourceType": "Questionnaire"}, "/status"),
        ({"resourceType": "Questionnaire", "status": "draft", "foo": 1}, "/foo"),
        (
            {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "a"}]},
            "/item/0/type",
        ),
    ],
)
def test_what_fhir_refuses_is_refused_with_its_place(
    resource: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(resource)
    assert [one.pointer for one in refused.value.remarks] == [pointer]
