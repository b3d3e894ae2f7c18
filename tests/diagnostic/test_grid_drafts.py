"""Writing drafts over HTTP: what is stored, what the lint says, who sees them, who may not."""

import json
from typing import Any

import asyncpg
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import Acting, faults
from tests.diagnostic.authoring import at, draft, grid, published, reviewed


async def test_a_draft_is_stored_with_what_is_wrong_with_it_and_read_back(acting: Acting) -> None:
    content = grid()
    content["questions"][0]["dimension"] = "NOPE"

    response = await draft(acting, content)

    made = response.json()
    assert response.headers["location"] == at(content)
    assert (made["status"], made["version"], made["question_count"]) == ("draft", "1.0.0", 6)
    assert made["published_at"] is None
    assert made["lint"]["publishable"] is False
    assert made["lint"]["findings"][0] == {
        "pointer": "/questions/0/dimension",
        "code": "dimension-unknown",
        "severity": "error",
        "detail": "La dimension NOPE n’existe pas.",
    }
    read = await acting.get(at(content))
    assert read.headers["etag"] == response.headers["etag"]
    assert read.json()["status"] == "draft"
    assert read.json()["content"]["questions"][0]["dimension"] == "NOPE"


async def test_the_lint_speaks_the_language_asked_and_puts_errors_first(acting: Acting) -> None:
    content = grid()
    content["questions"][5]["dimension"] = "NOPE"
    response = await acting.post(
        "/v1/questionnaires/validate", content, **{"accept-language": "en"}
    )
    report = response.json()
    assert response.status_code == 200
    assert report["findings"][0]["detail"] == "There is no dimension NOPE."
    severities = [one["severity"] for one in report["findings"]]
    assert severities == sorted(severities)
    assert (report["errors"], report["warnings"]) == (
        severities.count("error"),
        severities.count("warning"),
    )


async def test_validating_stores_nothing(acting: Acting, sql: asyncpg.Connection) -> None:
    content = grid()
    assert (await acting.post("/v1/questionnaires/validate", content)).json()["publishable"] is True
    await draft(acting, content)
    stored = await acting.post(at(content, "validate"))
    assert (stored.status_code, stored.json()["publishable"]) == (200, True)
    rows = "SELECT count(*) FROM diagnostic.questionnaire WHERE code = $1"
    other = grid()
    await acting.post("/v1/questionnaires/validate", other)
    assert await sql.fetchval(rows, other["code"]) == 0


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (["questions", 0, "weight"], -1, "/questions/0/weight", "greater-than-equal"),
        (["questions", 0, "options", 0, "points"], "3", "/questions/0/options/0/points", None),
        (["questions", 0, "type"], "slider", "/questions/0", None),
        (["questions", 1, "surprise"], 1, "/questions/1/surprise", "extra-forbidden"),
        (["title", "fr"], "a\x00b", "/title/fr", "text-not-storable"),
        (["title", "fr"], "a\u202eb", "/title/fr", "text-unseen"),
        (["title", "fr"], "a\x1bb", "/title/fr", "text-unseen"),
        (["version"], "1.0", "/version", "string-pattern-mismatch"),
        (["code"], "lower", "/code", "string-pattern-mismatch"),
        (["questions"], [], "/questions", "too-short"),
    ],
)
async def test_what_is_no_grid_is_refused_with_its_place_and_nothing_is_stored(
    acting: Acting, path: list[Any], value: Any, pointer: str, code: str | None
) -> None:
    content = grid()
    where = content["code"]
    node: Any = content
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    response = await acting.post(f"/v1/questionnaires/{where}/versions", content)
    assert response.status_code == 422, response.text
    assert pointer in faults(response)
    assert code in {None, faults(response)[pointer]}
    assert (await acting.get(f"/v1/questionnaires/{where}/versions")).status_code == 404


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_s16_a_weight_that_is_no_number_is_refused(acting: Acting, number: str) -> None:
    content = grid()
    content["questions"][0]["weight"] = 424242
    body = json.dumps(content).replace("424242", number)
    response = await acting.http.post(
        f"/v1/questionnaires/{content['code']}/versions",
        content=body,
        headers={**acting.headers, "content-type": "application/json"},
    )
    assert response.status_code == 422
    assert "/questions/0/weight" in faults(response)


async def test_a_draft_is_replaced_by_who_read_it_and_deleted(acting: Acting) -> None:
    content = grid()
    tag = (await draft(acting, content)).headers["etag"]
    content["title"]["fr"] = "Nouveau titre"

    assert (await acting.send("PUT", at(content), content)).status_code == 428
    stale = await acting.send("PUT", at(content), content, '"old"')
    assert (stale.status_code, stale.headers["etag"]) == (412, tag)
    changed = await acting.send("PUT", at(content), content, tag)
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] != tag
    assert (await acting.get(at(content))).json()["content"]["title"]["fr"] == "Nouveau titre"

    assert (await acting.send("DELETE", at(content), None)).status_code == 428
    assert (await acting.send("DELETE", at(content), None, tag)).status_code == 412
    gone = await acting.send("DELETE", at(content), None, changed.headers["etag"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await acting.get(at(content))).status_code == 404
    await draft(acting, content)  # its number may be used again


async def test_the_address_and_the_content_must_agree(acting: Acting) -> None:
    content = grid()
    elsewhere = await acting.post("/v1/questionnaires/OTHER-ONE/versions", content)
    assert (elsewhere.status_code, faults(elsewhere)) == (422, {"/code": "code-mismatch"})
    tag = (await draft(acting, content)).headers["etag"]
    moved = {**content, "version": "9.0.0"}
    response = await acting.send("PUT", at(content), moved, tag)
    assert faults(response) == {"/version": "version-mismatch"}


async def test_a_number_is_new_and_above_the_published_one(
    acting: Acting, colleague: Acting
) -> None:
    content = grid("1.9.0")
    await published(acting, colleague, content)
    again = await acting.post(f"/v1/questionnaires/{content['code']}/versions", content)
    assert (again.status_code, again.json()["code"]) == (409, "questionnaire-version-exists")
    lower = await acting.post(
        f"/v1/questionnaires/{content['code']}/versions", {**content, "version": "1.2.0"}
    )
    assert (lower.status_code, lower.json()["code"]) == (409, "questionnaire-version-too-low")
    await draft(acting, {**content, "version": "1.10.0"})  # numbers, not texts
    twice = await acting.post(
        f"/v1/questionnaires/{content['code']}/versions", {**content, "version": "1.10.0"}
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "questionnaire-version-exists")


async def test_the_same_key_makes_one_draft_and_another_body_is_refused(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    content = grid()
    path, key = (
        f"/v1/questionnaires/{content['code']}/versions",
        {"idempotency-key": content["code"]},
    )
    first = await acting.post(path, content, **key)
    second = await acting.post(path, content, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"
    other = await acting.post(path, {**content, "version": "2.0.0"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    count = (
        "SELECT count(*) FROM diagnostic.questionnaire_version v JOIN diagnostic.questionnaire q"
        " ON q.id = v.questionnaire_id WHERE q.code = $1"
    )
    assert await sql.fetchval(count, content["code"]) == 1


async def test_versions_are_listed_by_number_and_drafts_to_their_tenant_only(
    acting: Acting, colleague: Acting, stranger: Acting
) -> None:
    content = grid("1.2.0")
    await published(acting, colleague, content)
    for version in ("1.10.0", "1.9.0"):
        await draft(acting, {**content, "version": version})
    path = f"/v1/questionnaires/{content['code']}/versions"

    mine = (await acting.get(f"{path}?count=true")).json()
    assert [(one["version"], one["status"]) for one in mine["items"]] == [
        ("1.2.0", "published"),
        ("1.9.0", "draft"),
        ("1.10.0", "draft"),
    ]
    assert mine["total"] == 3
    theirs = (await stranger.get(f"{path}?count=true")).json()
    assert [one["version"] for one in theirs["items"]] == ["1.2.0"]
    assert theirs["total"] == 1
    second = (await acting.get(f"{path}?limit=2")).json()["next"]
    rest = (await acting.get(f"{path}?limit=2&after={second}")).json()
    assert [one["version"] for one in rest["items"]] == ["1.10.0"]


async def test_another_tenants_draft_does_not_exist(acting: Acting, stranger: Acting) -> None:
    content = grid()
    tag = (await draft(acting, content)).headers["etag"]
    path = f"/v1/questionnaires/{content['code']}"
    answers = [
        await stranger.get(at(content)),
        await stranger.get(path),
        await stranger.get(f"{path}/versions"),
        await stranger.send("PUT", at(content), content, tag),
        await stranger.send("DELETE", at(content), None, tag),
        *[
            await stranger.post(at(content, deed))
            for deed in ("validate", "request-review", "publish", "retire")
        ],
    ]
    assert {one.status_code for one in answers} == {404}
    assert (await acting.get(at(content))).status_code == 200
    listed = await stranger.every("/v1/questionnaires")
    assert content["code"] not in {one["code"] for one in listed}


async def test_a_code_belongs_to_who_used_it_first(acting: Acting, stranger: Acting) -> None:
    content = grid()
    await draft(acting, content)
    for taken in (content, grid(code="MIA", version="9.0.0")):
        response = await stranger.post(f"/v1/questionnaires/{taken['code']}/versions", taken)
        assert (response.status_code, response.json()["code"]) == (409, "questionnaire-elsewhere")


async def test_writing_needs_its_scopes(acting: Acting, as_client: AsClient) -> None:
    content = grid()
    tag = (await draft(acting, content)).headers["etag"]
    nobody = Acting(acting.http, {})
    reader = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:read"}))
    author = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:author"}))
    path = f"/v1/questionnaires/{content['code']}/versions"
    for who, status in ((nobody, 401), (reader, 403)):
        assert (await who.post(path, content)).status_code == status
        assert (await who.post("/v1/questionnaires/validate", content)).status_code == status
        assert (await who.send("PUT", at(content), content, tag)).status_code == status
        assert (await who.send("DELETE", at(content), None, tag)).status_code == status
        for deed in ("validate", "request-review", "publish", "retire"):
            assert (await who.post(at(content, deed))).status_code == status
    for deed in ("publish", "retire"):
        assert (await author.post(at(content, deed))).status_code == 403


async def test_what_left_draft_is_neither_replaced_nor_deleted(acting: Acting) -> None:
    content = grid()
    await reviewed(acting, content)
    tag = (await acting.get(at(content))).headers["etag"]
    for response in (
        await acting.send("PUT", at(content), content, tag),
        await acting.send("DELETE", at(content), None, tag),
        await acting.post(at(content, "request-review")),
    ):
        assert (response.status_code, response.json()["code"]) == (
            409,
            "questionnaire-version-status",
        )


async def test_every_deed_is_audited(
    acting: Acting, colleague: Acting, sql: asyncpg.Connection
) -> None:
    content = grid()
    tag = (await draft(acting, content)).headers["etag"]
    content["title"]["fr"] = "Autre"
    await acting.send("PUT", at(content), content, tag)
    await acting.post(at(content, "request-review"))
    await colleague.post(at(content, "publish"))
    await colleague.post(at(content, "retire"))
    rows = await sql.fetch(
        "SELECT a.action, a.actor FROM diagnostic.audit_event a"
        " JOIN diagnostic.questionnaire_version v ON v.id::text = a.entity_id"
        " JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id"
        " WHERE q.code = $1 ORDER BY a.id",
        content["code"],
    )
    assert [(one["action"], one["actor"]) for one in rows] == [
        ("create_draft", "demo"),
        ("edit_draft", "demo"),
        ("request_review", "demo"),
        ("publish", "colleague"),
        ("retire", "colleague"),
    ]
