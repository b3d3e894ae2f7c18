"""Access tokens, made and believed: what they cost beside the bare RS256 that each needs."""

import time
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from deploy.credentials import DEMO_CLIENT, DEMO_TENANT, Vault, demo_secret
from gateway.tokens import keys
from gateway.tokens.access import Verifier, sign
from platformkit.auth import Principal
from tests.bench.load import Stream
from tests.bench.pace import ROUNDS, SECONDS
from tests.bench.rounds import Measure, interleave, show
from tests.bench.stage import Stage

_ISSUER, _AUDIENCE = "https://vigie.example", "vigie"
_SCOPES = frozenset({"diagnostic:read", "diagnostic:write", "overviews:read"})
_FORM = b"grant_type=client_credentials"


def _often(work: Callable[[], object]) -> Measure:
    """Return how often per CPU second the work is done in this process, one after the other."""

    async def measure() -> float:
        count, begun = 0, time.process_time()
        while time.process_time() - begun < SECONDS:
            work()
            count += 1
        return count / (time.process_time() - begun)

    return measure


async def tokens(stage: Stage) -> None:
    """Show issue and verification per CPU second, and what the token endpoint gives."""
    ours = keys.load(None, None)
    caller = Principal(_ISSUER, DEMO_CLIENT, DEMO_CLIENT, DEMO_TENANT, scopes=_SCOPES)
    padded, digest = padding.PKCS1v15(), hashes.SHA256()

    def issue() -> bytes:
        made = sign(ours, issuer=_ISSUER, audience=_AUDIENCE, caller=caller, seconds=600)
        return made[0].encode()

    token = issue()
    message = token.rpartition(b".")[0]
    private, public = ours.signing.private, ours.signing.public
    signature = private.sign(message, padded, digest)
    known = Verifier(ours, issuer=_ISSUER, audience=_AUDIENCE)

    def meet() -> object:
        return Verifier(ours, issuer=_ISSUER, audience=_AUDIENCE).verify(token)

    making: dict[str, Measure] = {
        "bare RS256": _often(lambda: private.sign(message, padded, digest)),
        "token": _often(issue),
        "token endpoint": lambda: _asked(stage),
    }
    believing: dict[str, Measure] = {
        "bare RS256": _often(lambda: public.verify(signature, message, padded, digest)),
        "token met first": _often(meet),
        "token met again": _often(lambda: known.verify(token)),
    }
    show("Issue of tokens (per second)", "/s", await interleave(making, ROUNDS), "bare RS256")
    title = "Verification of tokens (per second)"
    show(title, "/s", await interleave(believing, ROUNDS), "bare RS256")


async def _asked(stage: Stage) -> float:
    """Return how many tokens per second one connection is given, clock time."""
    secret = demo_secret(Vault(stage.data / "secrets"))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    stream = await Stream.open(stage.url("gateway", "/oauth2/token"), headers, "POST")
    form = _FORM + f"&client_id={DEMO_CLIENT}&client_secret={secret}".encode()
    count, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        await stream.ask(form)
        count += 1
    stream.close()
    return count / SECONDS
