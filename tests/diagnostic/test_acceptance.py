"""The acceptance cases S and V of the design that are no other file's, over HTTP on MINI-IA."""

from typing import Any

import asyncpg
import pytest

from diagnostic.questionnaires.grid import GridContent
from tests.diagnostic import mini_ia as fixture
from tests.diagnostic.acting import BASE, Acting, faults, publish, siren
from tests.harness import Database

pytestmark = pytest.mark.usefixtures("mini_ia")

NA = {"state": "not_applicable", "value": None, "reason": "Sans objet ici."}
WORST = {
    "Q1": "o0",
    "Q2": "o0",
    "Q3": ["none"],
    "Q5": False,
    "Q6": "o0",
}
BEST = {
    "Q1": "o3",
    "Q2": "o3",
    "Q3": ["a", "b", "c", "d"],
    "Q4": {f"r{n}": 5 for n in range(1, 6)},
    "Q5": True,
    "Q6": "o2",
}


async def scored(acting: Acting, answers: dict[str, Any]) -> dict[str, Any]:
    started = await acting.submitted(answers)
    found: dict[str, Any] = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()
    return found


@pytest.mark.parametrize(
    ("case", "answers", "score", "level"),
    [
        ("S1", BASE, 72.1, "moderately_advanced"),
        ("S4", {**BASE, "Q6": NA}, 78.3, "advanced"),
        ("S11", WORST, 0.0, "basic"),
        ("S11", BEST, 100.0, "advanced"),
    ],
)
async def test_a_score_is_as_published(
    acting: Acting, case: str, answers: dict[str, Any], score: float, level: str
) -> None:
    found = await scored(acting, answers)
    assert (found["score"], found["level"]["code"], found["complete"]) == (score, level, True), case


async def test_a_dimension_that_does_not_apply_is_excluded_and_listed(acting: Acting) -> None:
    found = await scored(acting, {**BASE, "Q5": NA, "Q6": NA})  # S5
    skill = next(one for one in found["dimensions"] if one["code"] == "SKILL")
    assert (skill["score"], skill["status"], skill["text"]) == (None, "not_assessable", None)
    assert (found["score"], found["complete"], found["excluded"]) == (71.1, False, ["SKILL"])


async def test_every_dimension_says_in_words_what_its_level_means(
    acting: Acting, mia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    await acting.answer_visible(started["id"], mia)
    path = f"/v1/assessments/{started['id']}"
    score = (await acting.post(f"{path}/submit")).json()
    texts = {one["code"]: one["levels"] for one in mia["dimensions"]}
    for one in score["dimensions"]:
        assert one["text"] == texts[one["code"]][one["level"]["code"]]["fr"]
    robust = score["explanation"]["robustness"]
    assert robust["low"] <= score["score"] <= robust["high"]


async def test_whoever_comes_late_is_shown_what_is_there_now(acting: Acting) -> None:
    started = await acting.assessment()  # V8
    saved = await acting.answer(started["id"], "Q1", {"state": "answered", "value": "o2"})
    late = await acting.answer(started["id"], "Q1", {"state": "answered", "value": "o0"})
    early = await acting.answer(started["id"], "Q2", {"state": "answered", "value": "o0"}, '"1"')

    assert (late.status_code, late.json()["code"]) == (412, "stale-version")
    assert (late.headers["etag"], late.json()["current"]) == ('"1"', saved.json())
    assert (early.status_code, early.headers["etag"]) == (412, '"0"')
    assert early.json()["current"] is None


async def test_the_same_key_twice_is_one_event_and_another_body_is_refused(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    company = (await acting.organisation())["id"]  # V9
    body = {"organisation_id": company, "questionnaire": "MINI-IA"}
    key = {"idempotency-key": siren()}
    first, again = [await acting.post("/v1/assessments", body, **key) for _ in range(2)]
    other = await acting.post("/v1/assessments", {**body, "milestone": "T1"}, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["location"]) == (first.json(), first.headers["location"])
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    count = "SELECT count(*) FROM diagnostic.assessment WHERE organisation_id = $1::uuid"
    assert await sql.fetchval(count, company) == 1


async def test_where_english_is_missing_all_is_in_french_and_scores_the_same(
    acting: Acting, database: Database
) -> None:
    content = fixture.raw(code="FRENCH")  # V13
    del content["dimensions"][0]["title"]["en"]
    await publish(database, GridContent.model_validate(content))
    started = await acting.submitted(BASE, questionnaire="FRENCH")
    path = f"/v1/assessments/{started['id']}/score"

    french, english = [await acting.get(path, **{"accept-language": one}) for one in ("fr", "en")]

    assert english.headers["content-language"] == english.json()["language"] == "fr"
    assert english.content == french.content
    for form in ("report.html", "report.json", "benchmark"):
        path = f"/v1/assessments/{started['id']}/{form}"
        both = [await acting.get(path, **{"accept-language": one}) for one in ("fr", "en")]
        assert both[0].content == both[1].content
        assert both[1].headers.get("content-language", "fr") == "fr"
    whole = (await acting.submitted(BASE))["id"]
    shown = await acting.get(f"/v1/assessments/{whole}/score", **{"accept-language": "en"})
    assert (shown.headers["content-language"], shown.json()["language"]) == ("en", "en")
    assert shown.json()["score"] == french.json()["score"]


async def test_a_second_t0_in_the_programme_is_refused_until_the_first_is_void(
    acting: Acting,
) -> None:
    company = (await acting.organisation())["id"]  # V14
    cohort = await acting.cohort()
    seat = f"/v1/cohorts/{cohort['id']}/enrolments"
    assert (await acting.post(seat, {"organisation_id": company})).status_code == 201
    body = {"organisation_id": company, "questionnaire": "MINI-IA", "cohort_id": cohort["id"]}
    first = (await acting.post("/v1/assessments", body)).json()["id"]
    refused = await acting.post("/v1/assessments", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment-exists")
    await acting.post(f"/v1/assessments/{first}/abandon", {"reason": "À reprendre."})
    assert (await acting.post("/v1/assessments", body)).status_code == 201


@pytest.mark.parametrize("raw", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
async def test_what_is_no_number_is_refused_by_path_and_code(acting: Acting, raw: bytes) -> None:
    started = await acting.assessment()  # V6
    headers = {**acting.headers, "content-type": "application/json", "if-match": '"0"'}
    response = await acting.http.put(
        f"/v1/assessments/{started['id']}/answers/Q1",
        content=b'{"state": "answered", "value": ' + raw + b"}",
        headers=headers,
    )
    assert (response.status_code, faults(response)) == (422, {"/value": "wrong-type"})
