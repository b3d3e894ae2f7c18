"""Pages of other origins: open data are for all of them, the rest for those that are listed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Scripted, ok, scripted

FRONT = "https://app.hautsdefrance.example"
ELSEWHERE = "https://elsewhere.example"


@pytest.fixture(scope="module")
async def listed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    folder: Path = tmp_path_factory.mktemp("origins")
    async with (
        scripted(ok(b"{}", b'etag: "1"', b"vary: Accept-Language")) as upstream,
        door(
            folder,
            {"training": upstream.url, "diagnostic": upstream.url},
            origins=frozenset({FRONT}),
        ) as gate,
    ):
        yield gate


def asking(origin: str, method: str, *headers: str) -> dict[str, str]:
    asked = {"origin": origin, "access-control-request-method": method}
    return asked | ({"access-control-request-headers": ", ".join(headers)} if headers else {})


@pytest.mark.parametrize("origin", [None, FRONT, ELSEWHERE, "null"])
async def test_any_page_reads_open_data_and_the_headers_that_matter(
    listed: Opened, origin: str | None
) -> None:
    headers = {"origin": origin} if origin else {}
    for method in ("GET", "HEAD"):
        answer = await listed.http.request(method, "/v1/training/echo/a", headers=headers)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] in {"*", origin}
        told = answer.headers["access-control-expose-headers"].split(", ")
        assert {"etag", "link", "content-disposition", "retry-after"} <= set(told)
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin", "for <img>"


@pytest.mark.parametrize("path", ["/v1/training/nothing", "/v1/none", "/v1/training/echo/a%2fb"])
async def test_k5_a_page_reads_refusals_too(listed: Opened, path: str) -> None:
    answer = await listed.http.get(path, headers={"origin": ELSEWHERE})
    assert answer.status_code >= 400
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_k5_a_page_reads_that_the_service_is_away(tmp_path: Path) -> None:
    async with door(tmp_path, {"training": "http://127.0.0.1:9"}) as gate:
        answer = await gate.http.get("/v1/training/echo/a", headers={"origin": ELSEWHERE})
    assert answer.status_code == 502
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_preflight_lets_any_page_ask_for_open_data_with_conditions(listed: Opened) -> None:
    asked = asking(ELSEWHERE, "GET", "If-None-Match", "Range")
    answer = await listed.http.options("/v1/training/echo/a", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert int(answer.headers["access-control-max-age"]) > 0
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [ELSEWHERE, FRONT])
async def test_a_page_may_send_its_trace_and_its_deadline(listed: Opened, origin: str) -> None:
    asked = asking(origin, "GET", "traceparent", "tracestate", "x-request-deadline")
    answer = await listed.http.options("/v1/training/echo/a", headers=asked)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/training/echo/a", asking(ELSEWHERE, "GET", "Authorization")),
        ("/v1/training/echo", asking(ELSEWHERE, "PUT")),
    ],
)
async def test_a_page_that_is_not_listed_sends_no_token_and_writes_nothing(
    listed: Opened, path: str, asked: dict[str, str]
) -> None:
    answer = await listed.http.options(path, headers=asked)
    assert answer.status_code == 400
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "authorization" not in allowed
    assert "PUT" not in answer.headers["access-control-allow-methods"]


async def test_a_page_that_is_not_listed_learns_nothing_of_what_needs_a_token(
    listed: Opened,
) -> None:
    asked = asking(ELSEWHERE, "GET", "Authorization")
    answer = await listed.http.options("/v1/diagnostic/things/7", headers=asked)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers
    headers = {"origin": ELSEWHERE, **listed.bearer("diagnostic:read")}
    answer = await listed.http.get("/v1/diagnostic/things/7", headers=headers)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-site"


async def test_a_listed_page_reads_and_writes_with_its_token(listed: Opened) -> None:
    asked = asking(FRONT, "POST", "authorization", "content-type", "idempotency-key")
    answer = await listed.http.options("/v1/diagnostic/things", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRONT
    assert "Origin" in answer.headers["vary"]
    headers = {"origin": FRONT, **listed.bearer("diagnostic:write")}
    answer = await listed.http.post("/v1/diagnostic/things", headers=headers, json={})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRONT
    assert answer.headers["vary"] == "Accept-Language, Origin"
    assert "etag" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    refused = await listed.http.post("/v1/diagnostic/things", headers={"origin": FRONT}, json={})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == FRONT


async def test_without_a_list_nobody_is_listed(gate: Opened, behind: Scripted) -> None:
    asked = asking("", "GET")
    before = len(behind.received)
    answer = await gate.http.options("/v1/diagnostic/things/7", headers=asked)
    assert (answer.status_code, len(behind.received)) == (405, before)
    assert "access-control-allow-origin" not in answer.headers
