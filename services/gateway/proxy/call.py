"""One request on its way in, and what it makes of the answer on its way out."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import Receive, Scope

from gateway.proxy import hygiene
from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.table import Route
from gateway.proxy.upstream import Begun
from gateway.tokens.access import Verified

BEGUN = "vigie.call"
"""Member of a scope: its call, which was let in before it came to the door."""

ADMITTED = "vigie.admitted"
"""Member of a scope whose request was let in, and is answered by no cache."""

READS = frozenset({"GET", "HEAD"})
SAFE = READS | {"OPTIONS"}


@dataclass(slots=True)
class Call:
    """One request; each step of the chain fills in its part."""

    scope: Scope
    receive: Receive
    path: str = ""
    length: int | None = 0
    route: Route | None = None
    caller: Verified | None = None
    until: float = 0.0
    lines: bytes = b""
    """Headers that the service sees, spelt."""

    counted: bool = False
    begun: Begun | None = None
    """Set where it was sent on before it came here."""

    passed: bytes | None = None
    """Then also why the cache has no part in it, where it is of open data."""

    @property
    def is_open(self) -> bool:
        """Tell whether any page may read the answer: of open data, or that there is nothing."""
        if self.scope["method"] not in READS:
            return False
        return self.route is None or self.route.public

    @property
    def service(self) -> str:
        """Name of the service that answers."""
        return self._found.service

    @property
    def target(self) -> bytes:
        """What the service is asked for, in its own words."""
        route = self._found
        query: bytes = self.scope["query_string"]
        return hygiene.target(self.path, route.prefix, route.replacement, query)

    def seen(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> hygiene.Headers:
        """Return the headers of the service's answer as the client may see them.

        A redirection to elsewhere is no answer (UpstreamFailed).
        """
        route = self._found
        kept = hygiene.outbound(
            headers,
            status=status,
            prefix=route.prefix,
            replacement=route.replacement,
            private=not route.public,
            opened=self.is_open,
        )
        if hygiene.leads_away(status, kept):
            raise UpstreamFailed("invalid")
        return kept

    @property
    def _found(self) -> Route:
        assert self.route is not None  # noqa: S101  # `find` ran
        return self.route
