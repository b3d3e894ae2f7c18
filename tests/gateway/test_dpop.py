"""Tokens bound to a key (RFC 9449): a proof is of this key, this request and this token, once."""

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from gateway.clients import jwks
from gateway.tokens import dpop
from gateway.tokens.grant import GrantRefused
from tests.gateway.doors import Opened, door
from tests.gateway.partners import Partner, partner
from tests.gateway.scripted import Scripted
from tests.harness import Database

ISSUER = "http://127.0.0.1:8000"
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()
KINDS = {"ES256": EC, "RS256": RSA, "PS256": RSA, "EdDSA": ED}
PAGE = "https://app.example"
THINGS = "/v1/diagnostic/things/1"
FORM = {"grant_type": "client_credentials"}


def member(key: Any, algorithm: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key()))
    made.pop("key_ops", None)
    return made


def digest(token: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()


def proof(
    token: str | None = None,
    key: Any = EC,
    algorithm: str = "ES256",
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    claims = {
        "htm": "GET",
        "htu": ISSUER + THINGS,
        "iat": int(time.time()),
        "jti": uuid4().hex,
        "ath": digest(token) if token else None,
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    named = {"jwk": member(KINDS[algorithm], algorithm)} if algorithm in KINDS else {}
    headers = {"typ": "dpop+jwt"} | named
    given = {name: value for name, value in (headers | (header or {})).items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers=given)


@pytest.fixture(scope="module")
async def bound(
    database: Database, behind: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    folder = tmp_path_factory.mktemp("dpop")
    told = {"database_url": database.dsn("gateway"), "origins": {PAGE}}
    async with door(folder, {"diagnostic": behind.url}, **told) as opened:
        yield opened


@pytest.fixture(scope="module")
async def client(bound: Opened) -> Partner:
    return await partner(bound.settings)


def at_desk(**changes: Any) -> str:
    return proof(htm="POST", htu=f"{ISSUER}/oauth2/token", **changes)


async def ask(gate: Opened, client: Partner, *proofs: str) -> httpx.Response:
    return await gate.http.post(
        "/oauth2/token",
        data=FORM,
        auth=(client.client_id, client.secret),
        headers=[("dpop", one) for one in proofs],
    )


async def use(gate: Opened, token: str, *proofs: str, scheme: str = "DPoP") -> httpx.Response:
    headers = [("authorization", f"{scheme} {token}"), *(("dpop", one) for one in proofs)]
    return await gate.http.get(THINGS + "?page=2", headers=headers)


@pytest.fixture(scope="module")
async def token(bound: Opened, client: Partner) -> str:
    answer = await ask(bound, client, at_desk())
    assert answer.json()["token_type"] == "DPoP"
    given: str = answer.json()["access_token"]
    return given


@pytest.mark.parametrize(("algorithm", "key"), KINDS.items())
async def test_a_token_is_bound_to_the_key_of_the_proof_and_used_with_it(  # S-S1
    bound: Opened, client: Partner, algorithm: str, key: Any
) -> None:
    answer = await ask(bound, client, at_desk(key=key, algorithm=algorithm))
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
    token = answer.json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    known = jwks.read({"keys": [member(key, algorithm)]})[0]
    assert claims["cnf"] == {"jkt": jwks.thumbprint(known)}
    answer = await use(bound, token, proof(token, key, algorithm))
    assert answer.status_code == 200
    told = await bound.http.post(
        "/oauth2/introspect", data={"token": token}, auth=(client.client_id, client.secret)
    )
    assert (told.json()["token_type"], told.json()["cnf"]) == ("DPoP", claims["cnf"])


def test_the_thumbprint_is_that_of_the_rfc() -> None:
    modulus = (  # RFC 7638 §3.1
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPe"
        "bWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368"
        "QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd"
        "2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    key = {"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
    known = jwks.read({"keys": [key]})[0]
    assert jwks.thumbprint(known) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


KEY = {"jwk": member(EC, "ES256")}
REFUSED: dict[str, Callable[[str], list[str]]] = {
    "no proof": lambda _: [],
    "two proofs": lambda token: [proof(token), proof(token)],
    "another key": lambda token: [proof(token, RSA, "RS256")],
    "signed by another than it says": lambda token: [
        proof(token, ec.generate_private_key(ec.SECP256R1()))
    ],
    "for another method": lambda token: [proof(token, htm="POST")],
    "for another path": lambda token: [proof(token, htu=f"{ISSUER}/v1/diagnostic/things/2")],
    "for another host": lambda token: [proof(token, htu=f"https://evil.example{THINGS}")],
    "for no address": lambda token: [proof(token, htu=7)],
    "for a path of two readings": lambda token: [proof(token, htu=f"{ISSUER}/v1/x/..{THINGS}")],
    "of an hour ago": lambda token: [proof(token, iat=int(time.time()) - 3600)],
    "of 90 seconds ago": lambda token: [proof(token, iat=int(time.time()) - 90)],
    "of the future": lambda token: [proof(token, iat=int(time.time()) + 60)],
    "of no time": lambda token: [proof(token, iat="now")],
    "for another token": lambda token: [proof(token + "x")],
    "for no token": lambda _: [proof()],
    "without jti": lambda token: [proof(token, jti=None)],
    "a jti without end": lambda token: [proof(token, jti="x" * 201)],
    "a jti of half a character": lambda token: [proof(token, jti="\ud800")],
    "a jti that is a list": lambda token: [proof(token, jti=["x"])],
    "a jti that is a number": lambda token: [proof(token, jti=7)],
    "no type": lambda token: [proof(token, header={"typ": "JWT"})],
    "no key": lambda token: [proof(token, header={"jwk": None})],
    "a private key": lambda token: [
        proof(token, header={"jwk": json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC))})
    ],
    "a critical extension": lambda token: [proof(token, header={"crit": ["iat"]})],
    "a shared secret": lambda token: [proof(token, "s" * 43, "HS256", KEY)],
    "a secret in the header": lambda token: [
        proof(token, "s" * 43, "HS256", {"jwk": {"kty": "oct", "k": "c3Nzc3M"}})
    ],
    "unsigned": lambda token: [proof(token, None, "none", KEY)],
    "no token at all": lambda _: ["abc"],
    "large": lambda token: [proof(token, more="x" * 5000)],
}  # fmt: skip


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
async def test_a_proof_that_is_odd_in_any_way_opens_nothing(  # S-S1
    bound: Opened, token: str, make: Callable[[str], list[str]]
) -> None:
    answer = await use(bound, token, *make(token))
    assert (answer.status_code, answer.json()["code"]) == (401, "dpop-proof-refused")
    assert 'DPoP realm="vigie", error="invalid_dpop_proof"' in answer.headers["www-authenticate"]


async def test_a_proof_is_good_once(bound: Opened, client: Partner, token: str) -> None:  # S-S1
    made = proof(token)
    answers = [await use(bound, token, made) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]
    made = at_desk()
    answers = [await ask(bound, client, made) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["error"] == "invalid_dpop_proof"


@pytest.mark.parametrize("proofs", [["x"], [proof(), proof()], [proof()]])
async def test_no_token_is_given_for_a_proof_that_is_none(
    bound: Opened, client: Partner, proofs: list[str]
) -> None:
    answer = await ask(bound, client, *proofs)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


async def test_a_bound_token_is_no_bearer_token_and_the_other_way_round(  # S-S1
    bound: Opened, client: Partner, token: str
) -> None:
    answer = await use(bound, token, proof(token), scheme="Bearer")
    assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")
    free = bound.token("diagnostic:read")
    assert (await use(bound, free, proof(free))).status_code == 401
    assert (await use(bound, free, scheme="Bearer")).status_code == 200
    key = (await client.key()).key
    assert (await use(bound, key, proof(key))).status_code == 401


async def test_the_address_may_be_spelled_otherwise(bound: Opened, token: str) -> None:
    for spelled in (
        f"HTTP://127.0.0.1:8000{THINGS}",
        f"{ISSUER}/v1/diagnostic/%74hings/1",
        f"{ISSUER}{THINGS}?page=3#top",
    ):
        answer = await use(bound, token, proof(token, htu=spelled))
        assert answer.status_code == 200, spelled


@pytest.mark.parametrize(("method", "path"), [("POST", "/oauth2/token"), ("GET", THINGS)])
async def test_a_page_of_a_listed_origin_may_send_proofs_and_read_nonces(
    bound: Opened, method: str, path: str
) -> None:
    asked = {
        "origin": PAGE,
        "access-control-request-method": method,
        "access-control-request-headers": "authorization, dpop",
    }
    assert (await bound.http.options(path, headers=asked)).status_code == 200
    answer = await bound.http.request(method, path, headers={"origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "dpop-nonce" in answer.headers["access-control-expose-headers"]


async def test_where_a_nonce_is_wanted_a_proof_without_it_is_told_one(  # S-S1
    bound: Opened, client: Partner, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proofs = bound.app.own.state.proofs
    monkeypatch.setattr(proofs, "_wants_nonce", True)
    refused = await ask(bound, client, at_desk())
    assert (refused.status_code, refused.json()["error"]) == (400, "use_dpop_nonce")
    nonce = refused.headers["dpop-nonce"]
    assert (await ask(bound, client, at_desk(nonce=nonce))).status_code == 200
    assert (await use(bound, token, proof(token, nonce={}))).status_code == 401
    refused = await use(bound, token, proof(token, nonce="another's"))
    assert 'error="use_dpop_nonce"' in refused.headers["www-authenticate"]
    nonce = refused.headers["dpop-nonce"]
    assert (await use(bound, token, proof(token, nonce=nonce))).status_code == 200
    other = dpop.Proofs(issuer=ISSUER, wants_nonce=True)
    assert other.nonce() != proofs.nonce(), "a proof is good at one gateway"


def test_what_is_remembered_is_bounded_and_forgotten_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proofs = dpop.Proofs(issuer=ISSUER, wants_nonce=False)
    monkeypatch.setattr(dpop, "_MOST", 3)
    for _ in range(3):
        proofs.at_desk([at_desk()], "/oauth2/token")
    with pytest.raises(GrantRefused):
        proofs.at_desk([at_desk()], "/oauth2/token")
    late = time.monotonic() + 100
    monkeypatch.setattr(time, "monotonic", lambda: late)
    proofs.at_desk([at_desk()], "/oauth2/token")
    assert len(proofs._seen) == 1
