"""Reads the change feeds of the services into the gateways' own log, gap-free, once for all.

Any number of gateways may follow: whoever asks first within a pause reads, and a page is kept with
the cursor that comes after it, or not at all.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import orjson
from pydantic import ValidationError

from gateway.feeds import queries
from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.signing import OWN, signed
from gateway.proxy.upstream import Request, Upstream
from gateway.settings import Settings
from gateway.tokens.access import Verified
from gateway.watch import ANNOUNCE
from platformkit.auth import Principal
from platformkit.feed import Changes
from platformkit.pagination import CursorRefused
from platformkit.reads import WritePool

_OVERLAP: Final = timedelta(hours=1)
"""A change has the time at which its transaction began: one begins to read so much before."""

_PAGE: Final = "1000"
_PAGE_BYTES: Final = 2_000_000
_SECONDS: Final = 10.0
_OK: Final = 200
_log = logging.getLogger(__name__)


class FeedUnreadable(Exception):
    """The service gave no page; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows every service that the gateway knows."""

    settings: Settings
    upstreams: Mapping[str, Upstream]
    writes: WritePool

    async def run(self) -> None:
        """Follow until cancelled; a service that is down is asked again."""
        async with asyncio.TaskGroup() as group:
            for service in self.upstreams:
                group.create_task(self._follow(service))

    async def _follow(self, service: str) -> None:
        caller = Verified(
            Principal(OWN, OWN, f"service:{OWN}", "", scopes=frozenset({f"{service}:feed"})),
            expires=float("inf"),
        )
        pause, is_away = self.settings.feed_seconds or 0.0, False
        while True:
            more = False
            try:
                more = await self.read(service, caller)
                is_away = False
            except Exception as failure:  # noqa: BLE001  # else the log would end in silence
                if not is_away:
                    why = getattr(failure, "reason", type(failure).__qualname__)
                    _log.warning("feed cannot be read", extra={"vigie.peer": service, "why": why})
                is_away = True
            if not more:
                await asyncio.sleep(pause)

    async def read(self, service: str, caller: Verified) -> bool:
        """Take one page into the log; tell whether there is more. Raises FeedUnreadable."""
        pause = timedelta(seconds=(self.settings.feed_seconds or 0.0) / 2)
        async with self.writes.transaction("feed ask") as connection:
            known = await connection.fetchrow(queries.ASK, service, pause)
        if known is None:
            return False
        cursor: str | None = known["cursor"]
        since = (known["read_at"] or datetime.now(UTC)) - _OVERLAP
        begin = {"after": cursor} if cursor else {"updated_since": since.isoformat()}
        while True:
            page = await self._page(service, caller, begin, cursor)
            if page is None or not await self._keep(service, cursor, page):
                return False
            if not page.more:
                return False
            cursor = page.next
            begin = {"after": cursor}

    async def _page(
        self, service: str, caller: Verified, begin: Mapping[str, str], cursor: str | None
    ) -> Changes | None:
        """Ask for a page; None where the cursor, of another database, was dropped."""
        until = asyncio.get_running_loop().time() + _SECONDS
        query = urlencode({**begin, "limit": _PAGE, "payloads": "false"})
        lines = signed(self.settings, caller, service, until)
        request = Request("GET", f"/v1/changes?{query}".encode(), lines, until)
        try:
            with await self.upstreams[service].send(request) as answer:
                content = await answer.read(_PAGE_BYTES)
        except UpstreamFailed as failure:
            raise FeedUnreadable(failure.reason) from failure
        if answer.status != _OK:
            code = _code(content) or f"status-{answer.status}"
            if cursor is None or code != CursorRefused.code:
                raise FeedUnreadable(code)
            _log.warning("feed begun anew", extra={"vigie.peer": service})
            async with self.writes.transaction("feed lose") as connection:
                await connection.execute(queries.LOSE, service, cursor)
            return None
        try:
            return Changes.model_validate_json(content)
        except ValidationError as failure:
            raise FeedUnreadable("invalid") from failure

    async def _keep(self, service: str, cursor: str | None, page: Changes) -> bool:
        """Write the page with its cursor, and tell all gateways; False when another one did."""
        async with self.writes.transaction("feed keep") as connection:
            await connection.execute(queries.LOCK)
            if not await connection.fetchrow(queries.ADVANCE, service, cursor, page.next):
                return False
            if page.items:
                columns = zip(
                    *(
                        (one.entity, one.entity_id, one.kind, one.version, one.at)
                        for one in page.items
                    ),
                    strict=True,
                )
                await connection.execute(queries.ADD, service, *map(list, columns))
                await connection.execute(ANNOUNCE)
        return True


def _code(content: bytes) -> str | None:
    try:
        problem = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) else None
