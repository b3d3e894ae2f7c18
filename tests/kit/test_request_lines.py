"""The lines of requests: those that the formatter would make, written a few at a time, in order."""

import asyncio
import io
import logging
from collections.abc import Iterator

import orjson
import pytest

from platformkit import logs, telemetry
from platformkit.logs import JsonLines, Lines
from platformkit.telemetry import Trace


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    monkeypatch.setattr(logging.root, "handlers", [Lines(stream, "gateway")])
    level = logging.root.level
    logging.root.setLevel("INFO")
    yield stream
    logging.root.setLevel(level)


def trace(route: str | None = None, cache: str | None = None) -> Trace:
    begun = telemetry.start("", None, ratio=0, joins=False)
    begun.route, begun.cache = route, cache
    return begun


@pytest.mark.parametrize(("route", "cache"), [(None, None), ('/v1/é"/{x}', None), ("/v1/x", "hit")])
async def test_a_line_is_what_the_formatter_makes_of_its_fields(
    written: io.StringIO, route: str | None, cache: str | None
) -> None:
    begun = trace(route, cache)
    logs.request(begun, "GET", 200, 0.0123456)
    logs.flush()
    fields = {"http.request.method": "GET", "http.route": route, "http.response.status_code": 200}
    fields |= {"vigie.cache": cache} if cache else {}
    record = logging.makeLogRecord(
        {
            "name": "platformkit.requests",
            "levelname": "INFO",
            "msg": "request",
            **fields,
            "ms": 12.35,
        }
    )
    wanted = orjson.loads(JsonLines("gateway").format(record))
    found = orjson.loads(written.getvalue())
    at, _ = found.pop("at"), wanted.pop("at")
    assert (found, list(found)) == (wanted, list(wanted))
    assert len(at) == len("2026-11-27T10:00:00.000+00:00")


async def test_they_wait_for_each_other_and_keep_their_place_among_events(
    written: io.StringIO,
) -> None:
    logs.request(trace("/first"), "GET", 200, 0.1)
    assert written.getvalue() == ""
    logging.getLogger("x").warning("between")
    logs.request(trace("/second"), "GET", 200, 0.1)
    assert written.getvalue().count("\n") == 2
    async with asyncio.timeout(30):
        while "/second" not in written.getvalue():  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0.01)
    seen = [orjson.loads(line) for line in written.getvalue().splitlines()]
    assert [one.get("http.route") or one["message"] for one in seen] == [
        "/first",
        "between",
        "/second",
    ]


async def test_many_are_written_before_their_time(written: io.StringIO) -> None:
    for _ in range(600):
        logs.request(trace(), "GET", 200, 0.1)
    assert written.getvalue().count("\n") >= 512


async def test_who_has_other_handlers_hears_of_requests_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    logs.request(trace("/v1/x"), "GET", 200, 0.1)
    (record,) = caplog.records
    assert vars(record)["http.route"] == "/v1/x"
