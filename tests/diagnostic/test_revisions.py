"""Revisions, their scores and answers, and the proof that a frozen score is still right."""

import json
import logging
from typing import Any

import asyncpg
import pytest

from tests.diagnostic.acting import BASE, Acting

pytestmark = pytest.mark.usefixtures("mini_ia")

WHY = {"reason": "L’effectif a été mal renseigné."}
NOTHING = "00000000-0000-4000-8000-000000000000"


async def amended(acting: Acting) -> str:
    """Validate B, amend it to Q1=o3, submit again; gives the diagnostic."""
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}"
    for verb in ("start-review", "validate", "amend"):
        assert (await acting.post(f"{path}/{verb}", WHY)).status_code == 200
    better = {"state": "answered", "value": "o3"}
    assert (await acting.answer(started["id"], "Q1", better, '"1"')).status_code == 200
    assert (await acting.post(f"{path}/submit")).status_code == 200
    identifier: str = started["id"]
    return identifier


async def test_after_an_amendment_the_first_revision_and_its_score_are_still_readable(
    acting: Acting,
) -> None:
    assessment_id = await amended(acting)  # V11
    path = f"/v1/assessments/{assessment_id}"

    present = (await acting.get(f"{path}/score")).json()
    scores = [(await acting.get(f"{path}/revisions/{n}/score")).json() for n in (1, 2)]
    answers = [(await acting.get(f"{path}/revisions/{n}")).json()["answers"] for n in (1, 2)]
    listed = (await acting.get(f"{path}/revisions?count=true")).json()

    assert [(one["revision"], one["score"]) for one in scores] == [(1, 72.1), (2, 84.6)]
    assert present == scores[1]
    assert {one["question"]: one["value"] for one in answers[0]} == BASE
    assert {one["question"]: one["value"] for one in answers[1]} == {**BASE, "Q1": "o3"}
    assert [(one["version"], one["revision"]) for one in answers[1]] == [(2, 2)] + [(1, 1)] * 5
    assert [one["score"] for one in listed["items"]] == [72.1, 84.6]
    assert [one["score_id"] for one in listed["items"]] == [one["id"] for one in scores]
    done = [[step["verb"] for step in one["steps"]] for one in listed["items"]]
    assert done == [["submit", "start-review", "validate"], ["amend", "submit"]]
    assert listed["items"][1]["steps"][0]["reason"] == WHY["reason"]
    assert listed["total"] == 2


async def test_revisions_come_in_pages_and_the_open_one_has_no_score(acting: Acting) -> None:
    assessment_id = await amended(acting)
    path = f"/v1/assessments/{assessment_id}"
    await acting.post(f"{path}/amend", WHY)

    first = (await acting.get(f"{path}/revisions?limit=2")).json()
    second = (await acting.get(f"{path}/revisions?limit=2&after={first['next']}")).json()
    open_score = (await acting.get(f"{path}/revisions/3/score")).json()

    assert [one["revision"] for one in first["items"] + second["items"]] == [1, 2, 3]
    assert second["next"] is None
    assert second["items"][0]["score_id"] is None
    assert (open_score["id"], open_score["computed_at"]) == (None, None)
    assert open_score["revision"] == 3


async def test_a_hidden_answer_of_a_revision_is_named(acting: Acting) -> None:
    started = await acting.assessment()
    await acting.answer_all(started["id"], BASE)
    none = {"state": "answered", "value": ["none"]}
    await acting.answer(started["id"], "Q3", none, '"1"')
    found = (await acting.get(f"/v1/assessments/{started['id']}/revisions/1")).json()
    assert found["hidden"] == ["Q4"]
    assert len(found["answers"]) == 6


async def test_revisions_that_are_not_there_are_unknown(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    assessment_id = await amended(acting)
    path = f"/v1/assessments/{assessment_id}/revisions"
    for number in ("3", "2147483647"):
        for tail in ("", "/score"):
            response = await acting.get(f"{path}/{number}{tail}")
            assert (response.status_code, response.json()["code"]) == (404, "revision-unknown")
    for number in ("0", "-1", "2147483648", "one", "1.5"):
        assert (await acting.get(f"{path}/{number}")).status_code == 422
    for tail in ("", "/1", "/1/score"):
        assert (await onlooker.get(f"{path}{tail}")).status_code == 200
        assert (await stranger.get(f"{path}{tail}")).status_code == 404
        assert (await Acting(acting.http, {}).get(f"{path}{tail}")).status_code == 401
    assert (await acting.get(f"/v1/assessments/{NOTHING}/revisions")).status_code == 404


async def replayed(acting: Acting, score_id: str) -> dict[str, Any]:
    response = await acting.post(f"/v1/scores/{score_id}/replay")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_a_frozen_score_replays_to_the_same_hash_at_every_revision(acting: Acting) -> None:
    assessment_id = await amended(acting)  # V12
    for revision in (1, 2):
        path = f"/v1/assessments/{assessment_id}/revisions/{revision}/score"
        score = (await acting.get(path)).json()
        found = await replayed(acting, score["id"])
        assert (found["match"], found["cause"], found["revision"]) == (True, None, revision)
        assert found["stored"] == found["replayed"]
        assert found["stored"]["result_hash"] == score["result_hash"]


@pytest.mark.parametrize("table", ["answer", "answer_event"])
async def test_an_altered_answer_is_found_audited_and_warned_of(
    acting: Acting, sql: asyncpg.Connection, caplog: pytest.LogCaptureFixture, table: str
) -> None:
    assessment_id = (await acting.submitted(BASE))["id"]  # V12
    score_id = (await acting.get(f"/v1/assessments/{assessment_id}/score")).json()["id"]
    await sql.execute(
        f"UPDATE diagnostic.{table} SET value = '\"o3\"'"
        " WHERE assessment_id = $1::uuid AND question = 'Q1'",
        assessment_id,
    )

    with caplog.at_level(logging.WARNING):
        found = await replayed(acting, score_id)

    assert (found["match"], found["cause"]) == (False, "input_mismatch")
    assert found["stored"] != found["replayed"]
    warned = [one for one in caplog.records if one.message == "replayed score does not match"]
    assert [(one.score, one.cause) for one in warned] == [(score_id, "input_mismatch")]  # type: ignore[attr-defined]
    audited = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity_id = $1", score_id
    )
    assert [one["action"] for one in audited] == ["input_mismatch"]


async def test_an_altered_result_is_told_from_an_altered_answer(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    assessment_id = (await acting.submitted(BASE))["id"]
    score_id = (await acting.get(f"/v1/assessments/{assessment_id}/score")).json()["id"]
    await sql.execute(
        "UPDATE diagnostic.score SET result_hash = 'forged' WHERE id = $1::uuid", score_id
    )
    found = await replayed(acting, score_id)
    assert (found["match"], found["cause"]) == (False, "result_mismatch")


async def test_a_score_of_an_engine_that_is_gone_stays_readable_and_is_not_replayed(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    assessment_id = (await acting.submitted(BASE))["id"]
    score_id = (await acting.get(f"/v1/assessments/{assessment_id}/score")).json()["id"]
    await sql.execute(
        "UPDATE diagnostic.score SET engine_version = '0.1.0' WHERE id = $1::uuid", score_id
    )
    refused = await acting.post(f"/v1/scores/{score_id}/replay")
    assert (refused.status_code, refused.json()["code"]) == (409, "engine-retired")
    assert (await acting.get(f"/v1/assessments/{assessment_id}/score")).status_code == 200


async def test_only_those_who_see_a_diagnostic_replay_its_score(
    acting: Acting, stranger: Acting
) -> None:
    assessment_id = (await acting.submitted(BASE))["id"]
    score_id = (await acting.get(f"/v1/assessments/{assessment_id}/score")).json()["id"]
    foreign = await stranger.post(f"/v1/scores/{score_id}/replay")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "score-unknown")
    assert (await Acting(acting.http, {}).post(f"/v1/scores/{score_id}/replay")).status_code == 401
    assert (await acting.post(f"/v1/scores/{NOTHING}/replay")).status_code == 404
    assert (await acting.post("/v1/scores/x/replay")).status_code == 422


async def test_the_service_itself_can_alter_neither_scores_nor_given_answers(
    database: Any, acting: Acting
) -> None:
    assessment_id = (await acting.submitted(BASE))["id"]  # invariant 7
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        for statement in (
            "UPDATE diagnostic.score SET result_hash = 'x' WHERE assessment_id = $1::uuid",
            "DELETE FROM diagnostic.score WHERE assessment_id = $1::uuid",
            "UPDATE diagnostic.answer_event SET revision = 9 WHERE assessment_id = $1::uuid",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement, assessment_id)
    finally:
        await connection.close()


async def test_a_frozen_score_is_the_same_bytes_each_time_and_not_for_others(
    acting: Acting, stranger: Acting
) -> None:
    path = f"/v1/assessments/{(await acting.submitted(BASE))['id']}/score"
    first, again = [await acting.get(path) for _ in range(2)]
    english = await acting.get(path, **{"accept-language": "en"})
    assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
    assert english.json()["level"]["title"] != first.json()["level"]["title"]
    assert (english.headers["content-language"], first.headers["content-language"]) == ("en", "fr")
    assert (await stranger.get(path)).status_code == 404
    submitted = json.loads(first.content)
    assert submitted["id"] is not None
