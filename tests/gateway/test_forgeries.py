"""Access tokens that are odd in any way open nothing."""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.tokens import keys as signing
from gateway.tokens.access import Verifier
from platformkit.auth import TokenRefused
from tests.gateway.doors import KEY, PEM, Opened, door
from tests.gateway.scripted import Scripted
from tests.gateway.waiting import until

ISSUER = "http://127.0.0.1:8000"


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
_PATIENCE = 60.0
"""Seconds: to read a key takes a tenth of one of CPU, of which a busy machine has little."""


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


def _aged(path: Path, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(path, (at, at))


def test_a_new_key_is_published_at_once_and_signs_once_it_has_settled(tmp_path: Path) -> None:
    new, old = tmp_path / "new.pem", tmp_path / "old.pem"
    new.write_text(PEM)
    assert signing.load(None, tmp_path).signing.kid == KID, "the only key signs at once"
    old.write_text(_pem(STRANGER))
    _aged(old, 7000)
    for age, signs in ((0, False), (590, False), (610, True), (6000, True), (8000, False)):
        _aged(new, age)
        loaded = signing.load(None, tmp_path)
        assert (loaded.signing.kid == KID) is signs, age
        assert len(loaded.jwks()["keys"]) == 2
    assert all("d" not in key for key in loaded.jwks()["keys"])
    _aged(old, 100)
    _aged(new, 10)
    assert signing.load(None, tmp_path).signing.kid != KID, "of young keys the oldest"
    verifier = Verifier(loaded, issuer=ISSUER, audience="urn:vigie:api")
    token = signed({"kid": signing.of([STRANGER]).signing.kid}, key=STRANGER)
    assert verifier.verify(token.encode()).principal.client == "demo"
    assert signing.load(PEM + _pem(STRANGER), None).signing.kid == KID, "in a text the first"


async def test_while_keys_are_changed_no_valid_token_is_refused_by_any_gateway(  # G8
    tmp_path: Path, behind: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_LOOK_SECONDS", 0.02)
    folder = tmp_path / "keys"
    folder.mkdir()
    old, new = folder / "old.pem", folder / "new.pem"
    old.write_text(_pem(STRANGER))
    told: dict[str, Any] = {"signing_key": None, "signing_keys_dir": folder}
    upstreams = {"diagnostic": behind.url}
    async with door(tmp_path, upstreams, **told) as one, door(tmp_path, upstreams, **told) as two:
        issued: dict[str, str] = {}

        async def works(*, kid: str, published: int) -> bool:
            for gate in (one, two):
                token = gate.token("diagnostic:read", seconds=600)
                issued.setdefault(jwt.get_unverified_header(token)["kid"], token)
            for gate in (one, two):
                for token in issued.values():
                    headers = {"authorization": f"Bearer {token}"}
                    answer = await gate.http.get("/v1/diagnostic/things/1", headers=headers)
                    assert answer.status_code not in {401, 403}, answer.text
                    if answer.status_code != 200:
                        return False  # a busy machine is late; its answer says nothing of keys
            sets = [(await gate.http.get("/.well-known/jwks.json")).json() for gate in (one, two)]
            signs = {gate.app.own.state.keys.signing.kid for gate in (one, two)}
            return {len(each["keys"]) for each in sets} == {published} and signs == {kid}

        stranger = signing.of([STRANGER]).signing.kid
        await until(lambda: works(kid=stranger, published=1), seconds=_PATIENCE)
        new.write_text("-----BEGIN PRIVATE KEY-----\nhalf wri")
        await until(lambda: works(kid=stranger, published=1), seconds=_PATIENCE)
        new.write_text(PEM)
        await until(lambda: works(kid=stranger, published=2), seconds=_PATIENCE)
        _aged(old, 7000)
        _aged(new, 700)
        await until(lambda: works(kid=KID, published=2), seconds=_PATIENCE)
        headers = {"authorization": f"Bearer {issued.pop(stranger)}"}
        old.unlink()

        async def is_refused() -> bool:
            answers = [
                await gate.http.get("/v1/diagnostic/things/1", headers=headers)
                for gate in (one, two)
            ]
            return {answer.status_code for answer in answers} == {401}

        await until(is_refused, seconds=_PATIENCE)
        await until(lambda: works(kid=KID, published=1), seconds=_PATIENCE)


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
