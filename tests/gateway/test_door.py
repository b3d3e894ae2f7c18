"""The door on a real socket: what it lets pass, what it refuses, and how it says so."""

import json
import logging
from pathlib import Path

import jwt
import pytest

from platformkit.logs import JsonLines
from tests.gateway.doors import UPSTREAM_KEY, Opened, door
from tests.gateway.scripted import Received, Scripted, ok, scripted


def claims_of(seen: Received, service: str) -> dict[str, object]:
    (authorization,) = seen.header("authorization")
    claims: dict[str, object] = jwt.decode(
        authorization.removeprefix("Bearer "), UPSTREAM_KEY, algorithms=["HS256"], audience=service
    )
    return claims


async def test_open_data_passes_without_a_token_and_the_service_learns_that_nobody_asks(
    tmp_path: Path,
) -> None:
    async with (
        scripted(ok(b'{"a":1}', b"content-type: application/json", b"server: x")) as training,
        door(tmp_path, {"training": training.url}) as gate,
    ):
        answer = await gate.http.get("/v1/training/echo/a%20b?q=%C3%A9&r=1")
        assert (answer.status_code, answer.json()) == (200, {"a": 1})
        (seen,) = training.received
        assert seen.target == "/v1/echo/a%20b?q=%C3%A9&r=1"
        claims = claims_of(seen, "training")
        assert (claims["client_id"], claims["tenant"], claims["scope"]) == ("", "", "")


async def test_what_stands_in_an_open_path_comes_into_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A share link's token is in its path: only the template may be written."""
    caplog.set_level(logging.DEBUG)
    async with (
        scripted(ok(b"{}")) as training,
        door(tmp_path, {"training": training.url}) as gate,
    ):
        for path in ("/v1/training/echo/s3cret", "/v1/training/nothing/s3cret"):
            await gate.http.get(path)
        assert b"s3cret" in training.received[0].target.encode()
    records = [one for one in caplog.records if not one.name.startswith("http")]  # not the client's
    written = [JsonLines("gateway").format(one) for one in records]
    assert any("/v1/training/echo/{" in one for one in written)
    assert not [one for one in written if "s3cret" in one]


async def test_a_service_learns_who_calls_from_a_token_made_for_it_alone(tmp_path: Path) -> None:
    async with (
        scripted(ok()) as diagnostic,
        door(tmp_path, {"diagnostic": diagnostic.url}) as gate,
    ):
        headers = gate.bearer("diagnostic:read", tenant="cci-hdf")
        for _ in range(2):
            answer = await gate.http.get("/v1/diagnostic/things/7", headers=headers)
            assert answer.status_code == 200
        first, second = (claims_of(seen, "diagnostic") for seen in diagnostic.received)
        assert first["tenant"] == "cci-hdf"
        assert first["client_id"] == first["sub"] == "demo"
        assert first["roles"] == ["partner"]
        assert first["scope"] == "diagnostic:read"
        assert first["iss"] == "gateway"
        assert int(str(first["exp"])) - int(str(first["iat"])) <= 60
        assert first == second, "minted once for the same caller and service"


async def test_a_service_sees_exactly_these_headers(tmp_path: Path) -> None:
    sent = {
        "accept": "application/json",
        "accept-language": "en",
        "if-none-match": '"1"',
        "if-match": '"2"',
        "user-agent": "test",
        "connection": "keep-alive, if-match",
        "x-user": "root",
        "x_user_id": "root",
        "x-forwarded-for": "8.8.8.8",
        "x-forwarded-host": "evil.example",
        "forwarded": "for=8.8.8.8",
        "x-real-ip": "8.8.8.8",
        "x-original-url": "/admin",
        "x-http-method-override": "DELETE",
        "cookie": "a=b",
        "baggage": "tenant=ac-lyon",
        "tracestate": "a=b",
        "traceparent": "00-11111111111111111111111111111111-2222222222222222-01",
        "te": "trailers",
        "upgrade": "h2c",
        "proxy-authorization": "Basic eA==",
    }
    async with (
        scripted(ok()) as training,
        door(tmp_path, {"training": training.url}) as gate,
    ):
        await gate.http.get("/v1/training/echo", headers=sent)
        (seen,) = training.received
        assert sorted(name for name, _ in seen.headers) == [
            "accept",
            "accept-encoding",
            "accept-language",
            "authorization",
            "host",
            "if-none-match",
            "traceparent",
            "user-agent",
            "x-request-deadline",
        ]
        assert seen.header("host") == [training.url.removeprefix("http://")]
        assert not seen.header("traceparent")[0].startswith("00-1111")


async def test_a_client_sees_no_header_of_the_hop_and_addresses_as_it_knows_them(
    tmp_path: Path,
) -> None:
    made = ok(
        b"{}",
        b"content-type: application/json",
        b"location: /v1/things/7",
        b'link: </v1/things?after=x>; rel="next"',
        b'etag: "3"',
        b"server: uvicorn",
        b"x-powered-by: x",
        b"set-cookie: a=b",
        b"connection: x-hop",
        b"x-hop: 1",
        b"keep-alive: timeout=5",
    )
    elsewhere = ok(b"", b"location: https://evil.example/")
    async with (
        scripted(made, elsewhere) as diagnostic,
        door(tmp_path, {"diagnostic": diagnostic.url}) as gate,
    ):
        headers = gate.bearer("diagnostic:write")
        answer = await gate.http.post("/v1/diagnostic/things", headers=headers, json={"a": 1})
        assert diagnostic.received[0].body == b'{"a":1}'
        got = dict(answer.headers)
        assert got.pop("date")
        assert got.pop("traceresponse").startswith("00-")
        assert got.pop("server-timing")
        limits = {name for name in got if name.startswith("ratelimit")}
        assert len(limits) == 5
        assert {name: value for name, value in got.items() if name not in limits} == {
            "content-length": "2",
            "content-type": "application/json",
            "location": "/v1/diagnostic/things/7",
            "link": '</v1/diagnostic/things?after=x>; rel="next"',
            "etag": '"3"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
            "cross-origin-resource-policy": "same-site",
        }
        answer = await gate.http.post("/v1/diagnostic/things", headers=headers, json={})
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "scopes", "status", "code", "header"),
    [
        ("GET", "/v1/none", (), 404, "route-unknown", None),
        ("GET", "/v1/training/echo/", (), 404, "route-unknown", None),
        ("GET", "/v1/training/echo/a/b", (), 404, "route-unknown", None),
        ("GET", "/nothing", (), 404, "route-unknown", None),
        ("PATCH", "/v1/training/echo", (), 405, None, ("allow", "GET, HEAD, POST, PUT")),
        ("PUT", "/v1/training/echo/a", (), 405, "method-not-allowed", ("allow", "GET, HEAD")),
        ("PUT", "/oauth2/token", (), 405, "method-not-allowed", ("allow", "POST")),
        ("GET", "/v1/diagnostic/things/1", None, 401, "token-refused", None),
        (
            "GET",
            "/v1/diagnostic/things/1",
            ("diagnostic:write",),
            403,
            "scope-missing",
            (
                "www-authenticate",
                'Bearer realm="vigie", error="insufficient_scope", scope="diagnostic:read"',
            ),
        ),
        ("DELETE", "/v1/diagnostic/things/1", ("diagnostic:write",), 403, "scope-missing", None),
        ("GET", "/v1/training/echo//x", (), 400, "path-refused", None),
        ("GET", "/v1/training/../diagnostic/things/1", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/%2e%2e/x", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/%2E%2E", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/a%2fb", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/a%5Cb", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/a%00b", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/a%0Ab", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/%ff", (), 400, "path-refused", None),
        ("GET", "/v1/training/echo/a\\b", (), 400, "path-refused", None),
    ],
)
async def test_the_door_refuses_with_a_problem(
    gate: Opened,
    behind: Scripted,
    method: str,
    path: str,
    scopes: tuple[str, ...] | None,
    status: int,
    code: str | None,
    header: tuple[str, str] | None,
) -> None:
    before = len(behind.received)
    authorization = (
        b"authorization: Bearer %b\r\n" % gate.token(*scopes).encode()
        if scopes is not None
        else b""
    )
    head = f"{method} {path} HTTP/1.1\r\nhost: x\r\naccept-language: en\r\n".encode()
    raw = await gate.raw(head + b"connection: close\r\n" + authorization + b"\r\n")
    first, _, rest = raw.partition(b"\r\n")
    assert int(first.split()[1]) == status, raw
    headers = dict(
        line.split(": ", 1) for line in rest.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    )
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    if code is not None:
        problem = json.loads(raw.partition(b"\r\n\r\n")[2])
        assert problem["code"] == code
        assert problem["trace_id"] == headers["traceresponse"].split("-")[1]
    if header is not None:
        assert headers[header[0]] == header[1]
    assert len(behind.received) == before


async def test_problems_of_the_door_speak_the_language_asked(tmp_path: Path) -> None:
    async with door(tmp_path, {"training": "http://127.0.0.1:9"}) as gate:
        french = (await gate.http.get("/v1/training/echo")).json()
        english = (
            await gate.http.get("/v1/training/echo", headers={"accept-language": "en"})
        ).json()
        assert french["detail"] == "Le service training ne répond pas."
        assert english["detail"] == "Service training does not answer."
        assert french["code"] == english["code"] == "upstream-unreachable"
        assert french["status"] == 502


async def test_a_service_that_is_not_configured_is_unreachable(tmp_path: Path) -> None:
    async with door(tmp_path, {}) as gate:
        answer = await gate.http.get("/v1/training/echo")
        assert (answer.status_code, answer.json()["code"]) == (502, "upstream-unreachable")


async def test_only_a_verified_client_s_trace_is_continued(gate: Opened, behind: Scripted) -> None:
    theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
    parent = {"traceparent": f"00-{theirs}-00f067aa0ba902b7-01"}
    stranger = await gate.http.get("/v1/training/echo", headers=parent)
    forger = await gate.http.get(
        "/v1/training/echo", headers=parent | {"authorization": "Bearer x"}
    )
    partner = await gate.http.get("/v1/training/echo", headers=parent | gate.bearer())
    joined = [
        answer.headers["traceresponse"].split("-")[1] == theirs
        for answer in (stranger, forger, partner)
    ]
    assert joined == [False, False, True]
    assert behind.received[-1].header("traceparent")[0].split("-")[1] == theirs
