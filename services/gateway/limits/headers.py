"""How limits are told: by the fields of the French administrative APIs, and by the IETF's draft.

`RateLimit-Reset` is an instant (seconds since 1970), as API Entreprise has it; `t` of `RateLimit`
is in how many seconds that is. `RateLimit-Policy` names all policies that hold for the request,
`RateLimit` the one that binds first.
"""

import math
import time
from collections.abc import Iterable
from typing import Final

from gateway.limits.windows import Standing
from gateway.plans import Rule

Headers = list[tuple[bytes, bytes]]
_LINES: Final = (
    b"ratelimit-limit: %d\r\nratelimit-remaining: %d\r\nratelimit-reset: %d\r\n"
    b"ratelimit-policy: %b\r\nratelimit: %b;r=%d;t=%d\r\n"
)


def policies(rules: Iterable[Rule]) -> bytes:
    """Spell `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11 §3)."""
    return b", ".join(rule.policy for rule in rules)


def told(standing: Standing, policies: bytes) -> Headers:
    """Spell both families."""
    rule, left, ends_in, _ = standing
    seconds = math.ceil(ends_in)
    remaining = b"%d" % left
    return [
        (b"ratelimit-limit", b"%d" % rule.quota),
        (b"ratelimit-remaining", remaining),
        (b"ratelimit-reset", b"%d" % (time.time() + seconds)),
        (b"ratelimit-policy", policies),
        (b"ratelimit", b"%b;r=%b;t=%d" % (rule.label, remaining, seconds)),
    ]


def lines(standing: Standing, policies: bytes) -> bytes:
    """Spell what `told` gives as lines of an answer, in one piece."""
    rule, left, ends_in, _ = standing
    seconds = math.ceil(ends_in)
    told = (rule.quota, left, time.time() + seconds, policies, rule.label, left, seconds)
    return _LINES % told
