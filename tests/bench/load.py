"""Load on one address: wrk where it is installed, else a small client of our own.

Both keep connections open and send the next request when the answer is whole; loopback only.
"""

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
_PIECE = 1 << 18
KIND = "wrk" if WRK else "own client (install wrk for a stronger one)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers per second, all of them 2xx."""

    rps: float


class LoadFailed(Exception):
    """Some answers were not 2xx: such a run measures nothing."""


async def load(url: str, headers: dict[str, str], *, connections: int, seconds: float) -> Outcome:
    """Ask for the URL again and again on every connection; raises LoadFailed unless all are 2xx."""
    if WRK:
        return await _wrk(url, headers, connections, seconds)
    return await _own(url, headers, connections, seconds)


async def useful(url: str, headers: dict[str, str], *, connections: int, seconds: float) -> float:
    """Return by wrk how many answers per second are 2xx; whoever is refused asks again at once."""
    out = await _shown(url, headers, connections, seconds)
    asked = re.search(r"(\d+) requests in ([\d.]+)s", out)
    if asked is None:
        raise LoadFailed(out)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return (int(asked[1]) - int(refused[1] if refused else 0)) / float(asked[2])


async def _wrk(url: str, headers: dict[str, str], connections: int, seconds: float) -> Outcome:
    out = await _shown(url, headers, connections, seconds)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    if rate is None or "Non-2xx" in out or "Socket errors" in out:
        raise LoadFailed(out)
    return Outcome(float(rate[1]))


async def _shown(url: str, headers: dict[str, str], connections: int, seconds: float) -> str:
    arguments = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    for name, value in headers.items():
        arguments += ["-H", f"{name}: {value}"]
    process = await asyncio.create_subprocess_exec(
        str(WRK), *arguments, url, stdout=asyncio.subprocess.PIPE
    )
    return (await process.communicate())[0].decode()


async def _own(url: str, headers: dict[str, str], connections: int, seconds: float) -> Outcome:
    counts = await asyncio.gather(*(_connection(url, headers, seconds) for _ in range(connections)))
    return Outcome(sum(counts) / seconds)


async def _connection(url: str, headers: dict[str, str], seconds: float) -> int:
    stream = await Stream.open(url, headers)
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        await stream.ask()
        count += 1
    stream.close()
    return count


async def drained(url: str, headers: dict[str, str]) -> AsyncIterator[int]:
    """Yield the bytes of each piece of a streamed answer, which nobody parses: curl costs as much.

    Raises LoadFailed unless it is a 2xx that ends as a chunked body does (RFC 9112 §7.1).
    """
    stream = await Stream.open(url, {**headers, "Connection": "close"})
    async for length in stream.drained():
        yield length
    stream.close()


class Stream:
    """One kept-alive connection to the host of a URL, for one path and method."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes
    ) -> None:
        self._reader, self._writer, self._head = reader, writer, head
        self.head = b""
        """Of the last answer."""

    @classmethod
    async def open(cls, url: str, headers: dict[str, str], method: str = "GET") -> "Stream":
        """Connect; the headers go with every request."""
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        return cls(reader, writer, b"").to(url, headers, method)

    def to(self, url: str, headers: dict[str, str], method: str = "GET") -> "Stream":
        """Ask another path of the same host on this connection."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return Stream(self._reader, self._writer, ("\r\n".join(lines) + "\r\n").encode())

    async def ask(self, body: bytes = b"", *, more: str = "") -> bytes:
        """Send one request, with `more` header lines; raises LoadFailed unless it is a 2xx."""
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self._writer.write(self._head + f"{more}{length}\r\n".encode() + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        size = re.search(rb"(?i)content-length: (\d+)", head)
        if not head.startswith(b"HTTP/1.1 2"):
            raise LoadFailed(head.decode())
        self.head = head
        return await (self._reader.readexactly(int(size[1])) if size else self._chunks())

    async def drained(self) -> AsyncIterator[int]:
        """Send one request and drop its answer as it comes, up to the end of the connection."""
        self._writer.write(self._head + b"\r\n")
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 2"):
            raise LoadFailed(head.decode())
        end = b""
        while piece := await self._reader.read(_PIECE):
            end = (end + piece)[-5:]
            yield len(piece)
        if end != b"0\r\n\r\n":
            raise LoadFailed("the answer broke off")

    async def _chunks(self) -> bytes:
        """Read a body whose length is not known before (RFC 9112 §7.1), without trailers."""
        body = b""
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            body += (await self._reader.readexactly(size + 2))[:size]
        await self._reader.readexactly(2)
        return body

    def close(self) -> None:
        """Drop the connection."""
        self._writer.close()


async def latencies(url: str, headers: dict[str, str], times: int) -> list[float]:
    """Return the milliseconds of each of so many requests, one after the other."""
    stream = await Stream.open(url, headers)
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        await stream.ask()
        found.append((time.perf_counter() - begun) * 1000)
    stream.close()
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value under which that share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
