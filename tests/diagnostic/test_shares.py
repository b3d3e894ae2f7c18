"""Share links: who may make them, what they open, for how long, and what is kept of their use."""

import hashlib
import json
import logging

import asyncpg
import pytest

from platformkit.logs import JsonLines
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.sharing import opened, shared, uses

pytestmark = pytest.mark.usefixtures("mini_ia")


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
