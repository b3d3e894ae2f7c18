"""Windows that several gateways share, in a Valkey or Redis server.

What one turn of the loop asks goes as one script over one connection that no request owns: a client
who leaves cancels nothing on the wire. The server counts a request under all of its rules or none.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from gateway.limits.windows import Demand, Standing, Windows
from gateway.plans import WINDOW_SECONDS

_PATIENCE_SECONDS: Final = 0.05
"""Twice over: were it once, an answer that is there would be too late for a loop that was busy."""

_RETRY_SECONDS: Final = 1.0
"""After a failure nobody asks for so long: an outage costs one request a second 100 ms."""

_BATCH: Final = 256
_PREFIX: Final = b"{vigie}:"
"""One slot of a cluster: a script's keys must be in the same."""

_TAKE: Final = """
local at, first, told = 2, 1, {}
while at <= #ARGV do
  local demands, used, passes = tonumber(ARGV[at]), {}, 1
  for i = 1, demands do
    used[i] = tonumber(redis.call('GET', KEYS[first + i - 1]) or '0')
    if used[i] >= tonumber(ARGV[at + i]) then passes = 0 end
  end
  told[#told + 1] = passes
  for i = 1, demands do
    local key = KEYS[first + i - 1]
    if passes == 1 and used[i] == 0 then
      redis.call('SET', key, 1, 'PX', ARGV[1])
    elseif passes == 1 then
      redis.call('INCR', key)
    end
    told[#told + 1] = used[i] + passes
    told[#told + 1] = redis.call('PTTL', key)
  end
  at, first = at + demands + 1, first + demands
end
return told
"""
"""ARGV: length of a window in ms; then of each request how many rules it has, and their quotas."""

_log = logging.getLogger(__name__)


class StoreAway(Exception):
    """The server does not answer in time; whoever asks counts alone meanwhile."""


Asked = tuple[Sequence[Demand], "asyncio.Future[list[int]]"]


class Store:
    """Asks the server; an answer within 100 ms, or StoreAway."""

    def __init__(self, url: str) -> None:
        from valkey.asyncio import Valkey  # noqa: PLC0415  # for those who have a server

        self._server = Valkey.from_url(url, single_connection_client=True)
        self._take = self._server.register_script(_TAKE)
        self.failures = 0
        self._waiting: list[Asked] = []
        self._sender: asyncio.Task[None] | None = None
        self._retry_at = 0.0
        self._is_away = False

    async def take(self, demands: Sequence[Demand], windows: Windows, now: float) -> Standing:
        """Count one request under all of its rules, or none; `windows` learn how they stand."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._retry_at:
            raise StoreAway
        answer: asyncio.Future[list[int]] = loop.create_future()
        self._waiting.append((demands, answer))
        if self._sender is None:
            self._sender = loop.create_task(self._send())
        return _read(demands, await answer, windows, now)

    async def close(self) -> None:
        """End the connection."""
        if self._sender is not None:
            self._sender.cancel()
        await self._server.aclose()

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                try:
                    told = await self._ask([demands for demands, _ in batch])
                except Exception as failure:  # noqa: BLE001  # whoever waits must be answered
                    self._fail(batch + self._waiting, failure)
                    self._waiting = []
                else:
                    self._is_away = False
                    _share(batch, told)
        finally:
            self._sender = None

    async def _ask(self, requests: Sequence[Sequence[Demand]]) -> list[int]:
        keys = [_PREFIX + key for demands in requests for key, _ in demands]
        told: list[Any] = [WINDOW_SECONDS * 1000]
        for demands in requests:
            told += [len(demands), *(rule.quota for _, rule in demands)]
        loop = asyncio.get_running_loop()

        def late() -> None:
            limit.reschedule(loop.time() + _PATIENCE_SECONDS)

        async with asyncio.timeout(None) as limit:
            timer = loop.call_later(_PATIENCE_SECONDS, late)
            try:
                answer: list[int] = await self._take(keys=keys, args=told)
            finally:
                timer.cancel()
        return answer

    def _fail(self, asked: Sequence[Asked], failure: Exception) -> None:
        self._retry_at = asyncio.get_running_loop().time() + _RETRY_SECONDS
        self.failures += 1
        if not self._is_away:
            told = {"error.type": type(failure).__qualname__}
            _log.warning("limits are counted by each gateway alone", extra=told)
        self._is_away = True
        for _, answer in asked:
            if not answer.done():
                answer.set_exception(StoreAway())


def _share(batch: Sequence[Asked], told: list[int]) -> None:
    at = 0
    for demands, answer in batch:
        ends = at + 1 + 2 * len(demands)
        if not answer.done():  # else its client has left
            answer.set_result(told[at:ends])
        at = ends


def _read(demands: Sequence[Demand], told: list[int], windows: Windows, now: float) -> Standing:
    passed, found = bool(told[0]), []
    for index, demand in enumerate(demands):
        used, seconds = told[1 + 2 * index], told[2 + 2 * index] / 1000
        if seconds > 0:
            windows.note(demand, used, seconds, now)
        found.append(Standing(demand[1], max(demand[1].quota - used, 0), seconds, passed))
    return min(found, key=lambda standing: standing.left)
