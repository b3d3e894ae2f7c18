"""Access tokens: given to those who prove their secret, refused when anything is odd."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from gateway import bootstrap
from gateway.clients.service import DemoClient
from gateway.tokens import keys as signing
from tests import harness
from tests.conftest import OpenApp
from tests.gateway.doors import PEM, Opened, settings_for
from tests.gateway.partners import sql
from tests.harness import Database, environment, variables

SECRET = "s" * 43
ISSUER = "http://127.0.0.1:8000"


@pytest.fixture
async def partner(database: Database) -> str:
    """Register a client of its own for a test, as the bootstrap command does."""
    client_id = f"partner-{uuid4().hex[:8]}"
    described = {
        "client_id": client_id,
        "secret": SECRET,
        "tenant": "cci-hdf",
        "name": "Chambre de commerce",
        "scopes": ["diagnostic:read", "overviews:read"],
        "roles": ["partner"],
    }
    settings = harness.settings(database, "gateway")
    await bootstrap.install(settings, [DemoClient.model_validate(described)])
    return client_id


async def _bootstrap(database: Database, clients: list[dict[str, Any]] | str) -> int:
    """Run the command, on a loop of its own."""
    text = clients if isinstance(clients, str) else json.dumps(clients)
    told = variables(database, "gateway") | {"GATEWAY_DEMO_CLIENTS": text}
    with environment(**told):
        return await asyncio.to_thread(bootstrap.main, ["--demo"])


@pytest.fixture
async def http(open_app: OpenApp, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Talk to a gateway on the real database."""
    document = settings_for(tmp_path, {}).openapi_path
    async with open_app("gateway", signing_key=PEM, openapi_path=document) as client:
        yield client


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


GRANT = {"grant_type": "client_credentials"}


async def test_a_client_gets_a_token_that_others_can_verify(
    http: httpx.AsyncClient, partner: str
) -> None:
    answer = await http.post("/oauth2/token", data=GRANT, headers=basic(partner, SECRET))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    token = body.pop("access_token")
    assert body == {
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "diagnostic:read overviews:read",
    }
    published = (await http.get("/.well-known/jwks.json")).json()
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "RS256")
    key = jwt.PyJWKSet.from_dict(published)[header["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="urn:vigie:api", issuer=ISSUER)
    assert claims["exp"] - claims["iat"] == 900
    assert claims["sub"] == claims["client_id"] == partner
    assert claims["organisation"] == "cci-hdf"
    assert claims["roles"] == ["partner"]
    assert claims["scope"] == "diagnostic:read overviews:read"
    assert len(claims["jti"]) > 16


async def test_the_form_serves_as_well_and_a_token_can_ask_for_less(
    http: httpx.AsyncClient, partner: str
) -> None:
    form = GRANT | {"client_id": partner, "client_secret": SECRET, "scope": "overviews:read"}
    answer = await http.post("/oauth2/token", data=form)
    assert answer.json()["scope"] == "overviews:read"


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "secret", "status", "error"),
    [
        ("grant_type=client_credentials", "wrong", 401, "invalid_client"),
        ("grant_type=client_credentials", None, 401, "invalid_client"),
        ("grant_type=client_credentials&scope=training:feed", SECRET, 400, "invalid_scope"),
        ("grant_type=password", SECRET, 400, "unsupported_grant_type"),
        ("", SECRET, 400, "invalid_request"),
        ("grant_type=client_credentials&grant_type=x", SECRET, 400, "invalid_request"),
        ("grant_type=client_credentials&client_secret=x", SECRET, 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=other", SECRET, 400, "invalid_request"),
        ("grant_type=%ff", SECRET, 400, "invalid_request"),
        ("&".join(f"a{n}=b" for n in range(30)), SECRET, 400, "invalid_request"),
    ],
)
async def test_refusals_are_those_of_the_rfc(
    http: httpx.AsyncClient, partner: str, body: str, secret: str | None, status: int, error: str
) -> None:
    headers = {"content-type": FORM} | (basic(partner, secret) if secret else {})
    answer = await http.post("/oauth2/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Basic ###"},
        {"authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"authorization": "Basic " + base64.b64encode(b"nocolon").decode()},
        {"authorization": "Bearer x"},
        {"authorization": "Basic " + base64.b64encode(b"a\x00b:c").decode()},
        {"authorization": "Basic " + base64.b64encode(b"nobody:" + b"s" * 43).decode()},
    ],
)
async def test_unreadable_credentials_are_an_invalid_client(
    http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await http.post("/oauth2/token", data=GRANT, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_body_that_is_no_form_is_an_invalid_request(
    http: httpx.AsyncClient, partner: str
) -> None:
    answer = await http.post("/oauth2/token", json=GRANT, headers=basic(partner, SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("column", ["disabled_at", "expires_at"])
async def test_a_client_that_is_disabled_or_expired_gets_nothing_more(
    http: httpx.AsyncClient, partner: str, database: Database, column: str
) -> None:
    await sql(database, f"UPDATE gateway.client SET {column} = now() WHERE client_id = $1", partner)
    answer = await http.post("/oauth2/token", data=GRANT, headers=basic(partner, SECRET))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_two_secrets_live_side_by_side_while_a_partner_changes_over(
    http: httpx.AsyncClient, partner: str, database: Database
) -> None:
    second = "n" * 43
    digest = hmac.digest(b"test cursor key", second.encode(), hashlib.sha256)
    await sql(
        database,
        "UPDATE gateway.client SET second_secret_hash = $2 WHERE client_id = $1",
        partner,
        digest,
    )
    for secret in (SECRET, second):
        answer = await http.post("/oauth2/token", data=GRANT, headers=basic(partner, secret))
        assert answer.status_code == 200


async def test_no_secret_is_in_the_database_and_the_bootstrap_can_run_again(
    http: httpx.AsyncClient, partner: str, database: Database
) -> None:
    before = await sql(database, "SELECT * FROM gateway.client WHERE client_id = $1", partner)
    assert SECRET not in repr(before)
    again = {
        "client_id": partner,
        "secret": "t" * 43,
        "tenant": "cci-hdf",
        "name": "Renamed",
        "scopes": ["overviews:read"],
    }
    assert await _bootstrap(database, [again]) == 0
    assert await _bootstrap(database, [again]) == 0
    old = await http.post("/oauth2/token", data=GRANT, headers=basic(partner, SECRET))
    new = await http.post("/oauth2/token", data=GRANT, headers=basic(partner, "t" * 43))
    assert (old.status_code, new.json()["scope"]) == (401, "overviews:read")


async def test_a_bad_list_of_demo_clients_is_refused_without_showing_secrets(
    database: Database, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert await _bootstrap(database, '[{"client_id": "X", "secret": "hunter2"}]') == 1
    assert await _bootstrap(database, str(tmp_path / "none")) == 1
    said = capfd.readouterr().err
    assert "0/client_id" in said
    assert "No such file" in said
    assert "hunter2" not in said
    file = tmp_path / "clients.json"
    file.write_text("[]")
    assert await _bootstrap(database, str(file)) == 0


async def test_without_its_database_the_gateway_says_so_and_still_verifies(gate: Opened) -> None:
    answer = await gate.http.post("/oauth2/token", data=GRANT, headers=basic("demo", SECRET))
    assert (answer.status_code, answer.json()["code"]) == (503, "tokens-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    read = await gate.http.get("/v1/diagnostic/things/1", headers=gate.bearer("diagnostic:read"))
    assert read.status_code == 200


async def test_the_metadata_lead_an_oauth_library_to_the_rest(gate: Opened) -> None:
    body = (await gate.http.get("/.well-known/oauth-authorization-server")).json()
    assert body["issuer"] == ISSUER
    assert body["token_endpoint"] == f"{ISSUER}/oauth2/token"
    assert body["jwks_uri"] == f"{ISSUER}/.well-known/jwks.json"
    assert "diagnostic:write" in body["scopes_supported"]
    for endpoint in ("token", "revocation", "introspection"):
        assert body[f"{endpoint}_endpoint"].startswith(f"{ISSUER}/oauth2/")
        public = ["none"] if endpoint == "token" else []
        assert body[f"{endpoint}_endpoint_auth_methods_supported"] == [
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            *public,
        ]
        assert "none" not in body[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]


def test_without_a_list_there_are_no_demo_clients(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with environment(**variables(database, "gateway")):
        assert bootstrap.main(["--demo"]) == 0
        assert bootstrap.main([]) == 0
    assert "no demo client" in capsys.readouterr().out


def test_without_a_key_one_is_made_for_the_run_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = signing.load(None, None), signing.load(None, None)
    assert first.signing.kid != second.signing.kid
    assert "will not outlive this process" in caplog.text
