"""One attempt to deliver: a signed POST to an address that a partner gave, and what came of it."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

import aiohttp

from gateway.settings import Settings
from gateway.webhooks import backoff, signing
from platformkit import outside

_log = logging.getLogger(__name__)

SECONDS: Final = 15.0
"""For a whole attempt; Standard Webhooks recommends 15 to 30."""

_TAIL_SECONDS: Final = 1.0
_TAIL_BYTES: Final = 16_384
_SHOWN: Final = 200
_GONE: Final = 410
_PLAIN: Final = {
    "content-type": "application/json",
    "user-agent": "Vigie-Webhooks/1",
    "accept-encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, and what signs."""

    url: str
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt came to: a status, or the code of what hindered one."""

    at: datetime
    milliseconds: int
    status: int | None = None
    failure: str | None = None
    answer: str | None = None
    """How a refusal began."""
    retry_after: timedelta | None = None

    @property
    def is_accepted(self) -> bool:
        """Tell whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  # 2xx

    @property
    def is_gone(self) -> bool:
        """Tell whether the receiver wants nothing any more."""
        return self.status == _GONE


def may_be_target(url: str, settings: Settings) -> bool:
    """Tell whether the address is of a form to which we deliver."""
    return outside.may_be_called(url, settings.webhook_ports, local=settings.webhooks_local)


class Sender:
    """Holds the connections to receivers; every new one is judged afresh."""

    def __init__(
        self,
        settings: Settings,
        *,
        resolve: outside.Look | None = None,
        allowed: Callable[[str], bool] | None = None,
        tls: ssl.SSLContext | bool = True,
    ) -> None:
        self._settings = settings
        local = outside.is_public_or_here if settings.webhooks_local else outside.is_public
        self._http = outside.session(
            resolve=resolve or outside.resolve_name, allowed=allowed or local, tls=tls
        )

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._http.close()

    async def send(self, target: Target, event: str, body: bytes) -> Attempt:
        """Try once; never raises."""
        at, begun = datetime.now(UTC), time.monotonic()
        signed = signing.headers(target.secrets, event, int(at.timestamp()), body)

        try:
            if not may_be_target(target.url, self._settings):
                raise outside.OutsideUnreachable("not an address that is followed")
            async with (
                asyncio.timeout(SECONDS),
                self._http.post(
                    target.url, data=body, headers=_PLAIN | signed, allow_redirects=False
                ) as answer,
            ):
                return await _heard(answer, at, begun)
        except outside.FAILURES as failure:
            if isinstance(failure, outside.OutsideUnreachable):
                _log.warning("webhook address not followed", extra={"why": str(failure)})
            return Attempt(at, _since(begun), failure=outside.told(failure))


async def _heard(answer: aiohttp.ClientResponse, at: datetime, begun: float) -> Attempt:
    """Judge by the status; of a refusal keep how it began, of anything no more than that."""
    milliseconds = _since(begun)
    told = b""
    try:
        async with asyncio.timeout(_TAIL_SECONDS):
            told = await outside.bounded(answer, _TAIL_BYTES)
    except (aiohttp.ClientError, OSError, TimeoutError):
        answer.close()
    refused = not answer.ok or answer.status >= 300  # noqa: PLR2004  # no redirect is followed
    return Attempt(
        at,
        milliseconds,
        status=answer.status,
        answer=_shown(told) if refused else None,
        retry_after=backoff.asked(answer.headers.get("retry-after"), at) if refused else None,
    )


def _shown(told: bytes) -> str:
    text = told[: 4 * _SHOWN].decode(errors="replace")
    return "".join(one if one.isprintable() else " " for one in text)[:_SHOWN]


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
