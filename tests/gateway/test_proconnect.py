"""ProConnect's habits, by a certified provider that has them (S-S2): `tests/peers/issuer.mjs`."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest

from tests.gateway import issuers
from tests.gateway.browsers import RETURN, Browser, query
from tests.gateway.doors import Opened, door
from tests.gateway.partners import Partner, partner
from tests.gateway.peers import PEERS
from tests.harness import Database

DOOR = "http://127.0.0.1:8000"
SIRET = "13002526500013"
PERSON = {
    "sub": "704e024229015d2bd47f7a5e5ab05b35c8336ab403c38022985f8cfadc86fe91",
    "given_name": "Angela Claire Louise",
    "usual_name": "Dubois",
    "email": "angela.dubois@example.gouv.fr",
    "siret": SIRET,
    "idp_id": "71144ab3-ee1a-4401-b7b3-79b44f7daeeb",
}
CLIENT, SECRET = "vigie-at-proconnect", "a secret of ProConnect's making"


@pytest.fixture(scope="module")
async def proconnect(node: str) -> AsyncIterator[str]:
    told = {
        "client": CLIENT,
        "secret": SECRET,
        "returns": f"{DOOR}/oauth2/callback/proconnect",
        "ends": f"{DOOR}/oauth2/logged-out",
        "person": PERSON,
    }
    process = await asyncio.create_subprocess_exec(
        node, str(PEERS / "issuer.mjs"), json.dumps(told), stdout=-1, stderr=-3
    )
    assert process.stdout is not None
    async with asyncio.timeout(120):  # it loads half of npm
        url = (await process.stdout.readline()).decode().strip()
    yield url
    process.terminate()
    await process.wait()


def described(url: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "proconnect",
        "issuer": url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scopes": ["openid", "siret", "idp_id"],
        "userinfo": "jwt",
        "required": {"acr": ["eidas1"], "idp_id": [PERSON["idp_id"]]},
        "organisation_claim": "siret",
        "organisations": {SIRET: "cci-hdf"},
        "default_role": "reader",
    } | changes


@pytest.fixture(scope="module")
async def gate(
    proconnect: str, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    told = {
        "database_url": database.dsn("gateway"),
        "issuers": issuers.as_settings(described(proconnect)),
    }
    async with door(tmp_path_factory.mktemp("proconnect"), {}, **told) as opened:
        yield opened


@pytest.fixture(scope="module")
async def app(gate: Opened) -> Partner:
    scopes = ["overviews:read", "diagnostic:read"]
    return await partner(gate.settings, *scopes, return_urls=[RETURN], is_public=True)


async def through(http: httpx.AsyncClient, url: str) -> str:
    """Follow the issuer's redirects as a browser does, until they lead back to the door."""
    for _ in range(10):
        answer = await http.get(url)
        assert answer.status_code in {302, 303}, answer.text
        url = str(httpx.URL(str(answer.url)).join(answer.headers["location"]))
        if url.startswith(DOOR):
            return url.removeprefix(DOOR)
    raise AssertionError("it goes round in circles")


async def test_an_agent_signs_in_with_proconnect_and_out_again(gate: Opened, app: Partner) -> None:
    browser = Browser(gate, app.client_id)
    sent = (await browser.begin()).headers["location"]
    assert set(query(sent)) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values",
        "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert min(len(query(sent)["state"]), len(query(sent)["nonce"])) >= 32
    async with httpx.AsyncClient() as http:
        back = await browser.get(await through(http, sent))
        answer = query(back.headers["location"])
        assert "code" in answer, answer
        given = (await browser.redeem(answer["code"])).json()
        claims = jwt.decode(given["access_token"], options={"verify_signature": False})
        assert (claims["organisation"], claims["roles"]) == ("cci-hdf", ["reader"])
        for name in ("sub", "email", "usual_name"):
            assert PERSON[name] not in repr(claims)
        form = {
            "token": given["access_token"],
            "client_id": app.client_id,
            "post_logout_redirect_uri": RETURN,
        }
        away = await gate.http.post("/oauth2/logout", data=form)
        asking = await http.get(away.headers["location"])
        action = re.search(r'action="([^"]+)"', asking.text)
        xsrf = re.search(r'name="xsrf" value="([^"]+)"', asking.text)
        assert action is not None, asking.text
        assert xsrf is not None, asking.text
        ended = await http.post(action[1], data={"xsrf": xsrf[1], "logout": "yes"})
        there = ended.headers["location"]
        assert there.startswith(f"{DOOR}/oauth2/logged-out?state=")
        home = await gate.http.get(there.removeprefix(DOOR))
        assert home.headers["location"] == RETURN


async def test_an_application_with_a_certified_client_signs_somebody_in_with_a_key_of_its_own(
    gate: Opened, app: Partner, node: str
) -> None:
    told = {"url": gate.url, "issuer": DOOR, "client": app.client_id, "returns": RETURN}
    process = await asyncio.create_subprocess_exec(
        node, str(PEERS / "app.mjs"), json.dumps(told), stdin=-1, stdout=-1, stderr=-1
    )
    assert process.stdout is not None
    begin = (await process.stdout.readline()).decode().strip().removeprefix(DOOR)
    browser = Browser(gate, app.client_id)
    async with httpx.AsyncClient() as http:
        callback = await through(http, (await browser.get(begin)).headers["location"])
    back = (await browser.get(callback)).headers["location"]
    out, errors = await process.communicate(f"{back}\n".encode())
    assert process.returncode == 0, errors.decode()
    given = json.loads(out)
    assert (given["token_type"], given["scope"]) == ("dpop", "overviews:read")


async def test_a_code_of_the_issuer_is_good_once(gate: Opened, app: Partner) -> None:
    browser = Browser(gate, app.client_id)
    sent = (await browser.begin()).headers["location"]
    async with httpx.AsyncClient() as http:
        callback = await through(http, sent)
    kept = dict(browser.cookies)
    assert "code" in query((await browser.get(callback)).headers["location"])
    browser.cookies = kept
    again = query((await browser.get(callback)).headers["location"])
    assert (again["error"], again["error_description"]) == ("access_denied", "identity-unsound")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"required": {"acr": ["eidas2"]}}, "claim-missing"),
        ({"required": {"acr": ["eidas1"], "idp_id": ["another"]}}, "claim-missing"),
        ({"organisations": {"21590350100017": "lille"}}, "organisation-unknown"),
        ({"algorithm": "ES256"}, "identity-unsound"),
        ({"client_secret": "another"}, "identity-unsound"),
    ],
)
async def test_what_the_installation_wants_is_looked_at(
    gate: Opened,
    app: Partner,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    reason: str,
) -> None:
    provider = gate.app.own.state.people.providers["proconnect"]
    other = type(provider.described).model_validate(described(provider.described.issuer, **changes))
    browser = Browser(gate, app.client_id)
    async with httpx.AsyncClient() as http:
        callback = await through(http, (await browser.begin()).headers["location"])
    monkeypatch.setattr(provider, "described", other)
    answer = query((await browser.get(callback)).headers["location"])
    assert answer["error_description"] == reason
