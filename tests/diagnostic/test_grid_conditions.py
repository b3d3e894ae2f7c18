"""Conditions as a company and an author meet them, over HTTP (C1, C2, C3, C6, C7)."""

from typing import Any

import pytest

from tests.diagnostic.acting import Acting, faults
from tests.diagnostic.authoring import at, draft, grid, published

LABEL = {"fr": "Question", "en": "Question"}


def chained(*conditions: str | None) -> dict[str, Any]:
    """Make a grid of booleans A, B, C… that show on these conditions."""
    content = grid(dimensions=[{"code": "D", "title": LABEL}])
    content["questions"] = [
        {"code": code, "dimension": "D", "type": "boolean", "label": LABEL}
        | ({"enable_when": condition} if condition else {})
        for code, condition in zip("ABCDEF", conditions, strict=False)
    ]
    return content


async def shown(acting: Acting, assessment_id: str) -> tuple[list[str], list[str]]:
    found = (await acting.get(f"/v1/assessments/{assessment_id}")).json()
    return [one["code"] for one in found["questions"]], found["hidden"]


async def test_c1_a_no_hides_the_chain_and_a_yes_brings_its_answers_back(
    acting: Acting, colleague: Acting
) -> None:
    content = chained(None, "answers.A", "has(answers.B) && answers.B")
    await published(acting, colleague, content)
    started = (await acting.assessment(content["code"]))["id"]
    await acting.answer_all(started, {"A": True, "B": True, "C": True})
    no = {"state": "answered", "value": False}
    assert (await acting.answer(started, "A", no, '"1"')).status_code == 200
    assert await shown(acting, started) == (["A"], ["B", "C"])
    yes = {"state": "answered", "value": True}
    assert (await acting.answer(started, "A", yes, '"2"')).status_code == 200
    assert await shown(acting, started) == (["A", "B", "C"], [])
    restored = (await acting.get(f"/v1/assessments/{started}")).json()["questions"]
    assert [one["value"] for one in restored] == [True, True, True]
    assert (await acting.answer(started, "A", no, '"3"')).status_code == 200
    score = (await acting.post(f"/v1/assessments/{started}/submit")).json()
    assert score["score"] == 0.0  # B and C are kept, and count for nothing


async def test_c7_a_required_question_that_is_hidden_does_not_block_the_submission(
    acting: Acting, colleague: Acting
) -> None:
    content = chained(None, "answers.A")
    await published(acting, colleague, content)
    started = (await acting.assessment(content["code"]))["id"]
    await acting.answer_all(started, {"A": False})
    assert (await acting.post(f"/v1/assessments/{started}/submit")).status_code == 200
    other = (await acting.assessment(content["code"]))["id"]
    await acting.answer_all(other, {"A": True})
    refused = await acting.post(f"/v1/assessments/{other}/submit")
    assert (refused.status_code, faults(refused)) == (422, {"/answers/B": "answer-required"})


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("answers.NOPE", "reference-unknown"),
        ("answers.A == 'Oui'", "literal-unknown"),
        ("answers.B", "condition-cycle"),
        ("answers.A.all(x, answers.A.all(y, answers.A.all(z, x == y)))", "condition-nested-macro"),
        ("answers.A || " * 300 + "answers.A", "condition-too-long"),
        ("(" * 200 + "answers.A" + ")" * 200, "condition-too-deep"),
    ],
)
async def test_c3_c6_a_condition_that_we_do_not_run_keeps_the_grid_from_being_published(
    acting: Acting, condition: str, code: str
) -> None:
    content = chained(None, condition)
    report = (await acting.post("/v1/questionnaires/validate", content)).json()
    assert report["publishable"] is False
    assert (report["findings"][0]["pointer"], report["findings"][0]["code"]) == (
        "/questions/1/enable_when",
        code,
    )
    await draft(acting, content)
    refused = await acting.post(at(content, "request-review"))
    assert (refused.status_code, faults(refused)) == (422, {"/questions/1/enable_when": code})
    assert (await acting.get("/livez")).status_code == 200


async def test_c6_ten_thousand_characters_are_no_condition_at_all(acting: Acting) -> None:
    content = chained(None, "answers.A || " * 770 + "answers.A")
    for path in ("validate", f"{content['code']}/versions"):
        response = await acting.post(f"/v1/questionnaires/{path}", content)
        assert response.status_code == 422
        assert faults(response) == {"/questions/1/enable_when": "string-too-long"}
    assert (await acting.get(f"/v1/questionnaires/{content['code']}/versions")).status_code == 404


async def test_c3_a_reference_to_a_later_page_is_allowed(acting: Acting) -> None:
    report = await acting.post("/v1/questionnaires/validate", chained("answers.B", None))
    assert report.json()["publishable"] is True
