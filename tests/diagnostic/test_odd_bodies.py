"""No body, however odd, is a server error or leaves anything behind."""

from typing import Any

import pytest

from tests.diagnostic.acting import Acting

ODD = [
    "",
    "[]",
    "null",
    '"x"',
    '{"state": null}',
    '{"state": ["answered"]}',
    '{"state": "dont_know", "reason": "' + "a" * 600 + '"}',
    '{"starts_on": 1e300, "ends_on": -5}',
    '{"headcount": ' + "9" * 400 + "}",
    '{"siren": ["x"], "headcount": 1e400, "postcode": {}}',
]
ODD_VALUES = [
    "1" + "0" * 400,
    "1" + "0" * 5000,
    "1e999",
    "NaN",
    "[" * 900 + "]" * 900,
    "[" * 100_000 + "]" * 100_000,
    '{"a":' * 400 + "1" + "}" * 400,
    r'"\ud800"',
    r'"\u0000"',
    r'{"\u0000": 1}',
    "null",
    "-0.0",
    "[null]",
    "[[]]",
    "{}",
    '""',
    '"' + "x" * 100_000 + '"',
    "9007199254740993",
]
BODIES = ODD + [f'{{"state": "answered", "value": {value}}}' for value in ODD_VALUES]


@pytest.mark.parametrize(
    "path",
    [
        "organisations",
        "assessments",
        "programmes",
        "cohorts",
        "questionnaires/validate",
        "questionnaires/ODD/versions",
    ],
)
async def test_an_odd_body_creates_nothing(acting: Acting, path: str) -> None:
    headers = {**acting.headers, "content-type": "application/json"}
    for body in BODIES:
        answer = await acting.http.post(f"/v1/{path}", content=body.encode(), headers=headers)
        assert answer.status_code in {400, 422}, (body[:60], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_odd_answer_is_refused_by_every_type_of_question(
    acting: Acting, mia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    headers = {**acting.headers, "content-type": "application/json", "if-match": '"0"'}
    of_each_type = {one["type"]: one["code"] for one in mia["questions"]}
    assert {"single", "multiple", "boolean", "matrix", "number", "text"} <= of_each_type.keys()
    for code in of_each_type.values():
        for body in BODIES:
            path = f"/v1/assessments/{started['id']}/answers/{code}"
            answer = await acting.http.put(path, content=body.encode(), headers=headers)
            expected = {400, 422}
            if body.endswith(": -0.0}") and of_each_type["number"] == code:
                expected = {200}  # odd, and a number all the same
            assert answer.status_code in expected, (code, body[:60], answer.text)
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert state["progress"]["answered"] <= 1


@pytest.mark.parametrize(
    "days",
    [
        {"starts_on": "9999-12-27", "ends_on": "9999-12-31"},
        {"starts_on": "0001-01-01", "ends_on": "0001-01-05"},
    ],
)
async def test_a_day_that_the_database_calls_infinite_is_refused(
    acting: Acting, days: dict[str, str]
) -> None:
    body = {"programme": "PRIA-HDF", "code": "ZZ-1", "title": "t", "facilitator": "f", **days}
    answer = await acting.post("/v1/cohorts", body)
    assert answer.status_code == 422


@pytest.mark.parametrize("tag", ['"', 'W/"0"', '"999999999999999999999"', "x" * 5000, "0"])
async def test_a_tag_that_is_not_the_present_one_is_stale(acting: Acting, tag: str) -> None:
    started = await acting.assessment("MIA")
    body = {"state": "answered", "value": "o1"}
    answer = await acting.answer(started["id"], "STR1", body, tag)
    assert (answer.status_code, answer.headers["etag"]) == (412, '"0"')
