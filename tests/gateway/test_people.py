"""People sign in through an issuer: what is odd in any way lets nobody in (S-S2)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from starlette.responses import JSONResponse, Response

from gateway.people.provider import TokenUnsound
from tests.gateway.browsers import RETURN, Browser, comes_back, query, signs_in
from tests.gateway.doors import Opened
from tests.gateway.issuers import CLIENT, HERE, KEY, OTHER_KEY, SECRET, Issuer, public
from tests.gateway.partners import Partner, sql
from tests.harness import Database


async def test_somebody_signs_in_and_acts_for_an_organisation_under_a_pseudonym(
    browser: Browser,
    issuer: Issuer,
    sign_in: Opened,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    begun = await browser.begin(issuer="keycloak")
    assert begun.status_code == 303
    assert begun.headers["cache-control"] == "no-store"
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("__Host-vigie-login-")
    for attribute in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=600"):
        assert attribute in cookie
    sent = query(begun.headers["location"])
    assert begun.headers["location"].startswith(f"{issuer.url}/authorize?theme=dsfr&")
    assert sent["redirect_uri"] == f"{sign_in.settings.issuer}/oauth2/callback/keycloak"
    back = await comes_back(browser, issuer, sent)
    assert back.status_code == 303
    assert browser.cookies == {}, "the login's cookie is gone"
    assert back.headers["location"].startswith(RETURN + "&")
    answer = query(back.headers["location"])
    assert (answer["state"], answer["iss"]) == (
        "the application's own state",
        sign_in.settings.issuer,
    )
    asked = issuer.asked[-1]
    assert (asked["client_id"], asked["client_secret"]) == (CLIENT, SECRET)
    assert sent["code_challenge"] == _s256(asked["code_verifier"])
    given = (await browser.redeem(answer["code"])).json()
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    assert given["scope"] == "diagnostic:read diagnostic:write overviews:read"
    claims = jwt.decode(given["access_token"], options={"verify_signature": False})
    assert (claims["organisation"], claims["roles"]) == (HERE, ["adviser"])
    assert claims["client_id"] == browser.client_id
    assert claims["sub"].startswith("person:")
    kept = await sql(
        database, "SELECT * FROM gateway.person_session WHERE subject = $1", claims["sub"]
    )
    audited = await sql(
        database, "SELECT * FROM gateway.audit_event WHERE actor = $1", claims["sub"]
    )
    assert [event["action"] for event in audited] == ["sign_in"]
    for text in (repr(claims), repr(kept), repr(audited), caplog.text):
        assert "marie" not in text, "pseudonymous everywhere"
    again = await browser.redeem(
        (query((await signs_in(browser, issuer)).headers["location"]))["code"]
    )
    same = jwt.decode(again.json()["access_token"], options={"verify_signature": False})
    assert same["sub"] == claims["sub"]


def _s256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def test_role_client_and_application_each_bound_the_scopes(
    browser: Browser, issuer: Issuer
) -> None:
    issuer.changes = {"realm_access": {"roles": ["lecture"]}}
    back = await signs_in(browser, issuer, scope="diagnostic:read diagnostic:write")
    given = await browser.redeem(query(back.headers["location"])["code"])
    assert given.json()["scope"] == "diagnostic:read"


ODD: dict[str, Callable[[Issuer], None]] = {
    "another issuer": lambda one: one.changes.update(iss="https://evil.example"),
    "another audience": lambda one: one.changes.update(aud="another-client"),
    "no audience": lambda one: one.changes.update(aud=None),
    "many audiences and no party": lambda one: one.changes.update(aud=[CLIENT, "other"]),
    "another party": lambda one: one.changes.update(azp="another-client"),
    "another nonce": lambda one: one.changes.update(nonce="of another login"),
    "no nonce": lambda one: one.changes.update(nonce=None),
    "expired": lambda one: one.changes.update(exp=int(time.time()) - 60),
    "good for ever": lambda one: one.changes.update(exp=None),
    "of tomorrow": lambda one: one.changes.update(iat=int(time.time()) + 86_400),
    "of nobody": lambda one: one.changes.update(sub=""),
    "of a number": lambda one: one.changes.update(sub=7),
    "of half a character": lambda one: one.changes.update(sub="\ud800"),
    "of a long name": lambda one: one.changes.update(sub="x" * 256),
    "large": lambda one: one.changes.update(more="x" * 20_000),
    "a logout token": lambda one: one.changes.update(events={}),
    "an access token": lambda one: setattr(
        one, "signs", (KEY, "RS256", {"kid": "one", "typ": "at+jwt"})
    ),
    "Keycloak's access token": lambda one: one.changes.update(typ="Bearer"),
    "a stranger's key": lambda one: setattr(one, "signs", (OTHER_KEY, "RS256", {"kid": "one"})),
    "an unknown key": lambda one: setattr(one, "signs", (OTHER_KEY, "RS256", {"kid": "two"})),
    "another algorithm": lambda one: setattr(one, "signs", (KEY, "PS256", {"kid": "one"})),
    "no algorithm": lambda one: setattr(one, "signs", (None, "none", {"kid": "one"})),
    "our secret": lambda one: setattr(one, "signs", (SECRET, "HS256", {"kid": "one"})),
    "a critical extension": lambda one: setattr(
        one, "signs", (KEY, "RS256", {"kid": "one", "crit": ["b64"]})
    ),
}  # fmt: skip


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
async def test_an_id_token_that_is_odd_in_any_way_lets_nobody_in(  # S-M2 at the issuer
    browser: Browser, issuer: Issuer, make: Callable[[Issuer], None]
) -> None:
    make(issuer)
    back = await signs_in(browser, issuer)
    answer = query(back.headers["location"])
    assert (answer["error"], answer["error_description"]) == ("access_denied", "identity-unsound")
    assert "code" not in answer


async def test_the_public_key_is_no_secret(sign_in: Opened, issuer: Issuer) -> None:
    """HMAC with the published key as the secret (RFC 8725 §2.1)."""
    header, claims, _ = issuer.token().split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    message = f"{header}.{claims}"
    secret = json.dumps(public(KEY, "one")).encode()
    mac = base64.urlsafe_b64encode(hmac.digest(secret, message.encode(), "sha256"))
    provider = sign_in.app.own.state.people.providers["keycloak"]
    assert (await provider.identity(issuer.token(), [CLIENT]))["sub"] == "marie"
    with pytest.raises(TokenUnsound):
        await provider.identity(f"{message}.{mac.rstrip(b'=').decode()}", [CLIENT])


@pytest.mark.parametrize(("algorithm", "is_good"), [("HS256", True), ("RS256", False)])
async def test_where_it_was_registered_so_our_secret_verifies_and_nothing_else(
    sign_in: Opened, issuer: Issuer, monkeypatch: pytest.MonkeyPatch,
    algorithm: str, is_good: bool,  # noqa: FBT001  # of the table
) -> None:  # fmt: skip
    provider = sign_in.app.own.state.people.providers["keycloak"]
    described = provider.described.model_copy(update={"algorithm": "HS256"})
    monkeypatch.setattr(provider, "described", described)
    issuer.signs = (SECRET if is_good else KEY, algorithm, {"kid": "one"})
    if is_good:
        assert (await provider.identity(issuer.token(), [CLIENT]))["sub"] == "marie"
        return
    with pytest.raises(TokenUnsound):
        await provider.identity(issuer.token(), [CLIENT])


PLACELESS: dict[str, tuple[dict[str, Any], str]] = {
    "no organisation": ({"organisation": None}, "organisation-unknown"),
    "a foreign one": ({"organisation": "elsewhere"}, "organisation-unknown"),
    "two": ({"organisation": [HERE, "lycee"]}, "organisation-ambiguous"),
    "no claim of roles": ({"realm_access": None}, "role-unknown"),
    "no text": ({"realm_access": {"roles": [7, None]}}, "role-unknown"),
    "no list": ({"realm_access": {"roles": {}}}, "role-unknown"),
    "another's role": ({"realm_access": {"roles": ["admin"]}}, "role-unknown"),
}


@pytest.mark.parametrize(("changes", "reason"), PLACELESS.values(), ids=PLACELESS.keys())
async def test_who_has_no_place_here_is_told_so(
    browser: Browser, issuer: Issuer, changes: dict[str, Any], reason: str
) -> None:
    issuer.changes = changes
    answer = query((await signs_in(browser, issuer)).headers["location"])
    assert (answer["error"], answer["error_description"]) == ("access_denied", reason)


USERINFO: dict[str, tuple[Callable[[Issuer], Response], bool]] = {
    "of the same person": (lambda _: JSONResponse({"sub": "marie", "organisation": HERE}), True),
    "of another": (lambda _: JSONResponse({"sub": "pierre", "organisation": HERE}), False),
    "a list": (lambda _: JSONResponse([]), False),
    "no JSON": (lambda _: Response("<html>"), False),
    "large": (lambda _: Response(b"x" * 300_000), False),
    "elsewhere": (lambda one: Response(status_code=302, headers={"location": one.url}), False),
}


@pytest.mark.parametrize(("make", "is_good"), USERINFO.values(), ids=USERINFO.keys())
async def test_the_userinfo_is_of_the_person_and_within_bounds(  # S-M19
    issuer: Issuer, sign_in: Opened, application: Partner, monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Issuer], Response], is_good: bool,  # noqa: FBT001  # of the table
) -> None:  # fmt: skip
    provider = sign_in.app.own.state.people.providers["keycloak"]
    described = provider.described.model_copy(update={"userinfo": "json"})
    monkeypatch.setattr(provider, "described", described)
    issuer.changes = {"organisation": None}
    issuer.userinfo = make(issuer)
    answer = query(
        (await signs_in(Browser(sign_in, application.client_id), issuer)).headers["location"]
    )
    assert ("code" in answer) is is_good
