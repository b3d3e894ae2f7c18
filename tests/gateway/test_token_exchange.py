"""RFC 8693: a back end exchanges a trusted issuer's token of somebody (S-M2, S-M3, G8)."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest

from gateway.people import discovery
from gateway.people.desk import People
from platformkit.outside import OutsideUnreachable
from tests.gateway.doors import Opened
from tests.gateway.issuers import CLIENT, HERE, KEY, OTHER_KEY, Issuer, public
from tests.gateway.partners import Partner, partner

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPES = "urn:ietf:params:oauth:token-type:"
THERE = "campus-app"
"""The back end's own name at the issuer."""


@pytest.fixture(scope="module")
async def client(sign_in: Opened) -> Partner:
    """Let it exchange, as the operator's settings would."""
    made = await partner(sign_in.settings, "overviews:read", "diagnostic:read")
    provider = sign_in.app.own.state.people.providers["keycloak"]
    exchange = {"exchange": {THERE: made.client_id, "another-app": "another-client"}}
    provider.described = provider.described.model_copy(update=exchange)
    return made


async def ask(sign_in: Opened, client: Partner, token: str, **form: Any) -> httpx.Response:
    told = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": f"{TYPES}id_token",
    } | form
    kept = {name: value for name, value in told.items() if value is not None}
    auth = (client.client_id, client.secret)
    return await sign_in.http.post("/oauth2/token", data=kept, auth=auth)


@pytest.mark.parametrize(
    ("kind", "changes", "header"),
    [
        ("id_token", {}, {}),
        ("id_token", {"aud": [THERE, "other"], "azp": THERE}, {}),
        ("access_token", {}, {"typ": "at+jwt"}),
        ("access_token", {"typ": "Bearer", "azp": THERE}, {}),
    ],
)
async def test_a_back_end_gets_a_token_of_its_user_with_what_both_may_do(
    sign_in: Opened, client: Partner, issuer: Issuer,
    kind: str, changes: dict[str, Any], header: dict[str, str],
) -> None:  # fmt: skip
    issuer.signs = (KEY, "RS256", {"kid": "one"} | header)
    token = issuer.token(**{"aud": THERE} | changes)
    answer = await ask(sign_in, client, token, subject_token_type=TYPES + kind)
    given = answer.json()
    assert given["issued_token_type"] == f"{TYPES}access_token", answer.text
    assert given["scope"] == "diagnostic:read overviews:read", "the client may not write"
    claims = jwt.decode(given["access_token"], options={"verify_signature": False})
    assert (claims["client_id"], claims["organisation"]) == (client.client_id, HERE)
    assert claims["sub"].startswith("person:")
    assert "marie" not in repr(claims)
    less = await ask(
        sign_in, client, token, subject_token_type=TYPES + kind, scope="overviews:read"
    )
    assert less.json()["scope"] == "overviews:read"
    other = jwt.decode(less.json()["access_token"], options={"verify_signature": False})
    assert other["sub"] == claims["sub"]


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def spelled(part: object) -> str:
    return encoded(json.dumps(part).encode())


def sound(issuer: Issuer, **changes: Any) -> str:
    return issuer.token(**{"aud": THERE} | changes)


def with_header(issuer: Issuer, key: Any, algorithm: str, **header: Any) -> str:
    issuer.signs = (key, algorithm, {"kid": "one"} | header)
    return sound(issuer)


REFUSED: dict[str, tuple[Callable[[Issuer], str], dict[str, Any], str]] = {
    "of an unknown issuer": (
        lambda one: sound(one, iss="https://evil.example"), {}, "invalid_request",
    ),
    "of no issuer": (lambda one: sound(one, iss=None), {}, "invalid_request"),
    "no token": (lambda _: "abc", {}, "invalid_request"),
    "made for us, not for it": (lambda one: sound(one, aud=CLIENT), {}, "invalid_request"),
    "made for another of its clients": (
        lambda one: sound(one, aud="another-app"), {}, "invalid_request",
    ),
    "made for two": (lambda one: sound(one, aud=[THERE, "other"]), {}, "invalid_request"),
    "of another party": (lambda one: sound(one, azp="other"), {}, "invalid_request"),
    "expired": (lambda one: sound(one, exp=int(time.time()) - 60), {}, "invalid_request"),
    "an access token as an ID token": (
        lambda one: with_header(one, KEY, "RS256", typ="at+jwt"), {}, "invalid_request",
    ),
    "an ID token as an access token": (
        sound, {"subject_token_type": f"{TYPES}access_token"}, "invalid_request",
    ),
    "bound to a key": (
        lambda one: sound(one, typ="Bearer", cnf={"jkt": "x"}),
        {"subject_token_type": f"{TYPES}access_token"}, "invalid_request",
    ),
    "of a strange type": (sound, {"subject_token_type": f"{TYPES}saml2"}, "invalid_request"),
    "of no type": (sound, {"subject_token_type": None}, "invalid_request"),
    "for somebody else": (sound, {"actor_token": "x"}, "invalid_request"),
    "for a service": (sound, {"audience": "urn:other"}, "invalid_request"),
    "for a refresh token": (
        sound, {"requested_token_type": f"{TYPES}refresh_token"}, "invalid_request",
    ),
    "a stranger's key": (
        lambda one: with_header(one, OTHER_KEY, "RS256"), {}, "invalid_request",
    ),
    "no algorithm": (lambda one: with_header(one, None, "none"), {}, "invalid_request"),
    "a shared secret": (lambda one: with_header(one, "s" * 40, "HS256"), {}, "invalid_request"),
    "without a place here": (
        lambda one: sound(one, organisation="elsewhere"), {}, "invalid_grant",
    ),
    "for more than its role": (sound, {"scope": "diagnostic:write"}, "invalid_scope"),
    "nothing": (lambda _: "", {}, "invalid_request"),
    "brackets": (lambda _: f"e30.{encoded(b'[' * 6000)}.x", {}, "invalid_request"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "form", "error"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_subject_token_that_is_odd_in_any_way_is_worth_nothing(
    sign_in: Opened, client: Partner, issuer: Issuer,
    make: Callable[[Issuer], str], form: dict[str, Any], error: str,
) -> None:  # fmt: skip
    answer = await ask(sign_in, client, make(issuer), **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error), answer.text


async def test_only_the_client_it_was_made_for_exchanges_it_and_only_by_proof(
    sign_in: Opened, client: Partner, issuer: Issuer
) -> None:
    thief = await partner(sign_in.settings, "overviews:read")
    answer = await ask(sign_in, thief, sound(issuer))
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    client = Partner(sign_in.settings, client.client_id, "x" * 43)
    answer = await ask(sign_in, client, sound(issuer))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    form = {"grant_type": EXCHANGE, "client_id": client.client_id, "subject_token": "x"}
    bare = await sign_in.http.post("/oauth2/token", data=form)
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_client")


def fresh(sign_in: Opened) -> People:
    """Know nothing of the issuer yet."""
    return People(sign_in.settings)


async def test_a_thousand_unknown_kids_are_two_reads_of_the_issuers_keys(  # S-M3, G8
    sign_in: Opened, issuer: Issuer
) -> None:
    provider = fresh(sign_in).providers["keycloak"]
    rest = sound(issuer).partition(".")[2]
    forged = [f"{spelled({'alg': 'RS256', 'kid': f'k{number}'})}.{rest}" for number in range(1000)]
    found = await asyncio.gather(
        *(provider.identity(token, [THERE]) for token in forged), return_exceptions=True
    )
    assert {type(one).__name__ for one in found} == {"TokenUnsound"}
    assert issuer.jwks_reads == 2


async def test_while_the_issuer_changes_keys_no_valid_token_is_refused(  # G8
    sign_in: Opened, issuer: Issuer
) -> None:
    provider = fresh(sign_in).providers["keycloak"]
    old = sound(issuer)
    works = await asyncio.gather(*(provider.identity(old, [THERE]) for _ in range(50)))
    issuer.keys = [public(OTHER_KEY, "two"), public(KEY, "one")]
    issuer.signs = (OTHER_KEY, "RS256", {"kid": "two"})
    new = sound(issuer)
    works += await asyncio.gather(
        *(provider.identity(token, [THERE]) for _ in range(50) for token in (old, new))
    )
    assert len(works) == 150
    assert issuer.jwks_reads == 2


async def test_an_issuer_that_is_away_is_known_by_what_it_said_before(  # S-M3
    sign_in: Opened, issuer: Issuer, client: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = fresh(sign_in).providers["keycloak"]
    await provider.identity(sound(issuer), [THERE])
    issuer.is_away = True
    monkeypatch.setattr(discovery, "_FRESH_SECONDS", -1.0)
    assert (await provider.identity(sound(issuer), [THERE]))["sub"] == "marie"
    described = sign_in.app.own.state.people.providers["keycloak"].described
    unknown = fresh(sign_in)
    unknown.providers["keycloak"].described = described
    monkeypatch.setattr(sign_in.app.own.state.people, "said_by", unknown.said_by)
    answer = await ask(sign_in, client, sound(issuer))
    assert (answer.status_code, answer.json()["code"]) == (503, "issuer-unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": None},
        {"jwks_uri": 7},
        {"jwks_uri": "https://user@evil.example/jwks"},
        {"jwks_uri": "https://[/"},
    ],
)
async def test_metadata_that_are_unsound_are_not_followed(
    sign_in: Opened, issuer: Issuer, metadata: dict[str, Any]
) -> None:
    issuer.metadata = metadata
    provider = fresh(sign_in).providers["keycloak"]
    with pytest.raises(OutsideUnreachable):
        await provider.identity(sound(issuer), [THERE])
    assert issuer.jwks_reads == 0
