"""The head of an answer and the first piece of its body in one write: one packet, one wake-up.

uvloop writes at once, so that uvicorn's two writes are two packets, and whoever reads them wakes up
twice. `Protocol` relies on what uvicorn does not promise to keep: `test_joined.py` tells.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Joined:
    """What an answer is written to; its head waits for its body, until the loop turns.

    A service that has the body at once has it sent with the head; nobody waits for one that comes
    later. It stands for the transport of one answer, in what uvicorn asks of that.
    """

    __slots__ = ("_begun", "_done", "_later", "_loop", "_transport", "_waiting")

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        done: Callable[[], None],
    ) -> None:
        self._transport, self._loop, self._done = transport, loop, done
        self._begun = False
        self._waiting = b""
        self._later: asyncio.Handle | None = None

    def write(self, data: bytes) -> None:
        """Keep what is written first, for what is written next."""
        if self._begun:
            self._transport.write(self._taken() + data if self._waiting else data)
        else:
            self._begun = True
            self._waiting = data
            self._later = self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Close the connection, after what was written."""
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Tell whether it is closed, or will be."""
        return self._transport.is_closing()

    def complete(self) -> None:
        """End the answer: what comes next on the connection finds all of it written."""
        self._flush()
        self._done()

    def _flush(self) -> None:
        if self._waiting:
            self._transport.write(self._taken())

    def _taken(self) -> bytes:
        taken, self._waiting = self._waiting, b""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        return taken


def join(protocol: HttpToolsProtocol) -> None:
    """Have the answer to the request that came last written so."""
    cycle = protocol.cycle
    joined = Joined(protocol.transport, protocol.loop, protocol.on_response_complete)
    cycle.transport = cast("asyncio.Transport", joined)
    cycle.on_response = joined.complete


class Protocol(HttpToolsProtocol):
    """uvicorn's, with answers written so: `uvicorn --http platformkit.joined:Protocol`."""

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:  # as it stays where a connection is upgraded
            join(self)
