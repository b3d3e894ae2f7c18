"""Limits at the door: who is counted, what is told, and what is refused (S-M6, G7)."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import http_sf
import httpx
import pytest

from gateway.proxy.door import CHAIN, authorise, bound, limit
from gateway.tokens import access
from platformkit.auth import Principal
from tests.gateway.doors import DOCUMENT, Opened, door, item, operation
from tests.gateway.scripted import Scripted, ok, scripted

OPEN = "/v1/training/echo"
PRIVATE = "/v1/diagnostic/things/1"
RATES = {"read": 50, "write": 3, "bulk": 2, "sdmx": 4, "overview": 5, "token": 3}
FAMILIES = {
    "ratelimit", "ratelimit-limit", "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset",
}  # fmt: skip
_numbers = count(1)


def somebody() -> dict[str, str]:
    """Headers of a visitor with an address of their own, as our proxy passes them on."""
    number = next(_numbers)
    return {"x-forwarded-for": f"203.{number // 250}.113.{number % 250}"}


@pytest.fixture(scope="module")
async def upstream() -> AsyncIterator[Scripted]:
    async with scripted(ok()) as one:
        yield one


@pytest.fixture(scope="module")
async def gate(
    upstream: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    classed = {
        f"/v1/training/{kind}": item("training", f"/v1/{kind}", get=operation(kind=kind))
        for kind in ("bulk", "sdmx", "overview")
    }
    paths: dict[str, Any] = DOCUMENT["paths"]  # type: ignore[assignment]  # among texts
    tokens = {"/oauth2/token": {"post": operation(kind="token")}}
    told: dict[str, Any] = {
        "document": {**DOCUMENT, "paths": {**paths, **classed, **tokens}},
        "rate_factor": 1,
        "plans": {"standard": {"rates": RATES}},
        "address_rates": RATES | {"refusal": 6},
        "trusted_proxies": ["127.0.0.1/32"],
    }
    upstreams = {"training": upstream.url, "diagnostic": upstream.url}
    async with door(tmp_path_factory.mktemp("limits"), upstreams, **told) as opened:
        yield opened


def fields(answer: httpx.Response) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parse both fields of the IETF's draft as RFC 9651 says."""
    policies: Any = http_sf.parse(answer.headers["ratelimit-policy"].encode(), tltype="list")
    limits: Any = http_sf.parse(answer.headers["ratelimit"].encode(), tltype="list")
    return dict(policies), dict(limits)


async def test_g7_of_200_at_once_exactly_50_pass(gate: Opened, upstream: Scripted) -> None:
    before, visitor = len(upstream.received), somebody()
    answers = await asyncio.gather(*(gate.http.get(OPEN, headers=visitor) for _ in range(200)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(429)) == (50, 150)
    assert len(upstream.received) - before == 50
    left = sorted(int(answer.headers["ratelimit-remaining"]) for answer in answers)
    assert left == [*[0] * 150, *range(50)]


async def test_s_m6_every_answer_tells_both_families(gate: Opened) -> None:
    answer = await gate.http.get(OPEN, headers=somebody())
    assert answer.headers["ratelimit-limit"] == "50"
    assert answer.headers["ratelimit-remaining"] == "49"
    assert 0 < int(answer.headers["ratelimit-reset"]) - time.time() <= 61, "an instant"
    policies, limits = fields(answer)
    assert policies == {"address-read": {"q": 50, "w": 60}}
    assert limits == {"address-read": {"r": 49, "t": 60}}


async def test_s_m6_a_refusal_says_which_limit_and_when_to_come_back(gate: Opened) -> None:
    visitor = somebody()
    for _ in range(2):
        assert (await gate.http.get("/v1/training/bulk", headers=visitor)).status_code == 200
    english = visitor | {"accept-language": "en"}
    answer = await gate.http.get("/v1/training/bulk", headers=english)
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "too-many-requests"
    assert problem["violated-policies"] == ["address-bulk"]
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["retry-after"] in problem["detail"]
    assert fields(answer)[1]["address-bulk"]["r"] == 0
    assert answer.headers.get_list("ratelimit-remaining") == ["0"], "told once"
    assert answer.headers["access-control-allow-origin"] == "*", "pages read it too"
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {*FAMILIES, "retry-after"} <= set(exposed)
    french = await gate.http.get("/v1/training/bulk", headers=visitor)
    assert french.json()["title"] == "Trop de requêtes"


async def test_each_class_is_counted_apart(gate: Opened) -> None:
    visitor = somebody()
    for kind in ("bulk", "sdmx", "overview"):
        asked = [await gate.http.get(f"/v1/training/{kind}", headers=visitor) for _ in range(7)]
        passed = [answer.status_code for answer in asked].count(200)
        assert passed == RATES[kind], kind
    assert (await gate.http.get(OPEN, headers=visitor)).status_code == 200


async def test_a_client_is_counted_wherever_it_calls_from(gate: Opened) -> None:
    token = gate.signed_for("two-offices", "diagnostic:write", "diagnostic:read", tenant="t1")
    statuses = []
    for _ in range(5):
        here = token | somebody()
        answer = await gate.http.post("/v1/diagnostic/things", headers=here, json={})
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 200, 429, 429]
    policies, _ = fields(answer)
    assert policies == {"client-write": {"q": 3, "w": 60}, "organisation-write": {"q": 6, "w": 60}}
    other = await gate.http.get(PRIVATE, headers=token)
    assert other.status_code == 200, "reads are another class"


async def test_the_clients_of_an_organisation_share_its_limit(gate: Opened) -> None:
    statuses = []
    for number in range(4):
        token = gate.signed_for(f"service-{number}", "diagnostic:write", tenant="t2")
        for _ in range(2):
            answer = await gate.http.post("/v1/diagnostic/things", headers=token, json={})
            statuses.append(answer.status_code)
    assert statuses == [200] * 6 + [429] * 2
    assert answer.json()["violated-policies"] == ["organisation-write"]


async def test_one_person_has_half_of_the_application_s_rate(gate: Opened) -> None:
    app = Principal(gate.settings.issuer, "portal", "pupil-7", "", scopes=frozenset())
    told = {"issuer": gate.settings.issuer, "audience": gate.settings.audience}
    token, _ = access.sign(gate.app.own.state.keys, **told, caller=app, seconds=60)
    answer = await gate.http.get(OPEN, headers={"authorization": f"Bearer {token}"})
    policies, limits = fields(answer)
    assert policies == {"client-read": {"q": 50, "w": 60}, "person-read": {"q": 25, "w": 60}}
    assert limits["person-read"]["r"] == 24
    other, _ = access.sign(
        gate.app.own.state.keys, **told, caller=replace(app, subject="pupil-8"), seconds=60
    )
    answer = await gate.http.get(OPEN, headers={"authorization": f"Bearer {other}"})
    assert fields(answer)[1]["person-read"]["r"] == 24, "another person, another count"


async def test_one_caller_that_asks_too_much_takes_nothing_from_another(gate: Opened) -> None:
    greedy, modest = somebody(), somebody()

    async def ask(who: dict[str, str]) -> int:
        return (await gate.http.get(OPEN, headers=who)).status_code

    hard = [asyncio.create_task(ask(greedy)) for _ in range(120)]
    soft = [asyncio.create_task(ask(modest)) for _ in range(50)]
    assert [await task for task in hard].count(200) == 50
    assert [await task for task in soft].count(200) == 50


async def test_token_endpoints_have_a_tight_limit_of_their_own(gate: Opened) -> None:
    """Brute force of secrets; it is by address, so that nobody can shut a client out (API2)."""
    guesser = somebody()
    form = {"grant_type": "client_credentials", "client_id": "demo", "client_secret": "guess"}
    statuses = []
    for _ in range(5):
        answer = await gate.http.post("/oauth2/token", data=form, headers=guesser)
        statuses.append(answer.status_code)
    assert statuses == [503, 503, 503, 429, 429], "503: there is no database here"
    assert answer.json()["violated-policies"] == ["address-token"]
    elsewhere = await gate.http.post("/oauth2/token", data=form, headers=somebody())
    assert elsewhere.status_code == 503


async def test_what_the_door_refuses_is_counted_for_the_address_alone(gate: Opened) -> None:
    visitor = somebody()
    forged = visitor | {"authorization": "Bearer forged"}
    paths = ["/v1/none", PRIVATE, PRIVATE, "/v1/training/echo/a%2fb", PRIVATE, PRIVATE, PRIVATE]
    answers = [await gate.http.get(path, headers=forged) for path in paths]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [404, 401, 401, 400, 401, 401, 429]
    assert set(answers[0].headers) >= FAMILIES
    assert fields(answers[0])[1]["address-refusal"]["r"] == 5
    assert answers[-1].json()["violated-policies"] == ["address-refusal"]
    sound = visitor | gate.bearer("diagnostic:read")
    good = await gate.http.get(PRIVATE, headers=sound)
    assert good.status_code == 200, "a neighbour behind the same address goes on"


async def test_who_may_not_is_refused_before_it_is_counted() -> None:
    assert CHAIN.index(authorise) < CHAIN.index(limit) < CHAIN.index(bound)


async def test_health_is_exempt_and_the_door_s_own_pages_are_counted(gate: Opened) -> None:
    visitor = somebody()
    for path in ("/livez", "/version"):
        asked = [await gate.http.get(path, headers=visitor) for _ in range(60)]
        assert {answer.status_code for answer in asked} == {200}
        assert FAMILIES.isdisjoint(asked[0].headers)
    page = await gate.http.get("/openapi.json", headers=visitor)
    assert page.headers["ratelimit-remaining"] == "49"


async def test_an_address_that_no_proxy_of_ours_has_told_is_not_believed(
    upstream: Scripted, tmp_path: Path
) -> None:
    told = {"rate_factor": 1, "address_rates": RATES}
    async with door(tmp_path, {"training": upstream.url}, **told) as gate:
        left = [
            (await gate.http.get(OPEN, headers=somebody())).headers["ratelimit-remaining"]
            for _ in range(3)
        ]
    assert left == ["49", "48", "47"]


async def test_an_answer_that_fails_after_it_was_counted_tells_its_limits(gate: Opened) -> None:
    token = gate.signed_for("large", "diagnostic:write", tenant="t3")
    large = token | {"content-length": str(10**12)}
    said = b"".join(b"%b: %b\r\n" % (k.encode(), v.encode()) for k, v in large.items())
    got = await gate.raw(b"POST /v1/diagnostic/things HTTP/1.1\r\nhost: x\r\n" + said + b"\r\n")
    assert got.startswith(b"HTTP/1.1 413")
    assert b"ratelimit-remaining: 2\r\n" in got


async def test_all_rates_are_turned_down_at_once(upstream: Scripted, tmp_path: Path) -> None:
    told = {"rate_factor": 0.1, "address_rates": RATES}
    async with door(tmp_path, {"training": upstream.url}, **told) as gate:
        answer = await gate.http.get(OPEN)
    assert answer.headers["ratelimit-limit"] == "5"


async def test_no_address_is_logged_or_kept(gate: Opened, caplog: pytest.LogCaptureFixture) -> None:
    visitor = {"x-forwarded-for": "198.51.100.77"}
    for _ in range(8):
        await gate.http.get("/v1/none", headers=visitor)
    limits = gate.app.own.state.limits
    assert len(limits._windows) > 0
    kept = repr([*limits._windows._of_strangers]) + repr(vars(limits)) + caplog.text
    assert "198.51.100.77" not in kept
    assert b"\xc6\x33\x64\x4d" not in b"".join(limits._windows._of_strangers), "nor its four bytes"


async def test_preflights_count_as_reads_of_their_address(
    upstream: Scripted, tmp_path: Path
) -> None:
    told = {"rate_factor": 1, "address_rates": RATES}
    headers = {"origin": "https://a.example", "access-control-request-method": "GET"}
    async with door(tmp_path, {"training": upstream.url}, **told) as gate:
        answers = [await gate.http.options(OPEN, headers=headers) for _ in range(RATES["read"] + 1)]
        page = await gate.http.get(OPEN)
    assert [one.status_code for one in answers] == [200] * RATES["read"] + [429]
    assert answers[-1].json()["code"] == "too-many-requests"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert page.status_code == 429, "they are the same count"
