"""The door: what happens to every request, in one visible order, before it reaches a service."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api_keys.ring import Ring
from gateway.api_keys.spelling import PREFIX
from gateway.audit.denials import Denials
from gateway.proxy import hygiene
from gateway.proxy.departure import Departure
from gateway.proxy.exchange import Exchange, UpstreamFailed
from gateway.proxy.problems import UploadTooLarge, UpstreamUnreachable, problem_of
from gateway.proxy.signing import DEADLINE, OWN, signed
from gateway.proxy.table import Route, Table
from gateway.proxy.upstream import Request, Upstream
from gateway.resilience.load import Load, priority_of
from gateway.settings import Settings
from gateway.tokens import access, dpop
from platformkit import auth, deadlines, health, telemetry
from platformkit.auth import Principal, ScopeMissing
from platformkit.errors import Forbidden, ProblemError, Unauthenticated, respond
from platformkit.validation import MethodNotAllowed, RouteUnknown

_SDMX = "/sdmx/"
_PUBLISHED = ("/v1/", _SDMX)
API_KEY = b"x-api-key"
_CREDENTIALS = frozenset({b"authorization", API_KEY})
_BEARER = b"bearer"
_SCHEMES = frozenset({_BEARER, dpop.HEADER})
_DENIALS = frozenset({Unauthenticated.status, Forbidden.status})
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Call:
    """One request on its way in; each step of the chain fills in its part."""

    scope: Scope
    receive: Receive
    path: str = ""
    length: int | None = 0
    route: Route | None = None
    caller: access.Verified | None = None
    until: float = 0.0
    headers: hygiene.Headers = field(default_factory=list)
    counted: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether any page may read the answer: of open data, or that there is nothing."""
        if self.scope["method"] not in {"GET", "HEAD"}:
            return False
        return self.route is None or self.route.public


@dataclass(frozen=True, slots=True)
class Door:
    """What the steps need; all of it is fixed at start."""

    settings: Settings
    table: Table
    verifier: access.Verifier
    proofs: dpop.Proofs
    ring: Ring
    denials: Denials
    upstreams: Mapping[str, Upstream]
    load: Load
    own: ASGIApp
    """Serves what the gateway itself answers: tokens, documents, overviews, health."""

    anonymous: access.Verified = field(
        default_factory=lambda: access.Verified(
            Principal(issuer=OWN, client="", subject="anonymous", tenant=""), expires=float("inf")
        )
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request through the chain; a refusal anywhere is a problem document."""
        call = Call(scope, receive)
        try:
            admit(self, call)
            if call.path not in health.PATHS:
                self.load.enter()
                call.counted = True
            if not call.path.startswith(_PUBLISHED):
                await self._answer(call, self.anonymous, send)
                return
            for step in CHAIN:
                step(self, call)
            if call.route is not None and call.route.service == OWN:
                await self._answer(call, call.caller or self.anonymous, send)
            else:
                await forward(self, call, send)
        except ProblemError as problem:
            if problem.status in _DENIALS:
                self._deny(call, problem)
            await respond(problem)(scope, receive, secured(send, opened=call.is_open))
        finally:
            if call.counted:
                self.load.leave()

    def knows(self, scope: Scope) -> bool:
        """Tell whether the caller has identified itself, and so may join a trace of its own."""
        try:
            return identify(self, scope["headers"]) is not self.anonymous
        except ProblemError:
            return False

    def _deny(self, call: Call, problem: ProblemError) -> None:
        caller = None if call.caller is self.anonymous else call.caller
        known = caller.principal if caller else None
        operation = f"{call.route.method} {call.route.template}" if call.route else ""
        self.denials.count(known, operation, problem.code)

    async def _answer(self, call: Call, caller: access.Verified, send: Send) -> None:
        """Let the gateway's own application answer, for a caller already verified."""
        call.scope.setdefault("state", {})["principal"] = caller.principal
        call.scope["vigie.caller"] = caller
        auth.become(caller.principal)
        await self.own(call.scope, call.receive, secured(send, opened=call.is_open))


def admit(door: Door, call: Call) -> None:
    """Refuse what could be read in two ways, or is out of bounds."""
    limits = door.settings
    call.length = hygiene.check(
        call.scope["headers"],
        hosts=limits.hosts,
        count=limits.max_headers,
        size=limits.max_header_bytes,
    )
    call.path = hygiene.path_of(call.scope["raw_path"])
    if call.path.startswith(_SDMX):  # whose clients write `/codelist/HDF/CL_FREQ/1.0.0/` too
        call.path = call.path.removesuffix("/")


def find(door: Door, call: Call) -> None:
    """Look the published operation up: 404 for no such path, 405 for another method."""
    method = call.scope["method"]
    call.route = door.table.find(method, call.path)
    if call.route is None:
        allowed = door.table.allowed(call.path)
        if allowed:
            raise MethodNotAllowed(headers={"allow": ", ".join(allowed)})
        raise RouteUnknown
    trace = telemetry.current()
    if trace is not None:
        trace.route = call.route.template


def authenticate(door: Door, call: Call) -> None:
    """Find out who calls."""
    call.caller = identify(door, call.scope["headers"])
    if call.caller.bound:
        door.proofs.at_door(call.scope, call.path, call.caller)


def identify(door: Door, headers: hygiene.Headers) -> access.Verified:
    """Verify the one token or API key; without any the caller is nobody."""
    given = [pair for pair in headers if pair[0] in _CREDENTIALS]
    if not given:
        return door.anonymous
    name, credential = given[0]
    is_bare = name == API_KEY
    if not is_bare:
        scheme, _, credential = credential.partition(b" ")
        scheme = scheme.lower()
    if len(given) > 1 or not (is_bare or scheme in _SCHEMES):
        raise access.refused("invalid_request")
    credential = credential.strip()
    if is_bare or (credential.startswith(PREFIX) and scheme == _BEARER):
        origin = next((value for name, value in headers if name == b"origin"), None)
        return door.ring.authenticate(credential, origin)
    caller = door.verifier.verify(credential)
    if bool(caller.bound) is (scheme == _BEARER):
        raise access.refused()
    return caller


def authorise(door: Door, call: Call) -> None:
    """Compare the caller's scopes with the operation's; open data needs none."""
    assert call.route is not None  # noqa: S101  # `find` ran
    assert call.caller is not None  # noqa: S101  # `authenticate` ran
    if call.route.public:
        return
    if call.caller is door.anonymous:
        raise access.refused(None)
    missing = call.route.scopes - call.caller.principal.scopes
    if missing:
        scope = " ".join(sorted(call.route.scopes))
        told = f'Bearer realm="vigie", error="insufficient_scope", scope="{scope}"'
        raise ScopeMissing(scope=min(missing), headers={"www-authenticate": told})


def shed(door: Door, call: Call) -> None:
    """Let those in first who are known, and who write: they have more to lose."""
    door.load.stay(priority_of(call.scope["method"], known=call.caller is not door.anonymous))


def bound(door: Door, call: Call) -> None:
    """Bound the upload, and fix when the answer must be there."""
    if (call.length or 0) > door.settings.max_upload_bytes:
        raise UploadTooLarge(size=door.settings.max_upload_bytes)
    given: float | None = None
    for name, value in call.scope["headers"]:
        if name == DEADLINE:
            given = deadlines.parse(value.decode("latin-1"))
    longest = door.settings.longest_ms
    call.until = asyncio.get_running_loop().time() + min(given or longest, longest) / 1000


def strip(door: Door, call: Call) -> None:
    """Keep the headers that a service may see from outside."""
    call.headers = hygiene.inbound(call.scope["headers"])


def sign(door: Door, call: Call) -> None:
    """Say who calls, in a token for this one service."""
    assert call.route is not None  # noqa: S101  # `find` ran
    assert call.caller is not None  # noqa: S101  # `authenticate` ran
    if call.route.service != OWN:
        if call.route.service not in door.upstreams:
            raise UpstreamUnreachable(service=call.route.service)
        call.headers += signed(door.settings, call.caller, call.route.service, call.until)


CHAIN = (find, authenticate, authorise, shed, bound, strip, sign)
"""After `admit`, before `forward`; the order is the security of the platform."""


async def forward(door: Door, call: Call, send: Send) -> None:
    """Stream request and answer; once the answer has begun, a failure can only cut it."""
    route = call.route
    assert route is not None  # noqa: S101  # `find` ran
    upstream = door.upstreams[route.service]
    departure = Departure(call.receive, door.settings.max_upload_bytes)
    request = Request(
        call.scope["method"],
        hygiene.target(call.path, route.prefix, route.replacement, call.scope["query_string"]),
        call.headers,
        call.until,
        None if call.length == 0 else departure.body(),
        call.length,
    )
    begun = False
    try:
        with await upstream.send(request) as answer:
            head = _start(answer, route, opened=call.is_open)
            piece = await answer.chunk()
            begun = True
            await send(head)
            await _relay(answer, piece, departure, send)
    except UpstreamFailed as failure:
        if departure.oversized:
            raise UploadTooLarge(size=door.settings.max_upload_bytes) from failure
        if departure.happened:
            return
        if not begun:
            raise problem_of(failure, route.service) from failure
        _log.warning("answer cut", extra={"upstream": route.service, "reason": failure.reason})
    except asyncio.CancelledError:
        if not departure.happened:
            raise
    finally:
        departure.stop()


async def _relay(answer: Exchange, piece: bytes | None, departure: Departure, send: Send) -> None:
    while piece is not None and not answer.drained:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = await answer.chunk()
    departure.stop()
    await send({"type": "http.response.body", "body": piece or b"", "more_body": False})


def _start(answer: Exchange, route: Route, *, opened: bool) -> Message:
    headers = hygiene.outbound(
        answer.headers,
        status=answer.status,
        prefix=route.prefix,
        replacement=route.replacement,
        private=not route.public,
        opened=opened,
    )
    if hygiene.leads_away(answer.status, headers):
        raise UpstreamFailed("invalid")
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


def secured(send: Send, *, opened: bool) -> Send:
    """Add the security headers that an answer of our own does not set itself."""
    added = hygiene.ADDED_TO_OPEN_DATA if opened else hygiene.ADDED

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(pair for pair in added if pair[0] not in present),
            ]
        await send(message)

    return add
