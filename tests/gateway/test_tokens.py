"""Access tokens: given to those who prove their secret, refused when anything is odd."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway import bootstrap
from gateway.tokens import keys as signing
from gateway.tokens.access import Verifier
from platformkit.auth import TokenRefused
from tests.conftest import OpenApp
from tests.gateway.doors import KEY, PEM, Opened, settings_for
from tests.harness import Database, environment, variables

SECRET = "s" * 43
ISSUER = "http://127.0.0.1:8000"


@pytest.fixture
async def partner(database: Database) -> str:
    """Register a client of its own for a test, through the bootstrap command."""
    client_id = f"partner-{uuid4().hex[:8]}"
    described = {
        "client_id": client_id,
        "secret": SECRET,
        "tenant": "cci-hdf",
        "name": "Chambre de commerce",
        "scopes": ["diagnostic:read", "overviews:read"],
        "roles": ["partner"],
    }
    await _bootstrap(database, [described])
    return client_id


async def _bootstrap(database: Database, clients: list[dict[str, Any]] | str) -> int:
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
    await _sql(
        database, f"UPDATE gateway.client SET {column} = now() WHERE client_id = $1", partner
    )
    answer = await http.post("/oauth2/token", data=GRANT, headers=basic(partner, SECRET))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_two_secrets_live_side_by_side_while_a_partner_changes_over(
    http: httpx.AsyncClient, partner: str, database: Database
) -> None:
    second = "n" * 43
    digest = hmac.digest(b"test cursor key", second.encode(), hashlib.sha256)
    await _sql(
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
    before = await _sql(database, "SELECT * FROM gateway.client WHERE client_id = $1", partner)
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
    database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert await _bootstrap(database, '[{"client_id": "X", "secret": "hunter2"}]') == 1
    assert await _bootstrap(database, str(tmp_path / "none")) == 1
    said = capsys.readouterr().err
    assert "0/client_id" in said
    assert "No such file" in said
    assert "hunter2" not in said
    file = tmp_path / "clients.json"
    file.write_text("[]")
    assert await _bootstrap(database, str(file)) == 0


async def _sql(database: Database, statement: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.admin_dsn)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        return rows
    finally:
        await connection.close()


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
    assert body["token_endpoint_auth_methods_supported"] == [
        "client_secret_basic",
        "client_secret_post",
    ]


# Forged tokens


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    made: dict[str, object] = {
        "iss": ISSUER,
        "sub": "demo",
        "aud": "urn:vigie:api",
        "client_id": "demo",
        "iat": now,
        "exp": now + 60,
        "jti": "1",
        "scope": "diagnostic:read",
        "roles": [],
        "organisation": "medef-hdf",
    }
    made |= changes
    return {name: value for name, value in made.items() if value is not None}


KID = signing.load(PEM, None).signing.kid
PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _encode(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def signed(header: dict[str, object] | None = None, key: Any = KEY, **changes: object) -> str:
    headers = {"kid": KID, "typ": "at+jwt"} | (header or {})
    kept = {name: value for name, value in headers.items() if value is not None}
    return jwt.encode(claims(**changes), key, algorithm="RS256", headers=kept)


def unsigned(algorithm: str) -> str:
    head = {"alg": algorithm, "kid": KID, "typ": "at+jwt"}
    return f"{_encode(head)}.{_encode(claims())}."


def confused() -> str:
    """Sign with HMAC, the published public key as the secret."""
    head = _encode({"alg": "HS256", "kid": KID, "typ": "at+jwt"})
    message = f"{head}.{_encode(claims())}"
    mac = hmac.digest(PUBLIC, message.encode(), hashlib.sha256)
    return f"{message}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def resigned() -> str:
    """Keep the signature, change the claims."""
    head, _, signature = signed().split(".")
    return f"{head}.{_encode(claims(scope='diagnostic:read diagnostic:write'))}.{signature}"


FORGED: dict[str, Callable[[], str]] = {
    "none": lambda: unsigned("none"),
    "nOnE": lambda: unsigned("nOnE"),
    "HMAC with the public key": confused,
    "a stranger's key": lambda: signed(key=STRANGER),
    "changed claims": resigned,
    "signature stripped": lambda: signed().rpartition(".")[0] + ".",
    "signature cut": lambda: signed()[:-10],
    "an ID token": lambda: signed({"typ": "JWT"}),
    "no typ": lambda: signed({"typ": None}),
    "no kid": lambda: signed({"kid": None}),
    "kid is a path": lambda: signed({"kid": "../../../../dev/null"}),
    "kid is SQL": lambda: signed({"kid": "' OR 1=1 --"}),
    "kid of nobody": lambda: signed({"kid": "unknown"}, key=STRANGER),
    "embedded key": lambda: signed(
        {"jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key()))},
        key=STRANGER,
    ),
    "key at a URL": lambda: signed({"jku": "https://evil.example/jwks", "kid": "evil"}),
    "critical extension": lambda: signed({"crit": ["exp"], "exp": 1}),
    "expired": lambda: signed(exp=int(time.time()) - 10),
    "not yet valid": lambda: signed(nbf=int(time.time()) + 60),
    "from the future": lambda: signed(iat=int(time.time()) + 60),
    "without expiry": lambda: signed(exp=None),
    "without client": lambda: signed(client_id=None),
    "without organisation": lambda: signed(organisation=None),
    "of another issuer": lambda: signed(iss="https://evil.example"),
    "for another audience": lambda: signed(aud="urn:other"),
    "scope is a list": lambda: signed(scope=["diagnostic:read"]),
    "roles is a number": lambda: signed(roles=7),
    "not a token": lambda: "abc",
    "empty parts": lambda: "..",
    "not ASCII": lambda: "é.é.é",
    "one character": lambda: "=",
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_token_opens_nothing(gate: Opened, forge: Callable[[], str]) -> None:
    headers = {b"authorization": b"Bearer " + forge().encode("latin-1")}
    answer = await gate.http.get("/v1/diagnostic/things/1", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    public = await gate.http.get("/v1/training/echo", headers=headers)
    assert public.status_code == 401, "a bad token is said also where none is needed"


async def test_the_sound_token_of_these_forgeries_does_open(gate: Opened) -> None:
    headers = {"authorization": f"Bearer {signed()}"}
    answer = await gate.http.get("/v1/diagnostic/things/1", headers=headers)
    assert answer.status_code == 200


async def test_two_authorization_headers_are_refused(gate: Opened) -> None:
    headers = [("authorization", f"Bearer {signed()}"), ("authorization", f"Bearer {signed()}")]
    answer = await gate.http.get("/v1/diagnostic/things/1", headers=headers)
    assert answer.status_code == 401


def test_a_remembered_token_is_judged_again_once_it_has_expired() -> None:
    verifier = Verifier(signing.load(PEM, None), issuer=ISSUER, audience="urn:vigie:api")
    token = signed().encode()
    first = verifier.verify(token)
    assert verifier.verify(token) is first
    expired = signed(exp=int(time.time()) - 60).encode()
    for held in (token, expired):
        verifier._known[hashlib.sha256(held).digest()] = replace(first, expires=time.time() - 60)
    assert verifier.verify(token) is not first
    with pytest.raises(TokenRefused):
        verifier.verify(expired)


def test_the_memory_of_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.tokens.access._CACHE", 3)
    verifier = Verifier(signing.load(PEM, None), issuer=ISSUER, audience="urn:vigie:api")
    for number in range(10):
        verifier.verify(signed(jti=str(number)).encode())
    assert len(verifier._known) == 3


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def test_during_a_rotation_both_keys_verify_and_the_newest_signs(tmp_path: Path) -> None:
    (tmp_path / "old.pem").write_text(_pem(STRANGER))
    (tmp_path / "new.pem").write_text(PEM)
    os.utime(tmp_path / "old.pem", (1, 1))
    loaded = signing.load(None, tmp_path)
    assert loaded.signing.kid == KID
    assert len(loaded.jwks()["keys"]) == 2
    assert all("d" not in key for key in loaded.jwks()["keys"])
    verifier = Verifier(loaded, issuer=ISSUER, audience="urn:vigie:api")
    old = signed({"kid": signing.of([STRANGER]).signing.kid}, key=STRANGER)
    assert verifier.verify(old.encode()).principal.client == "demo"
    assert signing.load(PEM + _pem(STRANGER), None).signing.kid == KID


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "nothing",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        _pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),  # noqa: S505  # the point
    ],
)
def test_keys_that_cannot_sign_stop_the_start(pem: str) -> None:
    with pytest.raises(signing.KeysError):
        signing.load(pem, None)
