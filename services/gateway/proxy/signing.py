"""What a service believes: the headers that the gateway itself puts on a request."""

import asyncio
import time

from gateway.settings import Settings
from gateway.tokens.access import Verified
from platformkit import auth, deadlines, telemetry
from platformkit.auth import LIFETIME_SECONDS

OWN = "gateway"
DEADLINE = deadlines.HEADER.encode()
_REFRESH_SECONDS = LIFETIME_SECONDS / 2


def signed(
    settings: Settings, caller: Verified, service: str, until: float, parent: str | None = None
) -> bytes:
    """Spell the headers that a service trusts: internal token, trace, time left.

    The trace is the one under way, unless its `parent` is given.
    """
    now = time.time()
    line, fresh_until = caller.minted.get(service, (b"", 0.0))
    if fresh_until < now:
        key = settings.peers[service].key.get_secret_value()
        token = auth.mint(key, OWN, service, caller.principal)
        line = b"authorization: Bearer %b\r\n" % token.encode()
        caller.minted[service] = (line, now + _REFRESH_SECONDS)
    left = int((until - asyncio.get_running_loop().time()) * 1000)
    traced = (parent or telemetry.traceparent() or "").encode()
    return b"%btraceparent: %b\r\n%b: %d\r\n" % (line, traced, DEADLINE, max(1, left))
