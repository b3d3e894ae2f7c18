"""The door: what happens to every request, in one visible order, before it reaches a service."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api_keys.ring import Ring
from gateway.audit.denials import Denials
from gateway.cache import status
from gateway.cache.entries import spelt
from gateway.cache.service import Cache
from gateway.cache.visits import telling
from gateway.limits.problems import TooManyRequests
from gateway.limits.service import Limits
from gateway.proxy import forwarding, hygiene
from gateway.proxy.call import ADMITTED, BEGUN, Call
from gateway.proxy.exchange import Exchange
from gateway.proxy.identity import identify
from gateway.proxy.problems import UploadTooLarge, UpstreamUnreachable
from gateway.proxy.signing import DEADLINE, OWN, signed
from gateway.proxy.table import Table
from gateway.proxy.upstream import Request, Upstream
from gateway.resilience.load import Load, Overloaded, priority_of
from gateway.settings import Settings
from gateway.tokens import access, dpop
from platformkit import auth, deadlines, health, telemetry
from platformkit.auth import Principal, ScopeMissing
from platformkit.errors import Forbidden, ProblemError, Unauthenticated, respond
from platformkit.validation import MethodNotAllowed, RouteUnknown

_SDMX = "/sdmx/"
_PUBLISHED = ("/v1/", _SDMX)
_DENIALS = frozenset({Unauthenticated.status, Forbidden.status, TooManyRequests.status})


@dataclass(frozen=True, slots=True)
class Door:
    """What the steps need; all of it is fixed at start."""

    settings: Settings
    table: Table
    verifier: access.Verifier
    proofs: dpop.Proofs
    ring: Ring
    denials: Denials
    limits: Limits
    cache: Cache
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
        call: Call = scope.get(BEGUN) or Call(scope, receive)
        try:
            if BEGUN not in scope:
                await self._take(call, send)
            else:
                call.scope, call.receive = scope, receive
                await self._go_on(call, send)
        except ProblemError as refusal:
            problem = self.limits.refused(scope, refusal)
            if problem.status in _DENIALS:
                self._deny(call, problem)
            if isinstance(refusal, Overloaded):
                self._let_out(call)
                await self.load.hold()
            await respond(problem)(scope, receive, secured(send, opened=call.is_open))
        finally:
            self._let_out(call)

    async def _take(self, call: Call, send: Send) -> None:
        admit(self, call)
        if call.path not in health.PATHS:
            self.load.enter()
            call.counted = True
        for step in CHAIN if call.path.startswith(_PUBLISHED) else UNPUBLISHED:
            waiting = step(self, call)
            if waiting is not None:
                await waiting
        if call.route is None or call.route.service == OWN:
            if call.route is not None:
                shed(self, call)
                call.scope[ADMITTED] = True
            await self._answer(call, call.caller or self.anonymous, send)
        elif call.is_open:
            await self.cache.serve(self, call, send)
        else:
            await self.forward(call, send)

    def _let_out(self, call: Call) -> None:
        if call.counted:
            self.load.leave()
            call.counted = False

    def knows(self, scope: Scope) -> bool:
        """Tell whether the caller has identified itself, and so may join a trace of its own."""
        try:
            return identify(self.verifier, self.ring, scope["headers"]) is not None
        except ProblemError:
            return False

    async def count(self, scope: Scope) -> None:
        """Count a request that is answered before us, by its address; raises ProblemError."""
        waiting = self.limits.admit_own(scope, scope["path"], self.anonymous)
        if waiting is not None:
            await waiting

    async def forward(self, call: Call, send: Send) -> None:
        """Pass a request on as it is, for an answer that nobody else is given."""
        for step in OUTWARD:
            step(self, call)
        call.scope[ADMITTED] = True
        await self._pass_on(call, send)

    async def _go_on(self, call: Call, send: Send) -> None:
        """Answer what was begun without the chain, and turned out to need more than a moment."""
        if call.service == OWN:
            await self._answer(call, call.caller or self.anonymous, send)
            return
        if call.passed is not None:
            status.note(status.PASSED)
            send = telling(send, status.forwarded(call.passed))
        await self._pass_on(call, send)

    async def _pass_on(self, call: Call, send: Send) -> None:
        most, heard = self.settings.max_upload_bytes, self.cache.announcements
        await forwarding.forward(call, self.upstreams[call.service], most, heard, send)

    def ask(
        self, call: Call, headers: hygiene.Headers, *, is_awaited: bool
    ) -> AbstractAsyncContextManager[Exchange]:
        """Ask a service for what the cache may keep; without a client to wait, in our own time."""
        if is_awaited:
            shed(self, call)
        else:
            patience = self.settings.default_deadline_ms / 1000
            call.until = asyncio.get_running_loop().time() + patience
        call.lines = spelt(headers)
        sign(self, call)
        request = Request("GET", call.target, call.lines, call.until)
        receive = call.receive if is_awaited else None
        return forwarding.errand(self.upstreams[call.service], call.service, request, receive)

    def attended(self, call: Call) -> AbstractContextManager[None]:
        """End a block with Departed when the client leaves meanwhile."""
        return forwarding.attended(call.receive)

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
    call.caller = identify(door.verifier, door.ring, call.scope["headers"]) or door.anonymous
    if call.caller.bound:
        door.proofs.at_door(call.scope, call.path, call.caller)


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


def limit(door: Door, call: Call) -> Awaitable[None] | None:
    """Count the request, or refuse it to whoever has asked too much."""
    if call.route is None or call.caller is None:
        return door.limits.admit_own(call.scope, call.path, door.anonymous)
    return door.limits.admit(call.scope, call.caller, call.route.kind)


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
    call.lines = spelt(hygiene.inbound(call.scope["headers"]))


def sign(door: Door, call: Call) -> None:
    """Say who calls, in a token for this one service."""
    assert call.route is not None  # noqa: S101  # `find` ran
    assert call.caller is not None  # noqa: S101  # `authenticate` ran
    if call.route.service != OWN:
        if call.route.service not in door.upstreams:
            raise UpstreamUnreachable(service=call.route.service)
        call.lines += signed(door.settings, call.caller, call.route.service, call.until)


Step = Callable[[Door, Call], Awaitable[None] | None]
"""What it returns, if anything, is awaited: what needs no waiting costs none."""

CHAIN: tuple[Step, ...] = (find, authenticate, authorise, limit, bound)
"""After `admit`; the order is the security of the platform."""

UNPUBLISHED: tuple[Step, ...] = (limit,)
"""For the gateway's own tokens, documents and pages, where it does not ask who calls."""

OUTWARD = (shed, strip, sign)
"""Before `forward`: for what neither we nor our cache have answered."""


def secured(send: Send, *, opened: bool) -> Send:
    """Dress an answer of our own."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = dressed(message["headers"], opened=opened)
        await send(message)

    return add


def dressed(headers: hygiene.Headers, *, opened: bool) -> hygiene.Headers:
    """Add the security headers that are not there."""
    added = hygiene.ADDED_TO_OPEN_DATA if opened else hygiene.ADDED
    present = {name for name, _ in headers}
    return [*headers, *(pair for pair in added if pair[0] not in present)]
