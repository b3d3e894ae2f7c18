"""Tokens end before their time, at every gateway, within five seconds (RFC 7009, RFC 7662)."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from gateway.tokens import service as tokens
from platformkit.db import transaction
from tests.gateway.doors import Opened, door
from tests.gateway.partners import Partner, partner, sql, until
from tests.gateway.scripted import Scripted
from tests.harness import Database

READ = "/v1/diagnostic/things/1"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(scope="module")
async def doors(
    behind: Scripted, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Opened]]:
    """Give two gateways on one database."""
    async with AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("revocation")
        upstreams = {"diagnostic": behind.url}
        told = {"database_url": database.dsn("gateway")}
        yield [await stack.enter_async_context(door(folder, upstreams, **told)) for _ in range(2)]


@pytest.fixture(scope="module")
def gate(doors: list[Opened]) -> Opened:
    return doors[0]


@pytest.fixture
async def school(gate: Opened) -> Partner:
    return await partner(gate.settings)


def basic(client: Partner) -> dict[str, str]:
    pair = f"{client.client_id}:{client.secret}".encode()
    return {"authorization": "Basic " + base64.b64encode(pair).decode()}


async def token_of(gate: Opened, client: Partner) -> str:
    answer = await gate.http.post("/oauth2/token", data=GRANT, headers=basic(client))
    token: str = answer.json()["access_token"]
    return token


async def ask(gate: Opened, deed: str, client: Partner, **form: str) -> httpx.Response:
    return await gate.http.post(f"/oauth2/{deed}", data=form, headers=basic(client))


async def status(gate: Opened, token: str) -> int:
    answer = await gate.http.get(READ, headers={"authorization": f"Bearer {token}"})
    return answer.status_code


async def test_a_token_given_back_opens_nothing_at_any_gateway_within_five_seconds(
    doors: list[Opened], school: Partner, database: Database
) -> None:
    gate = doors[0]
    ended, kept = await token_of(gate, school), await token_of(gate, school)
    for one in doors:
        assert [await status(one, token) for token in (ended, kept)] == [200, 200]
    claims = (await ask(gate, "introspect", school, token=ended)).json()
    for _ in range(2):
        answer = await ask(gate, "revoke", school, token=ended, token_type_hint="access_token")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["cache-control"] == "no-store"

    async def is_refused_everywhere() -> bool:
        return [await status(one, ended) for one in doors] == [401, 401]

    await until(is_refused_everywhere)
    assert [await status(one, kept) for one in doors] == [200, 200]
    assert (await ask(gate, "introspect", school, token=ended)).json() == {"active": False}
    deeds = await sql(
        database, "SELECT * FROM gateway.audit_event WHERE entity_id = $1", claims["jti"]
    )
    assert {(row["actor"], row["action"]) for row in deeds} == {(school.client_id, "revoke_token")}


async def test_a_gateway_that_starts_later_knows_what_was_revoked_before(
    gate: Opened, school: Partner, tmp_path_factory: pytest.TempPathFactory, database: Database
) -> None:
    token = await token_of(gate, school)
    await ask(gate, "revoke", school, token=token)
    folder = tmp_path_factory.mktemp("later")
    async with door(folder, {}, database_url=database.dsn("gateway")) as later:
        assert await status(later, token) == 401
        fresh = await token_of(gate, school)
        assert await status(later, fresh) == 502, "there is no diagnostic behind this one"


async def test_the_tokens_of_a_client_that_is_disabled_are_refused_within_five_seconds(
    doors: list[Opened], school: Partner, database: Database
) -> None:
    token = await token_of(doors[0], school)
    assert await status(doors[1], token) == 200
    await school.disable()

    async def is_refused_everywhere() -> bool:
        return [await status(one, token) for one in doors] == [401, 401]

    await until(is_refused_everywhere)
    enable = "UPDATE gateway.client SET disabled_at = NULL, changed_at = now() WHERE client_id = $1"
    await sql(database, enable, school.client_id)

    async def is_let_in_again() -> bool:
        return await status(doors[1], token) == 200

    await until(is_let_in_again)


async def test_introspection_tells_what_a_token_is_worth_to_its_own_organisation(
    gate: Opened, school: Partner
) -> None:
    token = await token_of(gate, school)
    told = (await ask(gate, "introspect", school, token=token)).json()
    assert told.pop("exp") - told.pop("iat") == 900
    assert len(told.pop("jti")) > 16
    assert told == {
        "active": True,
        "token_type": "Bearer",
        "scope": "diagnostic:read gateway:keys overviews:read",
        "client_id": school.client_id,
        "sub": school.client_id,
        "aud": "urn:vigie:api",
        "iss": gate.settings.issuer,
        "organisation": "cci-hdf",
        "roles": ["partner"],
    }
    colleague = await partner(gate.settings)
    assert (await ask(gate, "introspect", colleague, token=token)).json()["active"] is True
    stranger = gate.token("diagnostic:read", tenant="another")
    expired = gate.token("diagnostic:read", tenant="cci-hdf", seconds=-60)
    for other in (stranger, expired, "x", "a.b.c", "é", token[:-4]):
        answer = await ask(gate, "introspect", school, token=other)
        assert (answer.status_code, answer.json()) == (200, {"active": False})


async def test_a_token_of_another_client_cannot_be_ended_and_what_is_none_is_no_fault(
    gate: Opened, school: Partner
) -> None:
    theirs = gate.token("diagnostic:read", tenant="cci-hdf")
    answer = await ask(gate, "revoke", school, token=theirs)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert await status(gate, theirs) == 200
    for other in ("x", gate.token(seconds=-60)):
        assert (await ask(gate, "revoke", school, token=other)).status_code == 200


@pytest.mark.parametrize("deed", ["revoke", "introspect"])
async def test_only_clients_ask_about_tokens(gate: Opened, school: Partner, deed: str) -> None:
    token = await token_of(gate, school)
    path = f"/oauth2/{deed}"
    missing = await gate.http.post(path, headers=basic(school), data={"a": "b"})
    assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")
    unread = await gate.http.post(path, headers=basic(school), json={"token": token})
    assert (unread.status_code, unread.json()["error"]) == (400, "invalid_request")
    wrong = Partner(school.settings, school.client_id, "w" * 43)
    for headers in ({}, basic(wrong), {"authorization": f"Bearer {token}"}):
        answer = await gate.http.post(path, headers=headers, data={"token": token})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert await status(gate, token) == 200


async def test_what_nobody_could_present_any_more_is_forgotten(
    gate: Opened, school: Partner, database: Database
) -> None:
    await ask(gate, "revoke", school, token=await token_of(gate, school))
    count = "SELECT count(*) AS n FROM gateway.revoked_token WHERE client_id = $1"
    for days, left in ((0, 1), (1, 0)):
        async with transaction(gate.settings, "gateway") as session:
            await tokens.forget(session, datetime.now(UTC) + timedelta(days=days))
        assert (await sql(database, count, school.client_id))[0]["n"] == left


async def test_without_its_database_a_gateway_revokes_nothing_and_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with door(tmp_path_factory.mktemp("alone"), {}) as alone:
        nobody = Partner(alone.settings, "nobody", "s" * 43)
        answers = await asyncio.gather(
            *(ask(alone, deed, nobody, token="x") for deed in ("revoke", "introspect"))
        )
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (503, "tokens-unavailable")
