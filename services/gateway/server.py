"""The gateway's HTTP protocol: what a client asks for again is answered before it is read.

`uvicorn --http gateway.server:Protocol`.
"""

import asyncio
from typing import cast

from starlette.types import Scope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from gateway.connection import Connection
from gateway.repeats.service import Repeats
from gateway.straight.service import Straight
from gateway.straight.way import Manner, Way

_END = b"\r\n\r\n"


class Protocol(Connection):
    """One connection of a client; its app's memories say what need not be read."""

    _head: bytes | None = None
    """Of the one request that came since the last answer, and came at once."""

    manner: tuple[bytes, Manner] | None = None
    """How it asked last, where that is known."""

    _passage: Way | None = None
    """The request that was passed straight, and is not answered yet."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Ask the app for its memories."""
        self._repeats: Repeats | None = getattr(self.app, "repeats", None)
        self._straight: Straight | None = getattr(self.app, "straight", None)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up what was passed straight."""
        if self._passage is not None:
            self._passage.give_up()
            self._passage = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what no kept answer is known for, and what cannot be passed straight."""
        if self._is_refused:
            return
        self._head = None
        if self._passage is not None:
            self.take_back()  # what comes now waits behind it, as uvicorn has it
        elif self._repeats is not None and self._is_inside and self._is_between():
            data = self._answer_at_once(self._repeats, data)
            if not data:
                return
            if data.find(_END) == len(data) - len(_END):
                if self._pass_straight(data):
                    return
                self._head = data
        self._read(data)

    def _is_between(self) -> bool:
        """Tell whether what comes now begins a request, and nothing is to be answered before it."""
        if self._pending or self.flow.write_paused or self.transport.is_closing():
            return False
        cycle = self.cycle
        return cycle is None or (self._awaited is None and cycle.response_complete)

    def _answer_at_once(self, repeats: Repeats, data: bytes) -> bytes:
        """Answer the heads whose answers are kept; returns the rest, from the first other on."""
        peer = self.client[0] if self.client else ""
        answers: list[bytes] = []
        size = 0
        while data and len(answers) < self._patience.pipelined and size < HIGH_WATER_LIMIT:
            end = data.find(_END) + len(_END)
            head, rest = (data, b"") if end == len(data) else (data[:end], data[end:])
            is_bare = self._straight is not None and self._straight.knows(head, self)
            answer = repeats.answer(head, peer, self.server_state.default_headers, is_bare=is_bare)
            if answer is None:
                break
            answers.append(answer)
            size += len(answer)
            data = rest
        if answers:
            self._unset_keepalive_if_required()  # set when uvicorn itself answered last
            self.transport.write(answers[0] if len(answers) == 1 else b"".join(answers))
            self.server_state.total_requests += len(answers)
            self._awaited = None
            self.idle_since = self.loop.time()
        return data

    def _pass_straight(self, head: bytes) -> bool:
        """Send on what need not be read, where that is possible."""
        peer = self.client[0] if self.client else ""
        passage = self._straight.begin(head, peer, self) if self._straight else None
        if passage is None:
            return False
        self._unset_keepalive_if_required()
        self._awaited = self.idle_since = None
        self._passage = passage
        passage.listen()
        return True

    def answer(self, data: bytes) -> None:
        """Send the answer to what was passed straight."""
        self._passage = None
        self.transport.write(data)
        self.server_state.total_requests += 1
        self.idle_since = self.loop.time()

    def take_back(self) -> None:
        """Read what was passed straight, and have the chain go on with it."""
        passage, self._passage = self._passage, None
        before = self.cycle
        if passage is not None:
            self._parse(passage.head)
            if self.cycle is before:
                passage.give_up()
            else:
                passage.go_on(cast("Scope", self.cycle.scope))

    def shutdown(self) -> None:
        """Close after what is under way."""
        self.take_back()
        super().shutdown()

    def on_response_complete(self) -> None:
        """Remember what was asked, and how, for the next time."""
        super().on_response_complete()
        if self._head is not None and self.cycle.keep_alive:
            for memory in (self._repeats, self._straight):
                if memory is not None:
                    memory.learn(self._head, cast("Scope", self.cycle.scope))
