"""What can be read in two ways, or is out of bounds, never reaches a service (S-M8, F8)."""

import gzip
import json
import logging
from pathlib import Path

import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Scripted, ok, scripted

TO = b"POST /v1/training/echo HTTP/1.1\r\nhost: a\r\n"
CHUNKED = TO + b"transfer-encoding: chunked\r\n\r\n"
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
    "absolute form, same path elsewhere": b"GET http://evil.example/v1/training/echo HTTP/1.1\r\n"
    b"host: a\r\n\r\n",
    "absolute form with a user": b"GET http://a@evil.example/v1/training/echo HTTP/1.1\r\n"
    b"host: a\r\n\r\n",
    "absolute form with no port": b"GET http://a:99999/v1/training/echo HTTP/1.1\r\n"
    b"host: a:99999\r\n\r\n",
    "a host that is elsewhere": b"GET //evil.example/%2e%2e/ HTTP/1.1\r\nhost: a\r\n\r\n",
    "host with a path": b"GET /v1/training/echo HTTP/1.1\r\nhost: a/b\r\n\r\n",
    "host with a user": b"GET /v1/training/echo HTTP/1.1\r\nhost: a@b\r\n\r\n",
    "a fragment": b"GET /v1/training/echo#x HTTP/1.1\r\nhost: a\r\n\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
    "tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nhost: a\r\n\r\n",
    "HTTP/0.9": b"GET /v1/training/echo\r\n\r\n",
    "HTTP/1.0 without host": b"GET /v1/training/echo HTTP/1.0\r\n\r\n",
    "HTTP/1.0 in chunks": b"POST /v1/training/echo HTTP/1.0\r\nhost: a\r\n"
    b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.2": b"GET /v1/training/echo HTTP/1.2\r\nhost: a\r\n\r\n",
    "HTTP/2.0 in words": b"GET /v1/training/echo HTTP/2.0\r\nhost: a\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "method in small letters": b"get /v1/training/echo HTTP/1.1\r\nhost: a\r\n\r\n",
    "method of nobody": b"FROB /v1/training/echo HTTP/1.1\r\nhost: a\r\n\r\n",
    "null in the path": b"GET /v1/training/ec\x00ho HTTP/1.1\r\nhost: a\r\n\r\n",
    "bytes over 127 in the path": b"GET /v1/training/\xc3\xa9 HTTP/1.1\r\nhost: a\r\n\r\n",
    "control in the query": b"GET /v1/training/echo?a=\x01 HTTP/1.1\r\nhost: a\r\n\r\n",
    "space in the path": b"GET /v1/training/e cho HTTP/1.1\r\nhost: a\r\n\r\n",
    "bare carriage return": b"GET /v1/training/echo HTTP/1.1\rhost: a\r\r",
    "carriage return in a header": TO + b"x-a: b\rc\r\n\r\n",
    "header without a name": TO + b": b\r\n\r\n",
    "header without a colon": TO + b"x-a\r\n\r\n",
    "list of lengths": TO + b"content-length: 3, 3\r\n\r\nabc",
    "length past 64 bits": TO + b"content-length: 99999999999999999999\r\n\r\nabc",
    "length in hex": TO + b"content-length: 0x3\r\n\r\nabc",
    "length and identity": TO + b"transfer-encoding: identity\r\ncontent-length: 3\r\n\r\nabc",
    "coding behind a vertical tab": TO + b"transfer-encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "chunk past 64 bits": CHUNKED + b"fffffffffffffffff\r\n",
    "negative chunk": CHUNKED + b"-1\r\n",
    "chunk longer than told": CHUNKED + b"2\r\nabc\r\n0\r\n\r\n",
    "chunks between bare line feeds": CHUNKED + b"3\nabc\n0\n\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
async def test_what_can_be_read_in_two_ways_never_reaches_a_service(
    gate: Opened, behind: Scripted, probe: bytes
) -> None:
    before = len(behind.received)
    raw = await gate.raw(probe, seconds=0.5)
    status = int(raw.split(b" ", 2)[1])
    assert status in {400, 431}, raw
    assert b"content-type: application/problem+json\r\n" in raw
    assert json.loads(raw.partition(b"\r\n\r\n")[2])["status"] == status
    assert len(behind.received) == before
    assert (await gate.http.get("/v1/training/echo")).status_code == 200


async def test_nothing_more_is_read_where_the_length_was_ambiguous(
    gate: Opened, behind: Scripted
) -> None:
    before = len(behind.received)
    raw = await gate.raw(PROBES["stacked coding"] + TO + b"content-length: 0\r\n\r\n")
    assert raw.count(b"HTTP/1.1") == 1
    assert b"framing-ambiguous" in raw
    assert b"connection: close\r\n" in raw
    assert len(behind.received) == before


@pytest.mark.parametrize("probe", ["not HTTP", "an upgrade", "folded header"])
async def test_what_a_client_does_wrong_is_no_warning(
    gate: Opened, caplog: pytest.LogCaptureFixture, probe: str
) -> None:
    upgrade = TO + b"content-length: 0\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
    caplog.set_level(logging.INFO)
    assert await gate.raw(PROBES.get(probe, upgrade), seconds=0.5)
    assert [one.message for one in caplog.records if one.levelno > logging.INFO] == []


PASSING = {
    "length in a header of nobody": TO
    + b"transfer_encoding: chunked\r\ncontent-length: 3\r\n\r\nabc",
    "coding behind a tab": TO + b"transfer-encoding:\tchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "absolute form of ours": b"POST http://a/v1/training/echo HTTP/1.1\r\nhost: a\r\n"
    b"content-length: 3\r\n\r\nabc",
    "HTTP/1.0": b"POST /v1/training/echo HTTP/1.0\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc",
    "line ends before it": b"\r\n\r\n" + TO + b"content-length: 3\r\n\r\nabc",
}


@pytest.mark.parametrize("probe", PASSING.values(), ids=PASSING.keys())
async def test_what_is_odd_with_one_reading_reaches_the_service_in_the_plain_one(
    gate: Opened, behind: Scripted, probe: bytes
) -> None:
    assert (await gate.raw(probe)).startswith(b"HTTP/1.1 200")
    seen = behind.received[-1]
    assert (seen.method, seen.target, seen.body) == ("POST", "/v1/echo", b"abc")
    assert seen.header("transfer_encoding") == []


@pytest.mark.parametrize("protocol", ["h2c", "websocket", "TLS/1.2"])
async def test_no_connection_is_upgraded_and_none_is_kept_after_being_asked(
    gate: Opened, behind: Scripted, protocol: str
) -> None:
    told = f"connection: upgrade, x-hop\r\nupgrade: {protocol}\r\nx-hop: 1\r\n\r\n"
    ask = b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\n" + told.encode()
    before = len(behind.received)
    raw = await gate.raw(ask + b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\n\r\n")
    assert raw.startswith(b"HTTP/1.1 200")
    assert raw.count(b"HTTP/1.1") == 1
    assert b"connection: close" in raw
    assert len(behind.received) == before + 1
    assert behind.received[-1].header("upgrade") == []


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


async def test_what_is_no_http_is_refused_in_the_language_that_could_be_read(gate: Opened) -> None:
    raw = await gate.raw(
        b"POST / HTTP/1.1\r\nhost: a\r\naccept-language: en\r\ncontent-length: x\r\n\r\n"
    )
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    assert b"server:" not in head
    assert json.loads(body)["title"] == "Malformed HTTP message"
    french = await gate.raw(b"nonsense\r\n\r\n")
    assert "mal formé" in french.decode()


async def test_a_packed_body_is_never_unpacked_at_the_door(gate: Opened, behind: Scripted) -> None:
    """A bomb stays as small as it came, and says what it is: the service bounds what it unpacks."""
    bomb = gzip.compress(bytes(50_000_000))
    told = {"content-encoding": "gzip", "content-type": "application/json"}
    answer = await gate.http.post("/v1/training/echo", content=bomb, headers=told)
    assert answer.status_code == 200
    seen = behind.received[-1]
    assert (seen.body, seen.header("content-encoding")) == (bomb, ["gzip"])
