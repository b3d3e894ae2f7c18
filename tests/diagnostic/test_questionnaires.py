"""Grids over HTTP, and what nobody may do to a published one."""

import asyncio
import copy
from typing import Any

import asyncpg
import pytest

from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.schemas import QuestionnaireRead
from diagnostic.questionnaires.service import GridRefused, VersionExists
from tests.diagnostic.acting import BASE, Acting, publish
from tests.harness import Database


def renamed(content: dict[str, Any], code: str, version: str = "1.0.0") -> GridContent:
    return GridContent.model_validate({**copy.deepcopy(content), "code": code, "version": version})


async def test_the_shipped_grid_can_be_read_whole(acting: Acting) -> None:
    response = await acting.get("/v1/questionnaires/MIA")

    found = response.json()
    assert found.keys() == QuestionnaireRead.model_fields.keys()
    content = QuestionnaireRead.model_validate(found).content
    assert (response.status_code, found["status"], content.code) == (200, "published", "MIA")
    assert len(content.dimensions) == 6
    scored = [one for one in content.questions if one.scored]
    assert 24 <= len(scored) <= 36
    assert all(one.label.en for one in content.questions)
    unchanged = await acting.get(
        "/v1/questionnaires/MIA", **{"if-none-match": response.headers["etag"]}
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_the_list_names_the_version_of_each_grid(
    acting: Acting, mini_ia: dict[str, Any]
) -> None:
    listed = await acting.every("/v1/questionnaires")
    codes = [one["code"] for one in listed]
    assert {"MIA", "MINI-IA"} <= set(codes)
    assert codes == sorted(codes)
    mini = next(one for one in listed if one["code"] == "MINI-IA")
    assert (mini["version"], mini["question_count"]) == ("1.0.0", 6)
    first = (await acting.get("/v1/questionnaires?limit=1")).json()
    second = (await acting.get(f"/v1/questionnaires?limit=1&after={first['next']}")).json()
    assert [first["items"][0]["code"], second["items"][0]["code"]] == codes[:2]


async def test_reading_needs_its_scope_and_a_grid(acting: Acting, as_client: Any) -> None:
    feeder = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:feed"}))
    assert (await feeder.get("/v1/questionnaires/MIA")).status_code == 403
    for path in ("NONE", "MIA/versions/9.9.9"):
        unknown = await acting.get(f"/v1/questionnaires/{path}")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "questionnaire-unknown")
    assert (await acting.get("/v1/questionnaires/%00")).status_code == 422


async def test_publishing_the_same_content_again_changes_nothing(
    database: Database, sql: asyncpg.Connection, mini_ia: dict[str, Any]
) -> None:
    rows = "SELECT count(*) FROM diagnostic.questionnaire_version"
    before = await sql.fetchval(rows)
    await publish(database, GridContent.model_validate(mini_ia))
    assert await sql.fetchval(rows) == before


async def test_a_version_number_never_gets_another_content(
    database: Database, mini_ia: dict[str, Any]
) -> None:
    altered = copy.deepcopy(mini_ia)
    altered["title"]["fr"] = "Autre titre"
    with pytest.raises(VersionExists):
        await publish(database, GridContent.model_validate(altered))


async def test_a_grid_with_a_cycle_is_refused_naming_it(
    database: Database, mini_ia: dict[str, Any]
) -> None:
    looped = copy.deepcopy(mini_ia)
    looped["code"] = "LOOP"
    looped["questions"][0]["enable_when"] = "answers.Q2 == 'o1'"
    looped["questions"][1]["enable_when"] = "answers.Q1 == 'o1'"
    with pytest.raises(GridRefused) as refusal:
        await publish(database, GridContent.model_validate(looped))
    assert "condition_cycle" in {one.code for one in refusal.value.faults}


async def test_a_diagnostic_keeps_its_version_when_a_new_one_is_published(
    acting: Acting, database: Database, mini_ia: dict[str, Any]
) -> None:
    await publish(database, renamed(mini_ia, "PINNED"))
    started = await acting.assessment("PINNED")
    await acting.answer_all(started["id"], BASE)
    newer = copy.deepcopy(mini_ia)
    newer["dimensions"][0]["weight"] = 9.0
    await publish(database, renamed(newer, "PINNED", "1.1.0"))

    score = (await acting.post(f"/v1/assessments/{started['id']}/submit")).json()
    later = await acting.assessment("PINNED")

    assert (score["questionnaire"]["version"], score["score"]) == ("1.0.0", 72.1)
    assert later["questionnaire"]["version"] == "1.1.0"
    old = (await acting.get("/v1/questionnaires/PINNED/versions/1.0.0")).json()
    assert old["status"] == "superseded"
    assert (await acting.get("/v1/questionnaires/PINNED")).json()["version"] == "1.1.0"


async def test_concurrent_publications_leave_one_published_version(
    database: Database, sql: asyncpg.Connection, mini_ia: dict[str, Any]
) -> None:
    await asyncio.gather(
        *(publish(database, renamed(mini_ia, "RACED", f"1.{n}.0")) for n in range(5))
    )
    states = await sql.fetch(
        "SELECT v.status FROM diagnostic.questionnaire_version v"
        " JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id WHERE q.code = 'RACED'"
    )
    assert sorted(one["status"] for one in states) == ["published"] + ["superseded"] * 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE diagnostic.questionnaire_version SET content = '{}'",
        "UPDATE diagnostic.questionnaire_version SET scoring_hash = 'x'",
        "UPDATE diagnostic.questionnaire_version SET status = 'draft'",
        "UPDATE diagnostic.questionnaire_version SET version = '9.0.0'",
        "DELETE FROM diagnostic.questionnaire_version",
        "TRUNCATE diagnostic.questionnaire_version CASCADE",
        "DROP TRIGGER keep_published_version ON diagnostic.questionnaire_version",
        "ALTER TABLE diagnostic.questionnaire_version DISABLE TRIGGER ALL",
        "UPDATE diagnostic.answer_event SET state = 'dont_know'",
        "DELETE FROM diagnostic.answer_event",
        "UPDATE diagnostic.score SET result = '{}'",
        "DELETE FROM diagnostic.score",
        "UPDATE diagnostic.audit_event SET actor = 'nobody'",
        "DELETE FROM diagnostic.audit_event",
    ],
)
async def test_the_services_own_role_cannot_touch_what_is_frozen(
    database: Database, mini_ia: dict[str, Any], statement: str
) -> None:
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_publishing_is_audited(sql: asyncpg.Connection, mini_ia: dict[str, Any]) -> None:
    written = await sql.fetchrow(
        "SELECT a.actor, a.after_hash = v.content_hash AS same FROM diagnostic.audit_event a"
        " JOIN diagnostic.questionnaire_version v ON v.id::text = a.entity_id"
        " JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id"
        " WHERE q.code = 'MINI-IA' AND a.action = 'publish'"
    )
    assert written is not None
    assert (written["actor"], written["same"]) == ("author", True)
