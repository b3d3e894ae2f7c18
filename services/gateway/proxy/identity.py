"""Who calls, by the one token or API key that the request brings."""

from typing import Final, NamedTuple

from gateway.api_keys.ring import Ring
from gateway.api_keys.spelling import PREFIX
from gateway.proxy.hygiene import Headers
from gateway.tokens import access, dpop

_API_KEY: Final = b"x-api-key"
_CREDENTIALS: Final = frozenset({b"authorization", _API_KEY})
_BEARER: Final = b"bearer"
_SCHEMES: Final = frozenset({_BEARER, dpop.HEADER})


class Presented(NamedTuple):
    """What a request says to prove who calls; `scheme` is None for an API key."""

    scheme: bytes | None
    credential: bytes
    origin: bytes | None
    digest: bytes | None = None
    """Of a token, whose bytes are many: worked out once for who presents it again."""


def identify(verifier: access.Verifier, ring: Ring, headers: Headers) -> access.Verified | None:
    """Verify it, None where there is none; as `presented` and `recognise`."""
    given = presented(headers)
    return None if given is None else recognise(verifier, ring, given)


def presented(headers: Headers) -> Presented | None:
    """Read the one credential; raises TokenRefused where there are two, or of another kind."""
    given = [pair for pair in headers if pair[0] in _CREDENTIALS]
    if not given:
        return None
    name, credential = given[0]
    is_bare = name == _API_KEY
    scheme = _BEARER
    if not is_bare:
        scheme, _, credential = credential.partition(b" ")
        scheme = scheme.lower()
    if len(given) > 1 or scheme not in _SCHEMES:
        raise access.refused("invalid_request")
    credential = credential.strip()
    if is_bare or (credential.startswith(PREFIX) and scheme == _BEARER):
        origin = next((value for name, value in headers if name == b"origin"), None)
        return Presented(None, credential, origin)
    return Presented(scheme, credential, None, access.digested(credential))


def recognise(verifier: access.Verifier, ring: Ring, given: Presented) -> access.Verified:
    """Verify a credential; whether a bound token's key is there too, is not asked.

    Raises TokenRefused, also for a bound token as Bearer; as `Ring.authenticate` besides.
    """
    scheme, credential, origin, digest = given
    if scheme is None:
        return ring.authenticate(credential, origin)
    caller = verifier.verify(credential, digest)
    if bool(caller.bound) is (scheme == _BEARER):
        raise access.refused()
    return caller
