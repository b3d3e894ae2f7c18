"""Upstreams made for tests: real sockets that answer with the bytes they are told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Received:
    """One request as the upstream saw it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


Answer = bytes | list[bytes] | Callable[[Received, asyncio.StreamWriter], Awaitable[None]]

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Scripted:
    """Listens; gives each request the next answer (the last one again and again)."""

    answers: list[Answer]
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    open_now: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_now += 1
        mine = self.connections
        try:
            while True:
                request = await read_request(reader, mine)
                if request is None:
                    return
                index = min(len(self.received), len(self.answers) - 1)
                self.received.append(request)
                answer = self.answers[index]
                if callable(answer):
                    await answer(request, writer)
                else:
                    for piece in [answer] if isinstance(answer, bytes) else answer:
                        writer.write(piece)
                        await writer.drain()
                        await asyncio.sleep(0)
                    if b"connection: close" in b"".join(
                        answer if isinstance(answer, list) else [answer]
                    ):
                        return
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_now -= 1
            writer.close()


async def read_request(reader: asyncio.StreamReader, connection: int) -> Received | None:
    """Read one request, its body included; None when the peer left."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name.lower(), value.strip()) for name, value in (x.split(":", 1) for x in lines)]
    body = b""
    named = dict(headers)
    if named.get("transfer-encoding") == "chunked":
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
    elif "content-length" in named:
        body = await reader.readexactly(int(named["content-length"]))
    return Received(method, target, headers, body, connection)


@asynccontextmanager
async def scripted(*answers: Answer, unix: Path | None = None) -> AsyncIterator[Scripted]:
    """Serve the answers on a free port, or on a unix socket."""
    upstream = Scripted(list(answers))
    async with listening(upstream.handle, unix) as upstream.url:
        yield upstream


@asynccontextmanager
async def listening(handler: Handler, unix: Path | None = None) -> AsyncIterator[str]:
    """Give the URL of a socket served by the handler."""
    if unix:
        server = await asyncio.start_unix_server(handler, unix)
        url = f"unix://{unix}"
    else:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield url
    finally:
        server.close()


def ok(body: bytes = b"hello", *headers: bytes) -> bytes:
    """Give a plain 200 with a length."""
    lines = [b"HTTP/1.1 200 OK", b"content-length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
