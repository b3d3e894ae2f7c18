"""`private_key_jwt`: clients that sign (RFC 7523); nothing odd is believed, nothing twice (G8)."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from gateway.clients import jwks
from gateway.clients.jwks import KeySets, KeysRefused
from platformkit.outside import OutsideUnreachable
from tests.gateway.doors import Opened, door
from tests.gateway.partners import Partner, partner
from tests.harness import Database

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ISSUER = "http://127.0.0.1:8000"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()


def public(key: Any, kid: str, **members: str) -> dict[str, Any]:
    kinds = {rsa.RSAPrivateKey: "RS256", ec.EllipticCurvePrivateKey: "ES256"}
    name = next((alg for kind, alg in kinds.items() if isinstance(key, kind)), "EdDSA")
    algorithm = jwt.get_algorithm_by_name(name)
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, **members}


SET = {"keys": [public(RSA, "rsa"), public(EC, "ec"), public(ED, "ed")]}


@pytest.fixture(scope="module")
async def gate(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    folder = tmp_path_factory.mktemp("assertions")
    async with door(folder, {}, database_url=database.dsn("gateway")) as opened:
        yield opened


@pytest.fixture(scope="module")
async def signer(gate: Opened) -> Partner:
    return await partner(gate.settings, jwks=SET)


def assertion(
    client: Partner,
    key: Any = RSA,
    algorithm: str = "RS256",
    header: Mapping[str, Any] | None = None,
    **changes: Any,
) -> str:
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": f"{ISSUER}/oauth2/token",
        "jti": uuid4().hex,
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    headers = {"kid": "rsa"} | dict(header or {})
    given = {name: value for name, value in headers.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers=given)


async def ask(gate: Opened, signed: str, **form: str) -> httpx.Response:
    told = {"grant_type": "client_credentials", "client_assertion_type": TYPE}
    return await gate.http.post("/oauth2/token", data=told | {"client_assertion": signed} | form)


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(RSA, "RS256", "rsa"), (RSA, "PS256", "rsa"), (EC, "ES256", "ec"), (ED, "EdDSA", "ed")],
)
@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/oauth2/token", [ISSUER]])
async def test_a_client_that_signs_gets_its_token_without_a_secret(
    gate: Opened, signer: Partner, key: Any, algorithm: str, kid: str, audience: object
) -> None:
    signed = assertion(signer, key, algorithm, {"kid": kid}, aud=audience)
    answer = await ask(gate, signed, client_id=signer.client_id)
    assert answer.status_code == 200, answer.text
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert claims["client_id"] == signer.client_id


async def test_an_assertion_is_good_once_even_for_two_at_a_time(
    gate: Opened, signer: Partner
) -> None:
    signed = assertion(signer)
    answers = await asyncio.gather(*(ask(gate, signed) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    late = await ask(gate, signed)
    assert (late.status_code, late.json()["error"]) == (401, "invalid_client")
    assert late.json()["error_description"] == "this assertion was used before"


def later(seconds: int) -> int:
    return int(time.time()) + seconds


FORGED: dict[str, Callable[[Partner], str]] = {
    "a stranger's key": lambda one: assertion(one, STRANGER),
    "a stranger's key under no name": lambda one: assertion(one, STRANGER, header={"kid": None}),
    "an unknown kid": lambda one: assertion(one, header={"kid": "other"}),
    "a critical extension": lambda one: assertion(one, header={"kid": "rsa", "crit": ["exp"]}),
    "the kid of another key": lambda one: assertion(one, header={"kid": "ec"}),
    "no algorithm": lambda one: assertion(one, None, "none"),
    "a shared secret": lambda one: assertion(one, "s" * 43, "HS256"),
    "an algorithm that is not offered": lambda one: assertion(one, RSA, "RS512"),
    "another issuer": lambda one: assertion(one, iss="demo"),
    "another subject": lambda one: assertion(one, sub="demo"),
    "of nobody": lambda one: assertion(one, iss="nobody", sub="nobody"),
    "a subject with NUL": lambda one: assertion(one, iss="a\x00", sub="a\x00"),
    "a lone surrogate": lambda one: assertion(one, iss="\ud800", sub="\ud800"),
    "a subject that is no text": lambda one: assertion(one, sub=None),
    "for another server": lambda one: assertion(one, aud="https://other.example"),
    "for two servers": lambda one: assertion(one, aud=[ISSUER, "https://other.example"]),
    "for its own tokens' audience": lambda one: assertion(one, aud="urn:vigie:api"),
    "without audience": lambda one: assertion(one, aud=None),
    "expired": lambda one: assertion(one, exp=later(-30)),
    "good for an hour": lambda one: assertion(one, exp=later(3600)),
    "good for ever": lambda one: assertion(one, exp=None),
    "not yet good": lambda one: assertion(one, nbf=later(60)),
    "from the future": lambda one: assertion(one, iat=later(60)),
    "without jti": lambda one: assertion(one, jti=None),
    "an empty jti": lambda one: assertion(one, jti=""),
    "a jti of NUL": lambda one: assertion(one, jti="\x00"),
    "a jti without end": lambda one: assertion(one, jti="x" * 201),
    "no token": lambda _: "abc",
    "nothing at all": lambda _: "",
    "half of one": lambda one: assertion(one).rpartition(".")[0],
    "a large one": lambda one: assertion(one, more="x" * 9000),
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_an_assertion_that_is_odd_in_any_way_proves_nothing(
    gate: Opened, signer: Partner, forge: Callable[[Partner], str]
) -> None:
    answer = await ask(gate, forge(signer))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_one_way_of_proving_who_one_is_and_of_this_type(
    gate: Opened, signer: Partner
) -> None:
    for form, error in (
        ({"client_secret": "x"}, "invalid_request"),
        ({"client_id": "somebody-else"}, "invalid_request"),
        ({"client_assertion_type": "urn:other"}, "invalid_client"),
    ):
        answer = await ask(gate, assertion(signer), **form)
        assert answer.json()["error"] == error
    with_secret = await partner(gate.settings)
    answer = await ask(gate, assertion(with_secret))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    given = {"grant_type": "client_credentials", "client_id": signer.client_id}
    for secret in ("", "x" * 43):
        form = given | {"client_secret": secret}
        answer = await gate.http.post("/oauth2/token", data=form)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


URL = "https://partner.example/jwks"


class Publisher:
    """Publishes a key set, and counts who reads it."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys, self.reads, self.is_away = list(keys), 0, False

    async def __call__(self, url: str) -> bytes:
        assert url == URL
        self.reads += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise OutsideUnreachable
        return json.dumps({"keys": self.keys}).encode()


async def test_a_storm_of_unknown_kids_reads_the_published_keys_twice_at_most(  # G8
    gate: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Publisher(public(RSA, "rsa"))
    monkeypatch.setattr(gate.app.own.state, "key_sets", KeySets(published))
    client = await partner(gate.settings, jwks_uri=URL)
    answers = await asyncio.gather(
        *(ask(gate, assertion(client, header={"kid": f"k{number}"})) for number in range(100))
    )
    assert {answer.status_code for answer in answers} == {401}
    assert published.reads == 2
    assert (await ask(gate, assertion(client))).status_code == 200
    assert published.reads == 2


async def test_a_thousand_unknown_kids_at_once_are_two_reads() -> None:  # G8
    published = Publisher(public(RSA, "rsa"))
    sets = KeySets(published)
    found = await asyncio.gather(*(sets.find(URL, f"k{number}") for number in range(1000)))
    assert set(found) == {None}
    assert published.reads == 2


async def test_a_key_that_a_client_has_just_published_is_found_at_once() -> None:
    published = Publisher(public(RSA, "old"))
    sets = KeySets(published)
    assert await sets.find(URL, "old") is not None
    published.keys.insert(0, public(EC, "new"))
    assert await sets.find(URL, "new") is not None
    assert await sets.find(URL, "old") is not None, "both are good during the change"
    assert published.reads == 2


async def test_published_keys_stay_good_while_they_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published = Publisher(public(RSA, "rsa"))
    sets = KeySets(published)
    assert await sets.find(URL, "rsa") is not None
    monkeypatch.setattr(jwks, "_FRESH_SECONDS", 0)
    published.is_away = True
    assert await sets.find(URL, "rsa") is not None
    assert published.reads == 2
    published.keys, published.is_away = [], False
    assert await sets.find(URL, "rsa") is not None, "nor does an empty set shut anybody out"


WEAK = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # on purpose


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"keys": {}},
        {"keys": []},
        {"keys": ["x"]},
        {"keys": [{"kty": "oct", "kid": "a", "alg": "HS256"}]},
        {"keys": [public(RSA, "a", alg="RS512")]},
        {"keys": [public(RSA, "a", use="enc")]},
        {"keys": [public(WEAK, "a")]},
        {"keys": [public(RSA, "a", n="!")]},
        {"keys": [public(RSA, "a")] * 21},
        {"keys": [public(RSA, "a"), public(RSA, "b", d="AQAB")]},
        {"keys": [{"kty": "oct", "k": "AQAB"}]},
    ],
)
def test_a_key_set_without_a_key_that_can_sign_is_refused(document: object) -> None:
    with pytest.raises(KeysRefused):
        jwks.read(document)


def test_what_cannot_sign_here_does_not_hide_what_can() -> None:
    read = jwks.read({"keys": [public(WEAK, "a"), public(EC, "b"), {"kty": "new"}]})
    assert [key.kid for key in read] == ["b"]
    assert jwks.choose(read, None) is read[0], "the only key needs no name"
