"""The ways of a sign-in, of the browser and of the code: none leads elsewhere, none goes twice."""

import asyncio
from typing import Any

import httpx
import jwt
import pytest

from tests.gateway.browsers import RETURN, SIGN_IN_SCOPES, Browser, comes_back, query, signs_in
from tests.gateway.doors import Opened
from tests.gateway.issuers import Issuer
from tests.gateway.partners import Partner, partner, sql, until
from tests.harness import Database


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
    browser: Browser, issuer: Issuer, sign_in: Opened, application: Partner
) -> None:
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    victim = Browser(sign_in, application.client_id)
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
    browser: Browser, sign_in: Opened, issuer: Issuer
) -> None:
    sent = query((await browser.begin(issuer="keycloak")).headers["location"])
    people = sign_in.app.own.state.people
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
    browser: Browser, issuer: Issuer, sign_in: Opened
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
        answer = await sign_in.http.get("/v1/overviews/jobs/M1607", headers=headers)
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
    browser: Browser, issuer: Issuer, sign_in: Opened, database: Database
) -> None:
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    thief = await partner(sign_in.settings, *SIGN_IN_SCOPES, return_urls=[RETURN], is_public=True)
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
    sign_in: Opened, issuer: Issuer
) -> None:
    client = await partner(sign_in.settings, *SIGN_IN_SCOPES, return_urls=[RETURN])
    browser = Browser(sign_in, client.client_id)
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    assert (await browser.redeem(code)).json()["error"] == "invalid_client"
    assert (await browser.redeem(code, client_secret="")).json()["error"] == "invalid_client"
    assert (await browser.redeem(code, client_secret=client.secret)).status_code == 200


async def test_who_signs_out_is_out_here_and_sent_to_sign_out_at_the_issuer(
    browser: Browser, issuer: Issuer, sign_in: Opened, database: Database
) -> None:
    code = query((await signs_in(browser, issuer)).headers["location"])["code"]
    token = (await browser.redeem(code)).json()["access_token"]
    form = {
        "token": token,
        "client_id": browser.client_id,
        "post_logout_redirect_uri": RETURN,
        "state": "s",
    }
    away = await sign_in.http.post("/oauth2/logout", data=form)
    assert away.status_code == 303
    assert away.headers["location"].startswith(f"{issuer.url}/logout?")
    sent = query(away.headers["location"])
    hint = jwt.decode(sent["id_token_hint"], options={"verify_signature": False})
    assert (hint["iss"], hint["sub"]) == (issuer.url, "marie")
    assert sent["post_logout_redirect_uri"] == f"{sign_in.settings.issuer}/oauth2/logged-out"
    assert len(sent["state"]) >= 32
    back = await sign_in.http.get("/oauth2/logged-out", params={"state": sent["state"]})
    assert (back.status_code, back.headers["location"]) == (303, f"{RETURN}&state=s")
    again = await sign_in.http.post("/oauth2/logout", data=form | {"token": token})
    assert again.headers["location"] == f"{RETURN}&state=s", "there is nothing left to end"

    async def is_refused() -> bool:
        headers = {"authorization": f"Bearer {token}"}
        answer = await sign_in.http.get("/v1/overviews/jobs/M1607", headers=headers)
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
        sign_in.app.own.state.people.logins.seal(["https://evil.example", None]),
    ):
        lost = await sign_in.http.get("/oauth2/logged-out", params={"state": wrong})
        assert (lost.status_code, lost.json()["code"]) == (400, "login-lost")
    bare = await sign_in.http.post("/oauth2/logout", data={"token": token})
    assert (bare.status_code, bare.json()["error"]) == (400, "invalid_request")
