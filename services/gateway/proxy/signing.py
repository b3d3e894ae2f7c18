"""What a service believes: the headers that the gateway itself puts on a request."""

import asyncio
import time

from gateway.proxy.hygiene import Headers
from gateway.settings import Settings
from gateway.tokens.access import Verified
from platformkit import auth, deadlines, telemetry
from platformkit.auth import LIFETIME_SECONDS

OWN = "gateway"
DEADLINE = deadlines.HEADER.encode()
_REFRESH_SECONDS = LIFETIME_SECONDS / 2


def signed(
    settings: Settings, caller: Verified, service: str, until: float, parent: str | None = None
) -> Headers:
    """Make the headers that a service trusts: internal token, trace, time left.

    The trace is the one under way, unless its `parent` is given.
    """
    now = time.time()
    token, fresh_until = caller.minted.get(service, ("", 0.0))
    if fresh_until < now:
        key = settings.peers[service].key.get_secret_value()
        token = auth.mint(key, OWN, service, caller.principal)
        caller.minted[service] = (token, now + _REFRESH_SECONDS)
    left = int((until - asyncio.get_running_loop().time()) * 1000)
    return [
        (b"authorization", b"Bearer " + token.encode()),
        (b"traceparent", (parent or telemetry.traceparent() or "").encode()),
        (DEADLINE, b"%d" % max(1, left)),
    ]
