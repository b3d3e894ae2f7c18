"""People sign in through an issuer: what is odd in any way lets nobody in (S-S2)."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from starlette.responses import JSONResponse, Response

from gateway.people.provider import TokenUnsound
from tests.gateway import issuers
from tests.gateway.browsers import RETURN, Browser, query
from tests.gateway.doors import Opened, door
from tests.gateway.issuers import CLIENT, HERE, KEY, OTHER_KEY, SECRET, Issuer, issuing, public
from tests.gateway.partners import Partner, partner, sql, until
from tests.harness import Database

SCOPES = ["overviews:read", "diagnostic:read", "diagnostic:write"]


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[Issuer]:
    async with issuing() as opened:
        yield opened


@pytest.fixture
def issuer(running: Issuer) -> Iterator[Issuer]:
    yield running
    running.reset()


@pytest.fixture(scope="module")
async def gate(
    running: Issuer, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    described = [
        running.described(),
        running.described(name="other", issuer="https://issuer.example", client_secret="s" * 40),
    ]
    told = {
        "database_url": database.dsn("gateway"),
        "issuers": issuers.as_settings(*described),
    }
    async with door(tmp_path_factory.mktemp("people"), {}, **told) as opened:
        yield opened


@pytest.fixture(scope="module")
async def app(gate: Opened) -> Partner:
    return await partner(gate.settings, *SCOPES, return_urls=[RETURN], is_public=True)


@pytest.fixture
def browser(gate: Opened, app: Partner) -> Browser:
    return Browser(gate, app.client_id)


async def signs_in(browser: Browser, issuer: Issuer, **asked: Any) -> httpx.Response:
    """Go to the issuer and come back with a code of its own."""
    sent = query((await browser.begin(issuer="keycloak", **asked)).headers["location"])
    return await comes_back(browser, issuer, sent)


async def comes_back(browser: Browser, issuer: Issuer, sent: dict[str, str]) -> httpx.Response:
    code = uuid4().hex
    issuer.nonces[code] = sent["nonce"]
    params = {"code": code, "state": sent["state"], "session_state": "x"}
    return await browser.get("/oauth2/callback/keycloak", params)


async def test_somebody_signs_in_and_acts_for_an_organisation_under_a_pseudonym(
    browser: Browser,
    issuer: Issuer,
    gate: Opened,
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
    assert sent["redirect_uri"] == f"{gate.settings.issuer}/oauth2/callback/keycloak"
    back = await comes_back(browser, issuer, sent)
    assert back.status_code == 303
    assert browser.cookies == {}, "the login's cookie is gone"
    assert back.headers["location"].startswith(RETURN + "&")
    answer = query(back.headers["location"])
    assert (answer["state"], answer["iss"]) == (
        "the application's own state",
        gate.settings.issuer,
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


async def test_the_public_key_is_no_secret(gate: Opened, issuer: Issuer) -> None:
    """HMAC with the published key as the secret (RFC 8725 §2.1)."""
    header, claims, _ = issuer.token().split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    message = f"{header}.{claims}"
    secret = json.dumps(public(KEY, "one")).encode()
    mac = base64.urlsafe_b64encode(hmac.digest(secret, message.encode(), "sha256"))
    provider = gate.app.own.state.people.providers["keycloak"]
    assert (await provider.identity(issuer.token(), [CLIENT]))["sub"] == "marie"
    with pytest.raises(TokenUnsound):
        await provider.identity(f"{message}.{mac.rstrip(b'=').decode()}", [CLIENT])


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


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": RETURN + "&more=1"},
        {"redirect_uri": RETURN.replace("app.example", "app.example.evil.example")},
        {"redirect_uri": RETURN.replace("https", "http")},
        {"redirect_uri": RETURN + "/"},
        {"client_id": "nobody"},
        {"client_id": "demo"},
    ],
)
async def test_nobody_is_sent_where_the_client_has_not_registered(  # open redirect
    browser: Browser, changes: dict[str, str]
) -> None:
    for broken in ({}, {"response_type": "token"}):
        answer = await browser.begin(issuer="keycloak", **changes, **broken)
        assert (answer.status_code, answer.json()["code"]) == (400, "return-address-refused")
        assert "location" not in answer.headers
    form = {"token": "x", "client_id": browser.client_id, "post_logout_redirect_uri": RETURN}
    if "redirect_uri" in changes:
        form["post_logout_redirect_uri"] = changes["redirect_uri"]
    form |= {"client_id": changes.get("client_id", browser.client_id)}
    answer = await browser.gate.http.post("/oauth2/logout", data=form)
    assert (answer.status_code, answer.json()["code"]) == (400, "return-address-refused")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"issuer": "nobody"}, "invalid_request"),
        ({"issuer": None}, "invalid_request"),
        ({"scope": "training:import"}, "invalid_scope"),
        ({"issuer": "other"}, "temporarily_unavailable"),
    ],
)
async def test_other_faults_go_back_to_the_application(
    browser: Browser, changes: dict[str, Any], error: str
) -> None:
    answer = await browser.begin(**{"issuer": "keycloak"} | changes)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(RETURN + "&")
    assert query(answer.headers["location"])["error"] == error


async def test_parameters_are_known_and_there_once(browser: Browser) -> None:
    address = str(httpx.URL("/oauth2/authorize", params=browser.asked()))
    for more, code in (
        ("&client_id=demo", "parameter-repeated"),
        ("&nonce=x", "unknown-parameter"),
    ):
        answer = await browser.get(address + more)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    odd = await browser.begin(state="é")
    assert odd.status_code == 422


async def test_a_login_ends_in_the_browser_that_began_it(  # login CSRF, session fixation
    browser: Browser, issuer: Issuer, gate: Opened, app: Partner
) -> None:
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    victim = Browser(gate, app.client_id)
    lost = await comes_back(victim, issuer, sent)
    assert (lost.status_code, lost.json()["code"]) == (400, "login-lost")
    await victim.begin(issuer="keycloak")
    victim.cookies = dict.fromkeys(browser.cookies, next(iter(victim.cookies.values())))
    lost = await comes_back(victim, issuer, sent)
    assert (lost.status_code, lost.json()["code"]) == (400, "login-lost"), "a state of another"
    back = await comes_back(browser, issuer, sent)
    assert "code" in query(back.headers["location"])


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("other", {}),
        ("nobody", {}),
        ("keycloak", {"state": "x" * 43}),
        ("keycloak", {"iss": "https://evil.example"}),
    ],
)
async def test_an_answer_is_of_the_issuer_and_the_login_that_it_was_asked_for(  # mix-up
    browser: Browser, issuer: Issuer, path: str, changes: dict[str, str]
) -> None:
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    params = {"code": "x", "state": sent["state"]} | changes
    answer = await browser.get(f"/oauth2/callback/{path}", params)
    assert (answer.status_code, answer.json()["code"]) == (400, "login-lost")
    assert issuer.asked == []


async def test_a_cookie_that_was_sealed_for_something_else_is_no_login(
    browser: Browser, gate: Opened, issuer: Issuer
) -> None:
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    people = gate.app.own.state.people
    for value in ("", "x", people.departures.seal({}), "é"):
        browser.cookies = {name: value.encode().decode("latin-1") for name in browser.cookies}
        answer = await comes_back(browser, issuer, sent)
        assert (answer.status_code, answer.json()["code"]) == (400, "login-lost")


async def test_what_the_issuer_refuses_is_refused_and_its_words_stay_there(
    browser: Browser, issuer: Issuer
) -> None:
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    told = {"error": "access_denied", "error_description": "marie", "state": sent["state"]}
    back = await browser.get("/oauth2/callback/keycloak", told)
    answer = query(back.headers["location"])
    assert answer["error_description"] == "refused-by-issuer"
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    back = await browser.get("/oauth2/callback/keycloak", {"code": "x", "state": sent["state"]})
    assert query(back.headers["location"])["error_description"] == "identity-unsound"


async def test_an_issuer_that_is_away_is_said_to_be(browser: Browser, issuer: Issuer) -> None:
    issuer.is_away = True
    back = await signs_in(browser, issuer)
    assert query(back.headers["location"])["error"] == "temporarily_unavailable"


async def test_a_code_is_good_once_and_used_again_it_ends_what_it_gave(
    browser: Browser, issuer: Issuer, gate: Opened
) -> None:
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    for wrong in (
        {"code_verifier": "x" * 43},
        {"redirect_uri": "https://app.example/other"},
        {"code": "x"},
    ):
        answer = await browser.redeem(**{"code": code} | wrong)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    token = (await browser.redeem(code)).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}

    async def is_refused() -> bool:
        answer = await gate.http.get("/v1/overviews/jobs/M1607", headers=headers)
        return answer.status_code == 401

    assert not await is_refused()
    again = await browser.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    await until(is_refused)


async def test_two_at_a_time_get_one_token(browser: Browser, issuer: Issuer) -> None:
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    answers = await asyncio.gather(*(browser.redeem(code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]


async def test_a_code_is_its_clients_own_and_soon_over(
    browser: Browser, issuer: Issuer, gate: Opened, database: Database
) -> None:
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    thief = await partner(gate.settings, *SCOPES, return_urls=[RETURN], is_public=True)
    answer = await browser.redeem(code, client_id=thief.client_id)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    scoped = await browser.redeem(code, scope="overviews:read")
    assert scoped.json()["error"] == "invalid_scope"
    await sql(
        database,
        "UPDATE gateway.person_session SET code_until = now() WHERE client_id = $1",
        browser.client_id,
    )
    assert (await browser.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_client_with_a_secret_proves_it_for_a_code_too(
    gate: Opened, issuer: Issuer
) -> None:
    client = await partner(gate.settings, *SCOPES, return_urls=[RETURN])
    browser = Browser(gate, client.client_id)
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    assert (await browser.redeem(code)).json()["error"] == "invalid_client"
    assert (await browser.redeem(code, client_secret="")).json()["error"] == "invalid_client"
    assert (await browser.redeem(code, client_secret=client.secret)).status_code == 200


async def test_who_signs_out_is_out_here_and_sent_to_sign_out_at_the_issuer(
    browser: Browser, issuer: Issuer, gate: Opened, database: Database
) -> None:
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    token = (await browser.redeem(code)).json()["access_token"]
    form = {
        "token": token,
        "client_id": browser.client_id,
        "post_logout_redirect_uri": RETURN,
        "state": "s",
    }
    away = await gate.http.post("/oauth2/logout", data=form)
    assert away.status_code == 303
    assert away.headers["location"].startswith(f"{issuer.url}/logout?")
    sent = query(away.headers["location"])
    hint = jwt.decode(sent["id_token_hint"], options={"verify_signature": False})
    assert (hint["iss"], hint["sub"]) == (issuer.url, "marie")
    assert sent["post_logout_redirect_uri"] == f"{gate.settings.issuer}/oauth2/logged-out"
    assert len(sent["state"]) >= 32
    back = await gate.http.get("/oauth2/logged-out", params={"state": sent["state"]})
    assert (back.status_code, back.headers["location"]) == (303, f"{RETURN}&state=s")
    again = await gate.http.post("/oauth2/logout", data=form | {"token": token})
    assert again.headers["location"] == f"{RETURN}&state=s", "there is nothing left to end"

    async def is_refused() -> bool:
        headers = {"authorization": f"Bearer {token}"}
        answer = await gate.http.get("/v1/overviews/jobs/M1607", headers=headers)
        return answer.status_code == 401

    await until(is_refused)
    sub = jwt.decode(token, options={"verify_signature": False})["sub"]
    kept = await sql(
        database,
        "SELECT id_token FROM gateway.person_session WHERE subject = $1 AND ended_at IS NOT NULL",
        sub,
    )
    assert [row["id_token"] for row in kept if row["id_token"] is not None] == []
    for wrong in (
        "x",
        sent["state"] + "x",
        gate.app.own.state.people.logins.seal(["https://evil.example", None]),
    ):
        lost = await gate.http.get("/oauth2/logged-out", params={"state": wrong})
        assert (lost.status_code, lost.json()["code"]) == (400, "login-lost")
    bare = await gate.http.post("/oauth2/logout", data={"token": token})
    assert (bare.status_code, bare.json()["error"]) == (400, "invalid_request")


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
    issuer: Issuer, gate: Opened, app: Partner, monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Issuer], Response], is_good: bool,  # noqa: FBT001  # of the table
) -> None:  # fmt: skip
    provider = gate.app.own.state.people.providers["keycloak"]
    described = provider.described.model_copy(update={"userinfo": "json"})
    monkeypatch.setattr(provider, "described", described)
    issuer.changes = {"organisation": None}
    issuer.userinfo = make(issuer)
    answer = query((await signs_in(Browser(gate, app.client_id), issuer)).headers["location"])
    assert ("code" in answer) is is_good
