"""Services whose every answer takes 5 ms, and the barest door that asks several of them at once.

Both are what they are on uvloop without any framework: of the time and the processor of a measured
fan-out, theirs is as little as Python lets it be. Each part notes how long it took at its service,
under the trace that asked for it; `GET /noted` gives the longest of each trace, and forgets.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import orjson

PART_SECONDS = 0.005
_END = b"\r\n\r\n"
_TRACE = re.compile(rb"\r\ntraceparent: 00-([0-9a-f]{32})-")
_LENGTH = re.compile(rb"content-length: (\d+)")
_ITEMS = [{"code": f"M{number}", "label": "x" * 60} for number in range(20)]
_BODY = orjson.dumps({"items": _ITEMS, "groups": [], "query": {"matched": "all"}, "total": 20})

Connect = Callable[[], asyncio.Protocol]


def _ok(body: bytes, *lines: bytes) -> bytes:
    head = (b"HTTP/1.1 200 OK", b"content-type: application/json", *lines)
    return b"\r\n".join((*head, b"content-length: %d" % len(body))) + _END + body


class _Whole(asyncio.Protocol):
    """One connection whose messages are told one by one; those that ask have no body."""

    _ends = False

    def __init__(self) -> None:
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # as loops give it

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(_END)) >= 0:
            size = _LENGTH.search(self._data, 0, end)
            whole = end + len(_END) + (int(size[1]) if size else 0)
            if len(self._data) < whole:
                return
            message, self._data = self._data[:whole], self._data[whole:]
            self.told(message)

    def told(self, message: bytes) -> None:
        """Take a whole message."""
        raise NotImplementedError


class Noted:
    """The longest of the parts of each trace, in milliseconds."""

    def __init__(self) -> None:
        self.longest: dict[str, float] = {}
        self._direct = 0

    def named(self) -> tuple[str, bytes]:
        """Name the trace of whoever asks without one, in the answer, too."""
        self._direct += 1
        name = f"{self._direct:032x}"
        return name, _ok(_BODY, b"traceresponse: 00-%b-0000000000000001-00" % name.encode())

    def connect(self) -> asyncio.Protocol:
        """Take a connection."""
        return _Part(self)


class _Part(_Whole):
    """A connection to a service that takes 5 ms for any answer."""

    def __init__(self, noted: Noted) -> None:
        super().__init__()
        self._noted, self._loop = noted, asyncio.get_running_loop()

    def told(self, message: bytes) -> None:
        if message.startswith(b"GET /noted "):
            longest, self._noted.longest = self._noted.longest, {}
            self.transport.write(_ok(orjson.dumps(longest)))
            return
        trace = _TRACE.search(message)
        name, answer = (trace[1].decode(), _PART) if trace else self._noted.named()
        self._loop.call_later(PART_SECONDS, self._answer, answer, name, time.perf_counter())

    def _answer(self, answer: bytes, trace: str, since: float) -> None:
        took = (time.perf_counter() - since) * 1000  # the loop's own clock counts whole ones
        self.transport.write(answer)
        longest = self._noted.longest
        longest[trace] = max(took, longest.get(trace, 0.0))


_PART = _ok(_BODY)


class Fan:
    """A door that asks so many parts of one service for every request, and joins their bodies."""

    def __init__(self, url: str, parts: int) -> None:
        address = urlsplit(url)
        self.parts, self.host, self.port = parts, address.hostname or "", address.port or 0
        self.asked = 0

    def connect(self) -> asyncio.Protocol:
        """Take a connection, which has connections of its own to the service."""
        return _Client(self)


class _Client(_Whole):
    def __init__(self, fan: Fan) -> None:
        super().__init__()
        self._fan = fan
        self._parts: Sequence[_Asked] = ()
        self._bodies: list[bytes] = []
        self._head = b""
        self._opening: asyncio.Task[None] | None = None

    def told(self, message: bytes) -> None:  # noqa: ARG002  # any request is the same
        if self._parts:
            self._ask()
        else:
            self._opening = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        loop, fan = asyncio.get_running_loop(), self._fan
        made = [
            await loop.create_connection(lambda: _Asked(self), fan.host, fan.port)
            for _ in range(fan.parts)
        ]
        self._parts = [protocol for _, protocol in made]
        self._ask()

    def _ask(self) -> None:
        self._fan.asked += 1
        trace = b"00-%032x-0000000000000001-00" % self._fan.asked
        head = b"GET / HTTP/1.1\r\nhost: x\r\ntraceparent: " + trace + _END
        self._head = b"traceresponse: " + trace
        for part in self._parts:
            part.transport.write(head)

    def came(self, body: bytes) -> None:
        self._bodies.append(body)
        if len(self._bodies) == len(self._parts):
            self.transport.write(_ok(b"[" + b",".join(self._bodies) + b"]", self._head))
            self._bodies.clear()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's
        for part in self._parts:
            part.transport.close()


class _Asked(_Whole):
    def __init__(self, client: _Client) -> None:
        super().__init__()
        self._client = client

    def told(self, message: bytes) -> None:
        self._client.came(message.partition(_END)[2])
