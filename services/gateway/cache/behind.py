"""What the cache asks of the door: the request it answers, and the way to the service behind."""

from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol

from starlette.types import Scope, Send

from gateway.cache.directives import Headers


class Departed(Exception):
    """The client left before there was an answer."""


class Answer(Protocol):
    """A service's answer, which streams."""

    status: int
    headers: list[tuple[bytes, bytes]]

    @property
    def drained(self) -> bool:
        """Tell whether all of it has been given out."""

    async def chunk(self) -> bytes | None:
        """Give the next bytes, None at the end."""


class Call(Protocol):
    """A GET or HEAD of open data, let in; `until` is when its answer must be there (loop time)."""

    scope: Scope
    path: str
    length: int | None
    until: float

    @property
    def service(self) -> str:
        """Name of the service that has the answer."""

    def seen(self, status: int, headers: Headers) -> list[tuple[bytes, bytes]]:
        """Return the headers of its answer as the client may see them."""


class Behind(Protocol):
    """The rest of the door; it is given back the call that it made."""

    def ask(
        self,
        call: Any,  # noqa: ANN401  # its own kind of Call
        headers: list[tuple[bytes, bytes]],
        *,
        is_awaited: bool,
    ) -> AbstractAsyncContextManager[Answer]:
        """Send a GET with these headers and those that a service trusts.

        Raises ProblemError when nothing usable comes, Departed when the client that awaits it left.
        """

    def attended(self, call: Any) -> AbstractContextManager[None]:  # noqa: ANN401  # likewise
        """End the block with Departed when the client leaves meanwhile."""

    async def forward(self, call: Any, send: Send) -> None:  # noqa: ANN401  # likewise
        """Pass the request on as it is."""
