"""The change feeds of the services, as a neighbour that follows them reads them."""

from collections.abc import Callable
from typing import ClassVar, Final

import httpx

from platformkit.clients.base import ServiceClient
from platformkit.feed import Changes

_SECONDS: Final = 10.0
"""A page may hold a thousand documents, and nobody waits for it."""


class FeedClient(ServiceClient):
    """Reads a feed page by page; `limit` is for who knows that its documents are long."""

    limit: ClassVar[int] = 1_000

    def __init__(self, http: httpx.AsyncClient | None, credential: Callable[[], str]) -> None:
        super().__init__(http, credential, seconds=_SECONDS)

    async def changes(self, after: str | None) -> Changes:
        """Read the page after a cursor, or the first one; fails as `send` does."""
        asked = {"limit": self.limit} | ({"after": after} if after else {})
        response = await self.send("GET", "/changes", parameters=asked)
        return Changes.model_validate_json(response.content)


class DiagnosticFeed(FeedClient):
    """The feed of the diagnostic: small changes."""

    name: ClassVar[str] = "diagnostic"


class TrainingFeed(FeedClient):
    """The feed of the training: whole documents."""

    name: ClassVar[str] = "training"
    limit: ClassVar[int] = 200
