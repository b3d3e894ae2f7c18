"""Share links: who may make them, what they open, for how long, and what is kept of their use."""

import asyncio
import hashlib
import json
import logging
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from diagnostic.shares.service import MOST_AN_HOUR, MOST_LINKS
from platformkit.logs import JsonLines
from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting

pytestmark = pytest.mark.usefixtures("mini_ia")
NOBODY = harness.anonymous("diagnostic")


async def shared(acting: Acting, body: object = None) -> dict[str, Any]:
    """Submit a diagnostic and share its report."""
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/share-links"
    response = await acting.post(path, body if body is not None else {})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["location"] == address(made)
    return made


def address(made: dict[str, Any], ending: str = "html") -> str:
    return f"/v1/shared-reports/{made['token']}/report.{ending}"


async def opened(
    acting: Acting, made: dict[str, Any], ending: str = "html", **headers: str
) -> httpx.Response:
    """Use a link as somebody without an account."""
    return await acting.http.get(address(made, ending), headers={**NOBODY, **headers})


async def uses(sql: asyncpg.Connection, made: dict[str, Any]) -> list[tuple[str, str]]:
    rows = await sql.fetch(
        "SELECT format, outcome FROM diagnostic.share_access WHERE link_id = $1::uuid ORDER BY id",
        made["id"],
    )
    return [(row["format"], row["outcome"]) for row in rows]


async def test_a_link_opens_the_report_without_an_account(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    made = await shared(acting, {"days": 7, "note": "Banque"})
    page = await opened(acting, made)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "72,1" in page.text
    file = await opened(acting, made, "pdf")
    assert file.content.startswith(b"%PDF")
    own = await acting.get(f"/v1/assessments/{made['assessment_id']}/report.pdf")
    assert file.content == own.content
    for answer in (page, file):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"].startswith("noindex")
        assert "etag" not in answer.headers
        assert made["token"] not in str(answer.headers) + answer.text
    assert await uses(sql, made) == [("html", "handed_out"), ("pdf", "handed_out")]


async def test_only_a_digest_of_the_token_is_kept(acting: Acting, sql: asyncpg.Connection) -> None:
    made = await shared(acting)
    kept = await sql.fetchrow("SELECT * FROM diagnostic.share_link WHERE id = $1::uuid", made["id"])
    assert kept is not None
    assert kept["digest"] == hashlib.sha256(made["token"].encode()).digest()
    assert made["token"] not in str(dict(kept))
    assert len(made["token"]) == 43
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/share-links"
    again = await acting.post(path, {}, **{"idempotency-key": "share-once"})
    stored = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.idempotency_key WHERE position($1 in body) > 0",
        again.json()["token"].encode(),
    )
    assert stored == 0


async def test_x4_expired_revoked_gone_and_unknown_links_look_the_same(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    expired, revoked, void, unknown = [await shared(acting) for _ in range(4)]
    await sql.execute(
        "UPDATE diagnostic.share_link SET created_at = now() - interval '2 days',"
        " expires_at = now() - interval '1 second' WHERE id = $1::uuid",
        expired["id"],
    )
    ended = await acting.post(f"/v1/share-links/{revoked['id']}/revoke")
    assert (ended.status_code, ended.json()["state"]) == (200, "revoked")
    path = f"/v1/assessments/{void['assessment_id']}/enter-in-error"
    assert (await acting.post(path, {"reason": "Doublon"})).status_code == 200
    unknown["token"] = expired["id"]  # not a token at all

    answers = []
    for made in (expired, revoked, void, unknown):
        for ending in ("html", "pdf"):
            answer = await opened(acting, made, ending)
            body = answer.json()
            body.pop("trace_id")
            answers.append((answer.status_code, body, dict(answer.headers)))
    assert answers[0][0] == 404
    assert answers[0][1]["code"] == "shared-report-unknown"
    for status, body, headers in answers:
        assert (status, body) == answers[0][:2]
        assert headers == answers[0][2] | {"content-length": headers["content-length"]}
        assert headers["cache-control"] == "no-store"
    assert await uses(sql, expired) == [("html", "expired"), ("pdf", "expired")]
    assert await uses(sql, revoked) == [("html", "revoked"), ("pdf", "revoked")]
    assert await uses(sql, void) == [("html", "gone"), ("pdf", "gone")]


async def test_x4_a_link_opens_its_own_report_only(acting: Acting) -> None:
    one, other = await shared(acting), await shared(acting, {"language": "en"})
    assert one["assessment_id"] != other["assessment_id"]
    assert 'lang="fr"' in (await opened(acting, one)).text
    assert 'lang="en"' in (await opened(acting, other)).text
    mixed = {"token": one["token"][:20] + other["token"][20:]}
    assert (await opened(acting, mixed)).status_code == 404


async def test_an_erased_company_is_shared_no_longer(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    made = await shared(acting)
    assert (await opened(acting, made)).status_code == 200
    await sql.execute(
        "UPDATE diagnostic.organisation o SET erased_at = now() FROM diagnostic.assessment a"
        " WHERE a.organisation_id = o.id AND a.id = $1::uuid",
        made["assessment_id"],
    )
    assert (await opened(acting, made)).status_code == 404
    assert (await uses(sql, made))[-1] == ("html", "gone")


async def test_a_link_speaks_its_own_language_or_the_readers(acting: Acting) -> None:
    fixed = await shared(acting, {"language": "fr"})
    answer = await opened(acting, fixed, **{"accept-language": "en"})
    assert (answer.headers["content-language"], 'lang="fr"' in answer.text) == ("fr", True)
    free = await shared(acting)
    answer = await opened(acting, free, **{"accept-language": "en"})
    assert (answer.headers["content-language"], 'lang="en"' in answer.text) == ("en", True)


async def test_a_link_used_too_often_waits(acting: Acting, sql: asyncpg.Connection) -> None:
    made = await shared(acting)
    await sql.execute(
        "INSERT INTO diagnostic.share_access (link_id, format, outcome)"
        " SELECT $1::uuid, 'html', 'handed_out' FROM generate_series(1, $2)",
        made["id"],
        MOST_AN_HOUR,
    )
    answer = await opened(acting, made)
    assert (answer.status_code, answer.json()["code"]) == (429, "shared-report-busy")
    assert answer.headers["retry-after"] == "3600"
    await acting.post(f"/v1/share-links/{made['id']}/revoke")
    assert (await opened(acting, made)).status_code == 404
    assert len(await uses(sql, made)) == MOST_AN_HOUR


async def test_the_list_tells_the_state_and_the_use_of_links_and_no_token(acting: Acting) -> None:
    made = await shared(acting, {"note": "Banque", "days": 1})
    path = f"/v1/assessments/{made['assessment_id']}/share-links"
    second = (await acting.post(path, {})).json()
    await acting.post(f"/v1/share-links/{second['id']}/revoke")
    await opened(acting, made)
    response = await acting.get(f"{path}?count=true")
    body = response.json()
    assert [one["state"] for one in body["items"]] == ["active", "revoked"]
    assert [one["handed_out"] for one in body["items"]] == [1, 0]
    assert body["items"][0]["note"] == "Banque"
    assert body["items"][0]["last_handed_out_at"] is not None
    assert body["total"] == 2
    assert made["token"] not in response.text
    first = (await acting.get(f"{path}?limit=1")).json()
    rest = (await acting.get(f"{path}?limit=1&after={first['next']}")).json()
    assert [first["items"][0]["id"], rest["items"][0]["id"]] == [made["id"], second["id"]]


async def test_a_link_is_made_and_ended_by_its_tenant_with_the_scope_to_write(
    acting: Acting,
    stranger: Acting,
    onlooker: Acting,
    service: httpx.AsyncClient,
) -> None:
    made = await shared(acting)
    links = f"/v1/assessments/{made['assessment_id']}/share-links"
    revoke = f"/v1/share-links/{made['id']}/revoke"
    for path, code in ((links, "assessment-unknown"), (revoke, "share-link-unknown")):
        refused = await stranger.post(path, {} if path == links else None)
        assert (refused.status_code, refused.json()["code"]) == (404, code)
        assert (await onlooker.post(path, {})).status_code == 403
        assert (await service.post(path, json={}, headers=NOBODY)).status_code == 401
    assert (await stranger.get(links)).status_code == 404
    assert (await onlooker.get(links)).status_code == 200
    nothing = await acting.post("/v1/share-links/00000000-0000-4000-8000-000000000000/revoke")
    assert nothing.status_code == 404
    assert (await opened(acting, made)).status_code == 200


async def test_revoking_twice_is_revoking_once(acting: Acting, sql: asyncpg.Connection) -> None:
    made = await shared(acting)
    path = f"/v1/share-links/{made['id']}/revoke"
    first, second = [await acting.post(path) for _ in range(2)]
    assert first.json() == second.json()
    deeds = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity = 'assessment' AND entity_id = $1"
        " ORDER BY id",
        made["assessment_id"],
    )
    assert [one["action"] for one in deeds][-2:] == ["share", "revoke_share"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"days": 0}, "/days", "greater-than-equal"),
        ({"days": 91}, "/days", "less-than-equal"),
        ({"days": "7"}, "/days", "int-type"),
        ({"days": True}, "/days", "int-type"),
        ({"language": "de"}, "/language", "literal-error"),
        ({"note": " "}, "/note", "text-padded"),
        ({"note": "a\u202eb"}, "/note", "text-unseen"),
        ({"note": "x" * 201}, "/note", "string-too-long"),
        ({"token": "mine"}, "/token", "extra-forbidden"),
    ],
)
async def test_a_link_asked_for_wrongly_is_refused(
    acting: Acting, body: dict[str, object], pointer: str, code: str, scored: str
) -> None:
    refused = await acting.post(f"/v1/assessments/{scored}/share-links", body)
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [(pointer, code)]
    assert (await acting.get(f"/v1/assessments/{scored}/share-links")).json()["items"] == []


@pytest.fixture(scope="module")
async def scored(acting: Acting) -> str:
    found: str = (await acting.submitted(BASE))["id"]
    return found


async def test_there_is_nothing_to_share_before_the_submission_nor_of_what_is_void(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/share-links"
    refused = await acting.post(path, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment-not-submitted")
    abandon = f"/v1/assessments/{started['id']}/abandon"
    assert (await acting.post(abandon, {"reason": "Sans suite"})).status_code == 200
    refused = await acting.post(path, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment-closed")


async def test_a_diagnostic_has_no_more_links_than_it_may_even_in_a_race(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/share-links"
    answers = await asyncio.gather(*(acting.post(path, {}) for _ in range(MOST_LINKS + 3)))
    assert sorted(one.status_code for one in answers) == [201] * MOST_LINKS + [409] * 3
    made = next(one.json() for one in answers if one.status_code == 201)
    await acting.post(f"/v1/share-links/{made['id']}/revoke")
    assert (await acting.post(path, {})).status_code == 201


async def test_no_token_comes_into_the_logs(
    acting: Acting, caplog: pytest.LogCaptureFixture
) -> None:
    made = await shared(acting)
    with caplog.at_level(logging.DEBUG):
        assert (await opened(acting, made)).status_code == 200
        await acting.post(f"/v1/share-links/{made['id']}/revoke")
        assert (await opened(acting, made)).status_code == 404
        await opened(acting, made, "docx")
    records = [one for one in caplog.records if not one.name.startswith("http")]  # not the client's
    written = [JsonLines("diagnostic").format(one) for one in records]
    routes = [json.loads(one).get("http.route") for one in written]
    assert routes.count("/v1/shared-reports/{token}/report.html") == 2
    assert not [one for one in written if made["token"] in one]


async def test_uses_can_be_added_and_read_only(database: harness.Database) -> None:
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        for attempt in (
            "UPDATE diagnostic.share_access SET outcome = 'handed_out'",
            "DELETE FROM diagnostic.share_access",
            "DELETE FROM diagnostic.share_link",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


async def test_a_link_lasts_as_long_as_was_asked(acting: Acting) -> None:
    before = datetime.now(UTC)
    made = await shared(acting, {"days": 90})
    expires = datetime.fromisoformat(made["expires_at"])
    assert 89.9 < (expires - before).total_seconds() / 86_400 < 90.1
    assert datetime.fromisoformat((await shared(acting))["expires_at"]) < expires


async def test_a_token_of_any_shape_is_unknown_at_worst(
    acting: Acting, as_client: AsClient
) -> None:
    for token in ("x", "a" * 2000, "%20", "é", "..%5c", "{token}", "' OR 1=1 --"):
        answer = await acting.http.get(f"/v1/shared-reports/{token}/report.html", headers=NOBODY)
        assert answer.status_code == 404, token
    with_account = as_client("diagnostic", tenant="cci-hdf", client="cci")
    made = await shared(acting)
    known = await acting.http.get(address(made), headers=with_account)
    assert known.status_code == 200
