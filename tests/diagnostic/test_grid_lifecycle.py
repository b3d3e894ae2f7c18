"""From draft to retirement: reviews, four eyes, races, and what SQL itself refuses (V1, V2, V3)."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from diagnostic.reference import load
from tests.diagnostic.acting import BASE, Acting, faults
from tests.diagnostic.authoring import at, draft, grid, published, reviewed
from tests.harness import Database


async def told(sql: asyncpg.Connection, code: str) -> list[str]:
    """Read the kinds of changes that the feed tells of a grid."""
    rows = await sql.fetch(
        "SELECT kind FROM diagnostic.change WHERE entity_id = $1 ORDER BY seq", code
    )
    return [one["kind"] for one in rows]


async def test_a_colleague_publishes_what_an_author_wrote(
    acting: Acting, colleague: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    content = grid()
    await reviewed(acting, content)
    assert await told(sql, content["code"]) == []
    response = await colleague.post(at(content, "publish"))
    found = response.json()
    assert (response.status_code, found["status"]) == (200, "published")
    assert found["published_at"] is not None
    read = await stranger.get(f"/v1/questionnaires/{content['code']}")
    assert (read.status_code, read.json()["version"]) == (200, "1.0.0")
    assert response.headers["etag"] == read.headers["etag"]
    assert await told(sql, content["code"]) == ["created"]


async def test_nobody_publishes_what_they_wrote_not_even_one_word_of_it(
    acting: Acting, coauthor: Acting, colleague: Acting
) -> None:
    content = grid()
    tag = (await draft(acting, content)).headers["etag"]
    content["title"]["fr"] = "Revu par une autre personne"
    assert (await coauthor.send("PUT", at(content), content, tag)).status_code == 200
    tag = (await acting.get(at(content))).headers["etag"]
    content["title"]["fr"] = "Puis encore par la première"
    assert (await acting.send("PUT", at(content), content, tag)).status_code == 200
    assert (await acting.post(at(content, "request-review"))).status_code == 200
    for writer in (acting, coauthor):
        refused = await writer.post(at(content, "publish"))
        assert (refused.status_code, refused.json()["code"]) == (409, "four-eyes")
    assert (await colleague.post(at(content, "publish"))).status_code == 200


async def test_the_database_itself_counts_four_eyes(acting: Acting, database: Database) -> None:
    content = grid()
    await reviewed(acting, content)
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        with pytest.raises(asyncpg.CheckViolationError, match="four_eyes"):
            await connection.execute(
                "UPDATE diagnostic.questionnaire_version v SET status = 'published',"
                " published_at = now(), published_by = 'demo' FROM diagnostic.questionnaire q"
                " WHERE q.id = v.questionnaire_id AND q.code = $1",
                content["code"],
            )
    finally:
        await connection.close()


async def test_a_draft_must_be_reviewed_before_it_is_published(
    acting: Acting, colleague: Acting
) -> None:
    content = grid()
    await draft(acting, content)
    early = await colleague.post(at(content, "publish"))
    assert (early.status_code, early.json()["code"]) == (409, "questionnaire-version-status")
    assert (await colleague.post(at(content, "retire"))).status_code == 409


async def test_c2_a_cycle_is_refused_at_review_and_at_publication_naming_both(
    acting: Acting, colleague: Acting
) -> None:
    content = grid()
    content["questions"][0]["enable_when"] = "has(answers.Q2) && answers.Q2 == 'o1'"
    content["questions"][1]["enable_when"] = "has(answers.Q1) && answers.Q1 == 'o1'"
    content["questions"][5]["dimension"] = "NOPE"
    await draft(acting, content)
    for who, deed in ((acting, "request-review"), (colleague, "publish")):
        refused = await who.post(at(content, deed), **{"accept-language": "en"})
        assert (refused.status_code, refused.json()["code"]) == (422, "grid-refused")
        assert set(faults(refused).values()) >= {"condition-cycle", "dimension-unknown"}
        details = {one["code"]: one["detail"] for one in refused.json()["errors"]}
        assert "Q1, Q2" in details["condition-cycle"]
    assert (await acting.get(at(content))).json()["status"] == "draft"


async def test_a_refused_review_is_retired_and_stays_unseen(
    acting: Acting, colleague: Acting, stranger: Acting
) -> None:
    content = grid()
    await reviewed(acting, content)
    refused = await colleague.post(at(content, "retire"))
    assert (refused.status_code, refused.json()["status"]) == (200, "retired")
    assert refused.json()["published_at"] is None
    assert (await acting.get(at(content))).json()["status"] == "retired"
    assert (await stranger.get(at(content))).status_code == 404
    assert (await colleague.post(at(content, "publish"))).status_code == 409
    taken = await acting.post(f"/v1/questionnaires/{content['code']}/versions", content)
    assert taken.json()["code"] == "questionnaire-version-exists"
    await published(acting, colleague, {**content, "version": "1.0.1"})


async def test_v1_a_published_version_is_not_written_by_the_api(
    acting: Acting, colleague: Acting
) -> None:
    content = grid()
    await published(acting, colleague, content)
    tag = (await acting.get(at(content))).headers["etag"]
    content["title"]["fr"] = "Autre"
    assert (await acting.send("PUT", at(content), content, tag)).status_code == 409
    assert (await acting.send("DELETE", at(content), None, tag)).status_code == 409
    assert (await acting.get(at(content))).headers["etag"] == tag


@pytest.mark.parametrize(
    "change",
    [
        "SET content = '{}'",
        "SET content_hash = 'x'",
        "SET scoring_hash = 'x'",
        "SET written_by = '{}'",
        "SET edited_at = now()",
        "SET status = 'draft'",
        "SET published_by = 'somebody'",
        "SET status = 'retired', published_at = now()",
    ],
)
@pytest.mark.parametrize("state", ["in_review", "published"])
async def test_v1_the_services_role_cannot_change_what_left_draft(
    acting: Acting, colleague: Acting, database: Database, change: str, state: str
) -> None:
    content = grid()
    await (
        reviewed(acting, content) if state == "in_review" else published(acting, colleague, content)
    )
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    where = "FROM diagnostic.questionnaire q WHERE q.id = v.questionnaire_id AND q.code = $1"
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(
                f"UPDATE diagnostic.questionnaire_version v {change} {where}", content["code"]
            )
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(
                "DELETE FROM diagnostic.questionnaire_version v USING diagnostic.questionnaire q"
                " WHERE q.id = v.questionnaire_id AND q.code = $1",
                content["code"],
            )
    finally:
        await connection.close()


async def test_sql_cannot_publish_a_draft_that_nobody_reviewed(
    acting: Acting, database: Database
) -> None:
    content = grid()
    await draft(acting, content)
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        with pytest.raises(asyncpg.RestrictViolationError, match="from draft to published"):
            await connection.execute(
                "UPDATE diagnostic.questionnaire_version v SET status = 'published',"
                " published_at = now(), published_by = 'x' FROM diagnostic.questionnaire q"
                " WHERE q.id = v.questionnaire_id AND q.code = $1",
                content["code"],
            )
    finally:
        await connection.close()


async def test_a_recommendation_that_the_new_version_no_longer_fits_is_an_error(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    content = grid()
    advice = load.recommendations()["MIA"][0].model_dump(mode="json") | {
        "code": "R-X",
        "triggers": [{"question": "Q1", "options": ["o0"]}],
        "question_uplift": {"Q1": "o3"},
        "prerequisites": [],
    }
    await sql.execute(
        "INSERT INTO diagnostic.recommendation (id, questionnaire_code, code, content,"
        " content_hash, version) VALUES (gen_random_uuid(), $1, 'R-X', $2, 'x', 1)",
        content["code"],
        json.dumps(advice),
    )
    fits = (await draft(acting, content)).json()["lint"]
    assert fits["publishable"] is True
    named = {one["pointer"] for one in fits["findings"] if one["code"] == "no-recommendation"}
    assert named == {f"/questions/{n}" for n in range(1, 6)}
    content["questions"][0]["options"].pop()
    newer = (await draft(acting, {**content, "version": "1.1.0"})).json()["lint"]
    assert [(one["pointer"], one["code"]) for one in newer["findings"][:1]] == [
        ("/recommendations/R-X/question_uplift/Q1", "option-unknown")
    ]
    refused = await acting.post(at({**content, "version": "1.1.0"}, "request-review"))
    assert refused.status_code == 422


async def test_v2_of_two_publications_at_once_one_wins(
    acting: Acting, colleague: Acting, sql: asyncpg.Connection
) -> None:
    content = grid()
    await reviewed(acting, content)
    answers = await asyncio.gather(*(colleague.post(at(content, "publish")) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert await told(sql, content["code"]) == ["created"]


async def test_v2_of_two_versions_published_at_once_one_is_in_force(
    acting: Acting, colleague: Acting
) -> None:
    content = grid()
    newer = {**content, "version": "1.1.0"}
    await reviewed(acting, content)
    await reviewed(acting, newer)
    answers = await asyncio.gather(
        *(colleague.post(at(one, "publish")) for one in (content, newer))
    )
    assert {one.status_code for one in answers} <= {200, 409}
    found = (await acting.get(f"/v1/questionnaires/{content['code']}/versions")).json()["items"]
    assert [one["status"] for one in found].count("published") == 1
    assert (await acting.get(f"/v1/questionnaires/{content['code']}")).json()["version"] == "1.1.0"


async def test_a_lower_version_is_not_published_over_a_higher_one(
    acting: Acting, colleague: Acting
) -> None:
    content = grid()
    await reviewed(acting, content)
    await published(acting, colleague, {**content, "version": "1.1.0"})
    late = await colleague.post(at(content, "publish"))
    assert (late.status_code, late.json()["code"]) == (409, "questionnaire-version-too-low")


async def test_v3_a_diagnostic_ends_on_the_version_that_it_began_with(
    acting: Acting, colleague: Acting
) -> None:
    content = grid()
    await published(acting, colleague, content)
    started = await acting.assessment(content["code"])
    await acting.answer_all(started["id"], BASE)
    newer: dict[str, Any] = {**grid(code=content["code"], version="2.0.0")}
    newer["dimensions"][0]["weight"] = 9.0
    newer["title"]["fr"] = "Deuxième édition"
    await published(acting, colleague, newer)

    score = (await acting.post(f"/v1/assessments/{started['id']}/submit")).json()
    later = await acting.assessment(content["code"])

    assert (score["questionnaire"]["version"], score["score"]) == ("1.0.0", 72.1)
    assert later["questionnaire"]["version"] == "2.0.0"
    assert (await acting.get(at(content))).json()["status"] == "superseded"
    listed = await acting.every("/v1/questionnaires")
    [mine] = [one for one in listed if one["code"] == content["code"]]
    assert (mine["version"], mine["title"]["fr"]) == ("2.0.0", "Deuxième édition")


async def test_a_retired_grid_starts_nothing_and_lets_what_began_end(
    acting: Acting, colleague: Acting, sql: asyncpg.Connection
) -> None:
    content = grid()
    await published(acting, colleague, content)
    started = await acting.assessment(content["code"])
    assert (await colleague.post(at(content, "retire"))).json()["status"] == "retired"
    company = (await acting.organisation())["id"]
    body = {"organisation_id": company, "questionnaire": content["code"]}
    assert (await acting.post("/v1/assessments", body)).status_code == 404
    await acting.answer_all(started["id"], BASE)
    assert (await acting.post(f"/v1/assessments/{started['id']}/submit")).status_code == 200
    assert (await colleague.post(at(content, "retire"))).status_code == 409
    assert await told(sql, content["code"]) == ["created", "deleted"]


async def test_a_publication_is_replayed_by_its_key(acting: Acting, colleague: Acting) -> None:
    content = grid()
    await reviewed(acting, content)
    key = {"idempotency-key": content["code"]}
    first = await colleague.post(at(content, "publish"), **key)
    second = await colleague.post(at(content, "publish"), **key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["idempotent-replayed"] == "true"
    assert second.json() == first.json()
