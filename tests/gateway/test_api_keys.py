"""API keys at the door: who gets in with one, from where, and until when (S-M10, G5)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import pytest

from gateway.api_keys.ring import KeyRefused, Ring
from gateway.clients.service import digest
from tests.gateway.doors import UPSTREAM_KEY, Opened, door
from tests.gateway.partners import Partner, partner, sql, until
from tests.gateway.scripted import Scripted
from tests.harness import Database

PAGE = "https://ecole.example"
READ = "/v1/diagnostic/things/1"
OPEN = "/v1/training/echo"


@pytest.fixture(scope="module")
async def doors(
    behind: Scripted, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Opened]]:
    """Give two gateways on one database, as two processes have it."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                door(
                    tmp_path_factory.mktemp("door"),
                    {"training": behind.url, "diagnostic": behind.url},
                    database_url=database.dsn("gateway"),
                    browser_scopes={"overviews:read", "training:read"},
                )
            )
            for _ in range(2)
        ]


@pytest.fixture(scope="module")
def gate(doors: list[Opened]) -> Opened:
    return doors[0]


@pytest.fixture
async def school(gate: Opened) -> Partner:
    return await partner(gate.settings)


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def opens(gate: Opened, headers: dict[str, str], path: str = READ) -> httpx.Response:
    """Ask until the gateway knows the key."""
    answer = await gate.http.get(path, headers=headers)

    async def is_known() -> bool:
        nonlocal answer
        answer = await gate.http.get(path, headers=headers)
        return answer.status_code != 401

    await until(is_known)
    return answer


async def refuses(gate: Opened, headers: dict[str, str]) -> None:
    async def is_refused() -> bool:
        answer = await gate.http.get(READ, headers=headers)
        return answer.status_code == 401 and answer.json()["code"] == "api-key-refused"

    await until(is_refused)


@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
async def test_a_secret_key_opens_what_its_client_may_do_and_the_service_learns_who_it_is(
    gate: Opened, behind: Scripted, school: Partner, header: str
) -> None:
    made = await school.key()
    assert made.key.startswith("vig_sk_")
    assert len(made.key) == 7 + 43, "256 bits in base64url"
    headers = bearer(made.key) if header == "authorization" else {header: made.key}
    assert (await opens(gate, headers)).status_code == 200
    seen = behind.received[-1]
    assert seen.header(header) != [made.key], "a service never sees a key"
    (token,) = seen.header("authorization")
    claims = jwt.decode(
        token.removeprefix("Bearer "), UPSTREAM_KEY, algorithms=["HS256"], audience="diagnostic"
    )
    assert (claims["client_id"], claims["tenant"]) == (school.client_id, "cci-hdf")
    assert claims["roles"] == ["partner"]
    assert claims["scope"] == "diagnostic:read overviews:read", "and no key makes keys"
    refused = await gate.http.post("/v1/diagnostic/things", headers=headers, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert (await gate.http.get("/v1/api-keys", headers=headers)).status_code == 403


async def test_a_publishable_key_serves_its_pages_only_and_opens_nothing_of_one_tenant_alone(
    gate: Opened, behind: Scripted, school: Partner
) -> None:
    made = await school.key(PAGE, "http://localhost:5173")
    assert made.key.startswith("vig_pk_")
    headers = bearer(made.key)
    for page in (PAGE, "http://localhost:5173"):
        assert (await opens(gate, headers | {"origin": page}, OPEN)).status_code == 200
    (token,) = behind.received[-1].header("authorization")
    claims = jwt.decode(
        token.removeprefix("Bearer "), UPSTREAM_KEY, algorithms=["HS256"], audience="training"
    )
    assert (claims["scope"], claims["roles"]) == ("overviews:read", [])
    private = await gate.http.get(READ, headers=headers | {"origin": PAGE})
    assert (private.status_code, private.json()["code"]) == (403, "scope-missing")
    for origin in (
        None,
        "null",
        "https://ecole.example.evil.org",
        "https://evil-ecole.example",
        "https://ecole.example:8443",
        "http://ecole.example",
        "https://ECOLE.example",
        "https://ecole.example/",
        "",
    ):
        given = headers if origin is None else headers | {"origin": origin}
        answer = await gate.http.get(OPEN, headers=given)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin-refused"), origin


async def test_a_page_may_send_its_publishable_key_and_read_the_answer_while_the_key_lives(
    gate: Opened, school: Partner
) -> None:
    page = f"https://{uuid4().hex[:8]}.example"
    made = await school.key(page)
    headers = bearer(made.key) | {"origin": page}
    assert (await opens(gate, headers, OPEN)).status_code == 200
    answer = await gate.http.get(READ, headers=headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (403, page)
    assert "access-control-allow-credentials" not in answer.headers

    async def preflight(method: str, *names: str, origin: str = page) -> httpx.Response:
        asked = {"access-control-request-method": method, "origin": origin}
        if names:
            asked["access-control-request-headers"] = ", ".join(names)
        return await gate.http.options("/v1/overviews/jobs/M1607", headers=asked)

    for name in ("authorization", "x-api-key"):
        allowed = await preflight("GET", name)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == page
        assert name in allowed.headers["access-control-allow-headers"]
        assert int(allowed.headers["access-control-max-age"]) > 0
    assert (await preflight("POST", "authorization")).status_code == 400, "a page only reads"
    assert (await preflight("GET", "idempotency-key")).status_code == 400
    foreign = await preflight("GET", "authorization", origin="https://elsewhere.example")
    assert "access-control-allow-origin" not in foreign.headers
    await school.revoke(made.id)

    async def is_shut() -> bool:
        return "access-control-allow-origin" not in (await preflight("GET")).headers

    await until(is_shut)


async def test_what_is_no_key_opens_nothing_not_even_open_data(
    gate: Opened, school: Partner
) -> None:
    made = await school.key()
    await opens(gate, bearer(made.key))
    for key in (
        "vig_sk_" + "A" * 43,
        made.key[:-1],
        made.key + "A",
        made.key[:7] + made.key[7:].swapcase(),
        made.key.replace("_sk_", "_pk_"),
        "vig_",
    ):
        for headers in (bearer(key), {"x-api-key": key}):
            answer = await gate.http.get(OPEN, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "api-key-refused"), key
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    empty = await gate.http.get(OPEN, headers={"x-api-key": ""})
    assert empty.status_code == 401
    for pair in (
        [("x-api-key", made.key), ("authorization", f"Bearer {made.key}")],
        [("x-api-key", made.key), ("x-api-key", made.key)],
        [("authorization", f"Basic {made.key}")],
    ):
        answer = await gate.http.get(READ, headers=pair)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")


async def test_a_revoked_key_is_refused_within_five_seconds_by_every_gateway(  # G5
    doors: list[Opened], school: Partner
) -> None:
    revoked, kept = await school.key(), await school.key()
    for gate in doors:
        for made in (revoked, kept):
            assert (await opens(gate, bearer(made.key))).status_code == 200
    await school.revoke(revoked.id)
    await asyncio.gather(*(refuses(gate, bearer(revoked.key)) for gate in doors))
    for gate in doors:
        assert (await gate.http.get(READ, headers=bearer(kept.key))).status_code == 200


async def test_a_revocation_whose_announcement_is_lost_is_found_all_the_same(
    gate: Opened, school: Partner, database: Database
) -> None:
    made = await school.key()
    await opens(gate, bearer(made.key))
    await sql(
        database,
        "UPDATE gateway.api_key SET revoked_at = now(), changed_at = now() WHERE id = $1",
        made.id,
    )
    await refuses(gate, bearer(made.key))


async def test_a_gateway_that_loses_its_connection_goes_on_and_looks_again(
    gate: Opened, school: Partner, database: Database
) -> None:
    made = await school.key()
    await opens(gate, bearer(made.key))
    await sql(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'vigie gateway watch'",
    )
    assert (await gate.http.get(READ, headers=bearer(made.key))).status_code == 200
    await school.revoke(made.id)
    await refuses(gate, bearer(made.key))


async def test_keys_end_with_their_client_and_at_their_term(
    gate: Opened, school: Partner, database: Database
) -> None:
    made = await school.key()
    await opens(gate, bearer(made.key))
    await school.disable()
    await refuses(gate, bearer(made.key))
    other = await partner(gate.settings)
    lasting = await other.key()
    brief = await other.key(expires_at=datetime.now(UTC) + timedelta(seconds=2))
    await opens(gate, bearer(lasting.key))
    await refuses(gate, bearer(brief.key))
    statement = (
        "UPDATE gateway.client SET expires_at = now(), changed_at = now() WHERE client_id = $1"
    )
    await sql(database, statement, other.client_id)
    await refuses(gate, bearer(lasting.key))


async def test_a_key_ends_at_its_term_without_another_look(gate: Opened) -> None:
    class Rows:
        def __init__(self, expires: float) -> None:
            self.row = dict.fromkeys(("id", "client_id", "tenant"), "x") | {
                "hash": digest("vig_sk_x", gate.settings.peppered),
                "kind": "secret",
                "origins": [],
                "roles": [],
                "scopes": [],
                "expires": expires,
                "live": True,
            }

        async def fetch(self, *_: object) -> list[dict[str, object]]:
            return [self.row]

    fresh, over = Ring(gate.settings), Ring(gate.settings)
    await fresh.look(Rows(time.time() + 60), timedelta())
    assert fresh.authenticate(b"vig_sk_x", None).principal.client == "x"
    await over.look(Rows(time.time() - 0.001), timedelta())
    with pytest.raises(KeyRefused):
        over.authenticate(b"vig_sk_x", None)


async def test_the_database_holds_no_key_and_learns_lazily_that_one_was_used(
    gate: Opened, school: Partner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.api_keys.ring._WRITE_SECONDS", 0)
    made = await school.key()
    await opens(gate, bearer(made.key))
    rows = await sql(database, "SELECT * FROM gateway.api_key")
    kept = next(row for row in rows if row["id"] == made.id)
    assert made.key not in repr(rows)
    assert made.key[7:] not in repr(rows)
    assert (made.key.startswith(kept["hint"]), len(kept["hint"])) == (True, 11)

    async def is_noted() -> bool:
        statement = "SELECT used_at > created_at AS used FROM gateway.api_key WHERE id = $1"
        return bool((await sql(database, statement, made.id))[0]["used"])

    await until(is_noted)


async def test_before_the_keys_were_ever_read_the_gateway_says_so(
    behind: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("alone")
    async with door(folder, {"training": behind.url}) as alone:
        answer = await alone.http.get(OPEN, headers=bearer("vig_sk_" + "A" * 43))
        assert (answer.status_code, answer.json()["code"]) == (503, "api-keys-unavailable")
        assert (await alone.http.get(OPEN)).status_code == 200


async def test_a_caller_with_a_key_may_join_a_trace_of_its_own(
    gate: Opened, school: Partner
) -> None:
    made = await school.key()
    await opens(gate, bearer(made.key))
    theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
    parent = {"traceparent": f"00-{theirs}-00f067aa0ba902b7-01"}
    for headers, joins in ((bearer(made.key), True), ({"x-api-key": "vig_sk_x"}, False)):
        answer = await gate.http.get(OPEN, headers=parent | headers)
        assert (answer.headers["traceresponse"].split("-")[1] == theirs) is joins


async def test_a_client_manages_its_own_keys_over_http(
    gate: Opened, school: Partner, database: Database
) -> None:
    token = gate.signed_for(school.client_id, "gateway:keys", tenant="cci-hdf")
    page = await gate.http.post("/v1/api-keys", headers=token, json={"origins": [PAGE]})
    back = await gate.http.post("/v1/api-keys", headers=token, json={})
    assert (page.status_code, back.status_code) == (201, 201)
    assert page.headers["cache-control"] == "no-store"
    assert (page.json()["key"][:7], back.json()["key"][:7]) == ("vig_pk_", "vig_sk_")
    answer = await gate.http.get("/v1/api-keys?limit=1&count=true", headers=token)
    assert answer.headers["cache-control"] == "no-store"
    first = answer.json()
    assert (first["total"], first["items"][0]["id"]) == (2, back.json()["id"])
    second = await gate.http.get(f"/v1/api-keys?after={first['next']}", headers=token)
    (listed,) = second.json()["items"]
    assert (listed["id"], listed["origins"]) == (page.json()["id"], [PAGE])
    assert listed["hint"] == page.json()["key"][:11]
    assert page.json()["key"] not in second.text

    assert (await gate.http.post("/v1/api-keys", headers=token, json={})).status_code == 201
    third = await gate.http.post("/v1/api-keys", headers=token, json={})
    assert (third.status_code, third.json()["code"]) == (409, "api-keys-live")
    path = f"/v1/api-keys/{back.json()['id']}"
    for _ in range(2):
        assert (await gate.http.delete(path, headers=token)).status_code == 204
    await refuses(gate, bearer(back.json()["key"]))
    assert (await gate.http.post("/v1/api-keys", headers=token, json={})).status_code == 201
    deeds = await sql(
        database,
        "SELECT action, tenant FROM gateway.audit_event WHERE actor = $1 ORDER BY id",
        school.client_id,
    )
    added = ("add_api_key", "cci-hdf")
    assert [tuple(one) for one in deeds] == [added] * 3 + [("revoke_api_key", "cci-hdf"), added]


async def test_a_key_of_another_client_is_unknown_and_managing_takes_the_scope(
    gate: Opened, school: Partner
) -> None:
    made = await school.key()
    path = f"/v1/api-keys/{made.id}"
    for headers, status in (
        (gate.signed_for("somebody", "gateway:keys", tenant="cci-hdf"), 404),
        (gate.signed_for(school.client_id, "overviews:read"), 403),
        ({}, 401),
    ):
        assert (await gate.http.delete(path, headers=headers)).status_code == status
    token = gate.signed_for(school.client_id, "gateway:keys")
    unknown = await gate.http.delete(f"/v1/api-keys/{uuid4()}", headers=token)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "api-key-unknown")
    nobody = gate.signed_for("nobody", "gateway:keys")
    lost = await gate.http.post("/v1/api-keys", headers=nobody, json={})
    assert (lost.status_code, lost.json()["code"]) == (404, "client-unknown")
    await school.disable()
    late = await gate.http.post("/v1/api-keys", headers=token, json={})
    assert (late.status_code, late.json()["code"]) in {
        (409, "client-disabled"),
        (401, "token-refused"),
    }


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"origins": [f"https://a{n}.example" for n in range(21)]}, ["/origins"]),
        ({"origins": ["*"]}, ["/origins/0"]),
        ({"origins": ["https://a.example", "https://a.example/"]}, ["/origins/1"]),
        ({"origins": ["http://a.example", "null", "https://é.example"]}, None),
        ({"origins": ["https://*.example"]}, ["/origins/0"]),
        ({"origins": ["https://a.example:0", "https://u@a.example"]}, None),
        ({"expires_at": "2020-01-01T00:00:00Z", "origins": ["x"]}, ["/origins/0", "/expires_at"]),
        ({"expires_at": "tomorrow"}, ["/expires_at"]),
        ({"scopes": ["diagnostic:write"]}, ["/scopes"]),
    ],
)
async def test_a_key_badly_described_is_not_made(
    gate: Opened,
    school: Partner,
    database: Database,
    body: dict[str, object],
    pointers: list[str] | None,
) -> None:
    token = gate.signed_for(school.client_id, "gateway:keys")
    answer = await gate.http.post("/v1/api-keys", headers=token, json=body)
    assert answer.status_code == 422
    told = [fault["pointer"] for fault in answer.json()["errors"]]
    assert told == (pointers or [f"/origins/{n}" for n in range(len(body["origins"]))])  # type: ignore[arg-type]  # a list where asked
    made = await sql(database, "SELECT FROM gateway.api_key WHERE client_id = $1", school.client_id)
    assert made == []
