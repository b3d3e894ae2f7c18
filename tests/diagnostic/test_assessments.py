"""Diagnostics over HTTP: answers, their tags, submission and the frozen score."""

import json
from typing import Any

import asyncpg
import pytest

from tests.diagnostic.acting import BASE, Acting, faults, siren

pytestmark = pytest.mark.usefixtures("mini_ia")

LEFT = {"Q1": 12.5, "Q2": 0.0, "Q3": 4.17, "Q4": 5.0, "Q5": 0.0, "Q6": 6.25}
EARNED = {"Q1": 25.0, "Q2": 12.5, "Q3": 12.5, "Q4": 3.33, "Q5": 12.5, "Q6": 6.25}


def by_code(lines: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return {one["code"]: one[name] for one in lines}


async def test_the_base_answers_score_as_the_published_method_says(acting: Acting) -> None:
    started = await acting.submitted(BASE)  # S1

    response = await acting.get(f"/v1/assessments/{started['id']}/score")

    score = response.json()
    assert response.status_code == 200
    assert by_code(score["dimensions"], "score") == {"STR": 75.0, "DATA": 63.3, "SKILL": 75.0}
    assert (score["score"], score["exact"], score["status"]) == (72.1, "865/12", "final")
    assert score["level"]["code"] == "moderately_advanced"
    assert score["complete"] is True


async def test_the_explanation_adds_up_to_the_score(acting: Acting) -> None:
    started = await acting.submitted(BASE)  # S2
    score = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()
    lines = score["explanation"]["questions"]
    assert by_code(lines, "contribution") == EARNED
    assert by_code(lines, "lost") == LEFT
    assert score["explanation"]["total_exact"] == "865/12"
    assert score["explanation"]["robustness"]["level_holds"] is True


async def test_a_hidden_answer_is_kept_and_never_scored(acting: Acting) -> None:
    started = await acting.assessment()  # S3
    path = f"/v1/assessments/{started['id']}"
    await acting.answer_all(started["id"], BASE)
    none = {"state": "answered", "value": ["none"]}
    assert (await acting.answer(started["id"], "Q3", none, '"1"')).status_code == 200

    without = (await acting.get(path)).json()
    assert without["hidden"] == ["Q4"]
    assert "Q4" not in by_code(without["questions"], "state")
    back = {"state": "answered", "value": ["a"]}
    assert (await acting.answer(started["id"], "Q3", back, '"2"')).status_code == 200
    again = (await acting.get(path)).json()
    assert by_code(again["questions"], "value")["Q4"] == BASE["Q4"]
    assert (await acting.answer(started["id"], "Q3", none, '"3"')).status_code == 200

    score = (await acting.post(f"{path}/submit")).json()
    assert by_code(score["dimensions"], "score")["DATA"] == 0.0
    assert (score["score"], score["exact"]) == (56.3, "225/4")


async def test_before_the_submission_there_is_an_interval_and_no_level(acting: Acting) -> None:
    started = await acting.assessment()
    empty = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()  # S10
    assert (empty["score"], empty["level"], empty["interval"]) == (None, None, [0.0, 100.0])
    assert empty["explanation"]["questions"] == []
    await acting.answer_all(started["id"], {k: v for k, v in BASE.items() if k != "Q2"})

    score = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()  # S8
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()

    assert (score["status"], score["score"], score["computed_at"]) == ("provisional", None, None)
    assert score["interval"] == state["interval"] == [59.6, 72.1]
    assert state["progress"] == {
        "visible": 6,
        "answered": 5,
        "share": 0.8333,
        "missing": ["Q2"],
    }


async def test_the_four_answer_states_are_told_apart(acting: Acting) -> None:
    unsure = {"state": "dont_know", "value": None}  # S9
    aside = {"state": "not_applicable", "value": None, "reason": "Pas de salariés."}
    started = await acting.submitted({**BASE, "Q2": unsure, "Q5": aside})

    score = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()

    assert score["dont_know"] == ["Q2"]
    assert by_code(score["dimensions"], "score") == {"STR": 50.0, "DATA": 63.3, "SKILL": 50.0}
    assert by_code(score["dimensions"], "known_share")["STR"] == 0.75
    assert by_code(state["questions"], "state") == {
        "Q1": "answered",
        "Q2": "dont_know",
        "Q3": "answered",
        "Q4": "answered",
        "Q5": "not_applicable",
        "Q6": "answered",
    }


@pytest.mark.parametrize(
    ("question", "body", "expected"),
    [
        ("Q1", {"state": "answered", "value": "o2 "}, {"/value": "option-unknown"}),
        ("Q1", {"state": "answered", "value": True}, {"/value": "wrong-type"}),
        ("Q1", {"state": "dont_know"}, {"/state": "dk-not-allowed"}),
        ("Q1", {"state": "not_applicable", "reason": " "}, {"/reason": "reason-required"}),
        (
            "Q2",
            {"state": "not_applicable", "value": 1},
            {
                "/reason": "reason-required",
                "/value": "value-unexpected",
                "/state": "na-not-allowed",
            },
        ),
        ("Q3", {"state": "answered", "value": [" "]}, {"/value/0": "option-unknown"}),
        ("Q3", {"state": "answered", "value": ["a", "a"]}, {"/value/1": "duplicate"}),
        ("Q3", {"state": "answered", "value": ["none", "a"]}, {"/value": "exclusive-not-alone"}),
        ("Q3", {"state": "answered", "value": "a"}, {"/value": "wrong-type"}),
        ("Q5", {"state": "answered", "value": "true"}, {"/value": "wrong-type"}),
        ("Q5", {"state": "answered"}, {"/value": "wrong-type"}),
        ("Q5", {"state": "perhaps", "value": True}, {"/state": "literal-error"}),
        ("Q5", {"value": True, "weight": 3}, {"/state": "missing", "/weight": "extra-forbidden"}),
        ("Q5", {"state": "answered", "value": {"a": "\x00"}}, {"/value/a": "text-not-storable"}),
        (
            "Q4",
            {"state": "answered", "value": {"r1": 5.5, "r2": -1, "r3": "5", "r4": 6, "r6": 1}},
            {
                "/value/r1": "wrong-type",
                "/value/r2": "out-of-range",
                "/value/r3": "wrong-type",
                "/value/r4": "out-of-range",
                "/value/r5": "row-missing",
                "/value/r6": "row-unknown",
            },
        ),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused_and_not_stored(
    acting: Acting, question: str, body: dict[str, Any], expected: dict[str, str]
) -> None:
    started = await acting.assessment()

    response = await acting.answer(started["id"], question, body)

    assert response.status_code == 422
    assert faults(response) == expected
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert state["progress"]["answered"] == 0


async def test_not_a_number_is_not_json(acting: Acting) -> None:
    started = await acting.assessment()
    for raw in (b'{"state": "answered", "value": NaN}', b'{"state": '):
        response = await acting.http.put(
            f"/v1/assessments/{started['id']}/answers/Q1",
            content=raw,
            headers={**acting.headers, "content-type": "application/json", "if-match": '"0"'},
        )
        assert response.status_code in {400, 422}
        assert response.headers["content-type"] == "application/problem+json"


async def test_an_answer_sends_the_tag_of_the_answer_it_replaces(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/answers/Q1"
    body = {"state": "answered", "value": "o1"}

    without = await acting.send("PUT", path, body)
    first = await acting.send("PUT", path, body, '"0"')
    stale = await acting.send("PUT", path, {"state": "answered", "value": "o3"}, '"0"')
    second = await acting.send("PUT", path, {"state": "answered", "value": "o2"}, '"1"')

    assert (without.status_code, without.json()["code"]) == (428, "if-match-required")
    assert (first.status_code, first.headers["etag"], first.json()["version"]) == (200, '"1"', 1)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    assert (second.status_code, second.headers["etag"]) == (200, '"2"')
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert state["questions"][0] | {"dimension": "STR"} == {
        "code": "Q1",
        "dimension": "STR",
        "type": "single",
        "required": True,
        "visibility": "visible",
        "state": "answered",
        "value": "o2",
        "reason": None,
        "confidence": None,
        "version": 2,
    }


async def test_every_answer_ever_given_is_kept(acting: Acting, sql: asyncpg.Connection) -> None:
    started = await acting.assessment()
    for version, option in enumerate(("o0", "o1", "o2")):
        body = {"state": "answered", "value": option}
        await acting.answer(started["id"], "Q1", body, f'"{version}"')
    kept = await sql.fetch(
        "SELECT version, value FROM diagnostic.answer_event"
        " WHERE assessment_id = $1::uuid ORDER BY version",
        started["id"],
    )
    assert [(one["version"], json.loads(one["value"])) for one in kept] == [
        (1, "o0"),
        (2, "o1"),
        (3, "o2"),
    ]


async def test_the_submission_names_every_missing_answer_and_stores_nothing(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    await acting.answer_all(started["id"], {"Q1": "o2", "Q3": ["none"]})

    refused = await acting.post(f"/v1/assessments/{started['id']}/submit")

    assert (refused.status_code, refused.json()["code"]) == (422, "answers-missing")
    assert faults(refused) == {
        "/answers/Q2": "answer-required",
        "/answers/Q5": "answer-required",
        "/answers/Q6": "answer-required",
    }
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert (state["status"], state["submitted_at"]) == ("in_progress", None)


async def test_after_the_submission_nothing_changes_any_more(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.submitted(BASE)

    late = await acting.answer(started["id"], "Q1", {"state": "answered", "value": "o3"}, '"1"')
    twice = await acting.post(f"/v1/assessments/{started['id']}/submit")

    assert (late.status_code, late.json()["code"]) == (409, "assessment-closed")
    assert (twice.status_code, twice.json()["code"]) == (409, "assessment-closed")
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert (state["status"], state["questions"][0]["value"]) == ("submitted", "o2")
    written = await sql.fetch(
        "SELECT actor, after_hash FROM diagnostic.audit_event"
        " WHERE entity_id = $1 AND action = 'submit'",
        started["id"],
    )
    score = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()
    assert [(one["actor"], one["after_hash"]) for one in written] == [
        ("demo", score["result_hash"])
    ]


async def test_the_same_key_submits_once_and_gives_the_same_answer(acting: Acting) -> None:
    started = await acting.assessment()
    await acting.answer_all(started["id"], BASE)
    key = {"idempotency-key": siren()}
    first = await acting.post(f"/v1/assessments/{started['id']}/submit", **key)
    again = await acting.post(f"/v1/assessments/{started['id']}/submit", **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()


async def test_a_company_takes_a_grid_once_per_milestone(acting: Acting) -> None:
    organisation_id = (await acting.organisation())["id"]
    first = await acting.assessment(organisation_id=organisation_id)
    body = {"organisation_id": organisation_id, "questionnaire": "MINI-IA", "milestone": "T0"}

    second = await acting.post("/v1/assessments", body)
    later = await acting.post("/v1/assessments", {**body, "milestone": "T1"})

    assert (second.status_code, second.json()["code"]) == (409, "assessment-exists")
    assert first["id"] in second.json()["detail"]
    assert later.status_code == 201


async def test_within_a_cohort_a_diagnostic_needs_a_confirmed_seat(acting: Acting) -> None:
    cohort = await acting.cohort()
    organisation_id = (await acting.organisation())["id"]
    body = {
        "organisation_id": organisation_id,
        "questionnaire": "MINI-IA",
        "cohort_id": cohort["id"],
    }
    without = await acting.post("/v1/assessments", body)
    await acting.post(
        f"/v1/cohorts/{cohort['id']}/enrolments", {"organisation_id": organisation_id}
    )
    seated = await acting.post("/v1/assessments", body)

    assert (without.status_code, without.json()["code"]) == (409, "no-seat")
    assert seated.status_code == 201
    assert (seated.json()["programme"], seated.json()["cohort_id"]) == (
        cohort["programme"],
        cohort["id"],
    )


async def test_a_diagnostic_is_found_again_on_another_device(
    acting: Acting, stranger: Acting
) -> None:
    organisation_id = (await acting.organisation())["id"]
    made = [
        (await acting.assessment(organisation_id=organisation_id, milestone=milestone))["id"]
        for milestone in ("T0", "T1", "T2")
    ]
    path = f"/v1/assessments?organisation_id={organisation_id}"
    first = (await acting.get(f"{path}&limit=2")).json()
    second = (await acting.get(f"{path}&limit=2&after={first['next']}")).json()
    submitted = (await acting.get(f"{path}&status=submitted")).json()

    assert [one["id"] for one in first["items"] + second["items"]] == made
    assert second["next"] is None
    assert first["items"][0]["questionnaire"] == "MINI-IA"
    assert submitted["items"] == (await stranger.get(path)).json()["items"] == []
    assert (await acting.get("/v1/assessments?status=lost")).status_code == 422


async def test_starting_names_what_is_unknown(acting: Acting, stranger: Acting) -> None:
    organisation_id = (await acting.organisation())["id"]
    body = {"organisation_id": organisation_id, "questionnaire": "MINI-IA"}
    nothing = "00000000-0000-4000-8000-000000000000"

    foreign = await stranger.post("/v1/assessments", body)
    grid = await acting.post("/v1/assessments", {**body, "questionnaire": "NONE"})
    cohort = await acting.post("/v1/assessments", {**body, "cohort_id": nothing})
    malformed = await acting.post(
        "/v1/assessments", {"organisation_id": "x", "milestone": "T9", "score": 1}
    )

    assert (foreign.status_code, foreign.json()["code"]) == (404, "organisation-unknown")
    assert (grid.status_code, grid.json()["code"]) == (404, "questionnaire-unknown")
    assert (cohort.status_code, cohort.json()["code"]) == (404, "cohort-unknown")
    assert faults(malformed) == {
        "/organisation_id": "uuid-parsing",
        "/questionnaire": "missing",
        "/milestone": "literal-error",
        "/score": "extra-forbidden",
    }


async def test_another_tenants_diagnostic_is_unknown_everywhere(
    acting: Acting, stranger: Acting
) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"
    answers = [
        await stranger.get(path),
        await stranger.get(f"{path}/score"),
        await stranger.get(f"{path}/roadmap"),
        await stranger.get(f"{path}/report.pdf"),
        await stranger.get(f"{path}/report.json"),
        await stranger.post(f"{path}/submit"),
        await stranger.post(f"{path}/roadmap"),
        await stranger.answer(started["id"], "Q1", {"state": "answered", "value": "o1"}),
    ]
    assert {one.status_code for one in answers} == {404}
    assert {one.json()["code"] for one in answers} == {"assessment-unknown"}


async def test_reading_alone_does_not_let_write(acting: Acting, onlooker: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}"
    assert (await onlooker.get(path)).status_code == 200
    refused = [
        await onlooker.post("/v1/assessments", {}),
        await onlooker.answer(started["id"], "Q1", {"state": "answered", "value": "o1"}),
        await onlooker.post(f"{path}/submit"),
        await onlooker.post(f"{path}/roadmap"),
    ]
    assert {one.status_code for one in refused} == {403}


async def test_an_unknown_question_or_parameter_is_refused(acting: Acting) -> None:
    started = await acting.assessment()
    unknown = await acting.answer(started["id"], "Q99", {"state": "answered", "value": "o1"})
    parameter = await acting.get(f"/v1/assessments/{started['id']}?full=1")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "question-unknown")
    assert (parameter.status_code, parameter.json()["code"]) == (400, "unknown-parameter")


async def test_a_score_is_the_same_in_both_languages_and_its_tag_is_not(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/score"
    french, english = [
        await acting.get(path, **{"accept-language": language}) for language in ("fr", "en")
    ]
    assert french.json()["result_hash"] == english.json()["result_hash"]
    assert french.json()["level"]["title"] != english.json()["level"]["title"]
    assert french.headers["etag"] != english.headers["etag"]
    unchanged = await acting.get(path, **{"if-none-match": french.headers["etag"]})
    assert unchanged.status_code == 304


async def test_the_feed_of_everybody_says_where_a_diagnostic_is_and_never_what(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    for consent in (True, False):
        organisation = await acting.organisation(benchmark_consent=consent)
        started = await acting.submitted(BASE, organisation_id=organisation["id"])
        payload = await sql.fetchval(
            "SELECT c.payload::text FROM diagnostic.assessment a"
            " JOIN diagnostic.change c ON c.entity_id = a.pseudonym::text"
            " WHERE a.id = $1::uuid AND c.entity = 'assessment'",
            started["id"],
        )
        assert started["id"] not in payload
        assert organisation["siren"] not in payload
        assert json.loads(payload).keys() == {
            "questionnaire",
            "questionnaire_version",
            "scoring_hash",
            "milestone",
            "programme",
            "status",
            "revision",
            "benchmark_consent",
        }
