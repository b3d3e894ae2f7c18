"""What can be read in two ways, or is out of bounds, never reaches a service."""

import json
import logging
from pathlib import Path

import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Scripted, ok, scripted

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
    status = int(raw.split(b" ", 2)[1])
    assert status in ({404} if probe == PROBES["absolute form elsewhere"] else {400, 431}), raw
    assert b"content-type: application/problem+json\r\n" in raw
    assert json.loads(raw.partition(b"\r\n\r\n")[2])["status"] == status
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
