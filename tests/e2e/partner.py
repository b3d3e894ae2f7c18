"""The journey as any partner would write it: plain HTTP through the door."""

from random import Random
from typing import Any

import httpx

from deploy import sample


def register(client: httpx.Client) -> dict[str, Any]:
    answer = client.post(
        "/v1/diagnostic/organisations",
        json={
            "siren": sample.siren(Random()),  # noqa: S311  # a number to show, not a secret
            "name": "Ateliers de la Lys",
            "naf_code": "25.62B",
            "headcount": 42,
            "postcode": "59000",
            "region_code": "32",
            "benchmark_consent": True,
        },
    )
    return created(answer)


def start(client: httpx.Client, organisation: str) -> dict[str, Any]:
    answer = client.post(
        "/v1/diagnostic/assessments",
        json={"organisation_id": organisation, "questionnaire": "MIA", "milestone": "ad_hoc"},
    )
    return created(answer)


def fill(client: httpx.Client, assessment: str) -> int:
    """Answer until nothing is missing; returns how many answers that took."""
    grid = client.get("/v1/diagnostic/questionnaires/MIA").raise_for_status().json()
    questions = {question["code"]: question for question in grid["content"]["questions"]}
    given = 0
    for _ in range(5):  # an answer may open further questions
        read = client.get(f"/v1/diagnostic/assessments/{assessment}").raise_for_status().json()
        if not read["progress"]["missing"]:
            return given
        for code in read["progress"]["missing"]:
            answer = client.put(
                f"/v1/diagnostic/assessments/{assessment}/answers/{code}",
                json={"state": "answered", "value": sample.answer(questions[code])},
                headers={"if-match": '"0"'},
            )
            assert answer.status_code == 200, answer.text
            given += 1
    raise AssertionError(f"still missing: {read['progress']['missing']}")


def filled(client: httpx.Client) -> str:
    """Give the id of a diagnostic that only has to be submitted."""
    organisation = register(client)
    assessment = str(start(client, organisation["id"])["id"])
    assert fill(client, assessment) > 20
    return assessment


def created(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def trace_of(answer: httpx.Response) -> str:
    return answer.headers["traceresponse"].split("-")[1]
