"""The door on a real socket: what it lets pass, what it refuses, and how it says so."""

import asyncio
import json
import logging
from pathlib import Path

import jwt
import pytest

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
        assert got == {
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
        ("PATCH", "/v1/training/echo", (), 405, "method-not-allowed", ("allow", "GET, POST, PUT")),
        ("HEAD", "/v1/training/echo/a", (), 405, None, ("allow", "GET")),
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


PROBES = {
    "two hosts": b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "no host": b"GET /v1/training/echo HTTP/1.1\r\n\r\n",
    "empty host": b"GET /v1/training/echo HTTP/1.1\r\nhost:\r\n\r\n",
    "length and chunked": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n"
    b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\n"
    b"transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n"
    b"content-length: 4\r\n\r\nabcd",
    "two equal lengths": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n"
    b"content-length: 3\r\n\r\nabc",
    "negative length": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
    "plus length": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc",
    "odd coding": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\n"
    b"transfer-encoding: xchunked\r\n\r\n",
    "stacked coding": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\n"
    b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "two codings": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n"
    b"transfer-encoding: identity\r\n\r\n0\r\n\r\n",
    "bad chunk": b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    b"zz\r\n",
    "bare line feed": b"GET /v1/training/echo HTTP/1.1\nhost: a\n\n",
    "folded header": b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\nx-a: b\r\n c\r\n\r\n",
    "space before colon": b"GET /v1/training/echo HTTP/1.1\r\nhost : a\r\n\r\n",
    "control in a header": b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\nx-a: b\x00c\r\n\r\n",
    "70 kB header": b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\nx-a: "
    + b"b" * 70_000
    + b"\r\n\r\n",
    "too many headers": b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\n"
    + b"x-a: b\r\n" * 101
    + b"\r\n",
    "absolute form elsewhere": b"GET http://evil.example/v1/none HTTP/1.1\r\nhost: a\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
async def test_what_can_be_read_in_two_ways_never_reaches_a_service(
    gate: Opened, behind: Scripted, probe: bytes
) -> None:
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    before = len(behind.received)
    raw = await gate.raw(probe, seconds=0.5)
    status = int(raw.split(b" ", 2)[1]) if raw else 400
    assert status in ({404} if probe == PROBES["absolute form elsewhere"] else {400, 431}), raw
    assert len(behind.received) == before
    assert (await gate.http.get("/v1/training/echo")).status_code == 200


async def test_a_bare_bad_host_is_refused_when_the_names_are_known(tmp_path: Path) -> None:
    async with (
        scripted(ok()) as training,
        door(tmp_path, {"training": training.url}, hosts={"vigie.example"}) as gate,
    ):
        good = await gate.http.get("/v1/training/echo", headers={"host": "Vigie.example:443"})
        bad = await gate.http.get("/v1/training/echo", headers={"host": "evil.example"})
        assert (good.status_code, bad.status_code) == (200, 400)
        assert bad.json()["code"] == "host-refused"


async def test_an_upload_over_the_bound_is_refused_whether_its_length_is_told_or_not(
    tmp_path: Path,
) -> None:
    async def body() -> object:
        for _ in range(30):
            yield b"x" * 1000

    async with (
        scripted(ok()) as training,
        door(tmp_path, {"training": training.url}, max_upload_bytes=20_000) as gate,
    ):
        told = await gate.http.post("/v1/training/echo", content=b"x" * 30_000)
        untold = await gate.http.post("/v1/training/echo", content=body())  # type: ignore[arg-type]
        assert [told.status_code, untold.status_code] == [413, 413]
        assert told.json()["code"] == untold.json()["code"] == "upload-too-large"
        assert training.received == []
        fits = await gate.http.post("/v1/training/echo", content=b"x" * 20_000)
        assert fits.status_code == 200


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (b"garbage\r\n\r\n", 502, "upstream-invalid"),
        (ok(b"hello", b"connection: close")[:-5], 502, "upstream-invalid"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, 502, "upstream-invalid"),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", 502, "upstream-invalid"),
        (b"", 504, "upstream-timeout"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", 504, "upstream-timeout"),
    ],
)  # fmt: skip
async def test_an_unusable_answer_is_a_problem_and_the_connection_is_not_reused(
    tmp_path: Path, answer: bytes, status: int, code: str
) -> None:
    async with (
        scripted(answer, ok()) as training,
        door(tmp_path, {"training": training.url}) as gate,
    ):
        headers = {"x-request-deadline": "200"}
        got = await gate.http.get("/v1/training/echo", headers=headers)
        assert (got.status_code, got.json()["code"]) == (status, code)
        assert (await gate.http.get("/v1/training/echo")).status_code == 200
        assert training.connections == 2


async def test_an_answer_cut_in_the_middle_is_cut_for_the_client_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def cut(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 500000\r\n\r\n" + b"x" * 400_000)
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.transport.abort()

    async with scripted(cut) as training, door(tmp_path, {"training": training.url}) as gate:
        raw = await gate.raw(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
        assert raw.startswith(b"HTTP/1.1 200")
        assert len(raw) < 500_000
    assert any(record.getMessage() == "answer cut" for record in caplog.records)


async def test_the_deadline_travels_and_shrinks(tmp_path: Path) -> None:
    async with scripted(ok()) as training, door(tmp_path, {"training": training.url}) as gate:
        await gate.http.get("/v1/training/echo", headers={"x-request-deadline": "1500"})
        await gate.http.get("/v1/training/echo", headers={"x-request-deadline": "soon"})
        told, default = (int(seen.header("x-request-deadline")[0]) for seen in training.received)
        assert 1400 <= told < 1501
        assert default > 15_000


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
async def test_an_answer_without_body_keeps_its_status(tmp_path: Path, status: bytes) -> None:
    made = b'HTTP/1.1 %b\r\netag: "1"\r\ncontent-length: 9\r\n\r\n' % status
    if status.startswith(b"204"):
        made = made.replace(b"content-length: 9\r\n", b"")
    async with scripted(made) as training, door(tmp_path, {"training": training.url}) as gate:
        answer = await gate.http.get("/v1/training/echo")
        assert answer.status_code == int(status[:3])
        assert answer.headers["etag"] == '"1"'


async def test_the_expectation_of_a_large_upload_is_answered_by_the_door(tmp_path: Path) -> None:
    async with scripted(ok()) as training, door(tmp_path, {"training": training.url}) as gate:
        port = int(gate.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"PUT /v1/training/echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
            b"content-length: 3\r\n\r\n"
        )
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
        writer.write(b"abc")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        writer.close()
        assert training.received[0].body == b"abc"
        assert training.received[0].header("expect") == []
