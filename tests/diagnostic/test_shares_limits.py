"""What share links refuse: strangers, odd requests, too many of them, too much use."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from diagnostic.shares.service import MOST_AN_HOUR, MOST_LINKS
from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.sharing import NOBODY, address, opened, shared, uses

pytestmark = pytest.mark.usefixtures("mini_ia")


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
