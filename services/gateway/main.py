"""The gateway: one door, behind it the services and the answers that the gateway gives itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import orjson
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api_keys import routes as api_keys
from gateway.api_keys.ring import Ring
from gateway.audit.denials import Denials
from gateway.cache.announcements import Announcements
from gateway.cache.service import Cache
from gateway.clients.jwks import KeySets
from gateway.docs import document
from gateway.docs import routes as docs
from gateway.feeds import service as feeds
from gateway.feeds.follower import Follower
from gateway.feeds.tail import Tail
from gateway.limits import service as limits_service
from gateway.limits.service import Limits
from gateway.operations import routes as operations
from gateway.operations import saturation
from gateway.overviews import routes as overviews
from gateway.people import exchange, sessions
from gateway.people import routes as people
from gateway.people.desk import People
from gateway.proxy.door import Door
from gateway.proxy.opening import patience, upstreams
from gateway.proxy.origins import Origins
from gateway.proxy.table import Table, read, unforwarded
from gateway.repeats.service import Repeats
from gateway.resilience import files
from gateway.resilience.crowd import Crowd
from gateway.resilience.drain import Drain, closing
from gateway.resilience.lag import Lag
from gateway.resilience.load import Load
from gateway.search import routes as search
from gateway.settings import Settings
from gateway.straight.service import Straight
from gateway.tokens import keys
from gateway.tokens import routes as tokens
from gateway.tokens import service as tokens_service
from gateway.tokens.access import Verifier
from gateway.tokens.dpop import Proofs
from gateway.tokens.grant import Code, Subject
from gateway.watch import Watch
from gateway.webhooks import beside as webhooks
from gateway.webhooks import routes as webhook_routes
from platformkit.app import build_app
from platformkit.i18n import Text
from platformkit.middleware import Context, Edge

VIEWS = overviews.plain | {"/v1/search": search.plain}
TITLE = Text("Vigie : la porte", "Vigie: the gateway")


@dataclass(frozen=True)
class Gateway:
    """The ASGI application; `router` and `state` are those of what it answers itself."""

    own: FastAPI
    app: ASGIApp
    drain: Drain
    crowd: Crowd
    repeats: Repeats
    straight: Straight
    """All three are asked by `server.Protocol`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve requests through the door; start and stop are the own application's."""
        if scope["type"] == "lifespan":
            await self.own(scope, receive, send)
        elif scope["type"] == "http":
            await self.app(scope, receive, closing(send) if self.drain.begun else send)
        else:
            await send({"type": "websocket.close"})  # no service speaks it

    @property
    def router(self) -> object:
        """Gives tests the lifespan."""
        return self.own.router

    @property
    def state(self) -> object:
        """Gives tests what the lifespan opened."""
        return self.own.state


def own_app(settings: Settings) -> FastAPI:
    """Build what the gateway answers itself; its door does the work of the kit's outer layers."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state = app.state
        looks = [state.ring.look, state.verifier.look, state.tail.look, state.denials.write]
        looks += [state.cache.announcements.look, state.limits.look]
        watch = Watch(settings, looks)
        state.crowd.fit(files.raised())
        works = (watch.run(), state.crowd.watch(), state.lag.watch())
        tasks = [asyncio.create_task(work) for work in works]
        if settings.signing_key is None and settings.signing_keys_dir is not None:
            following = keys.follow(settings.signing_keys_dir, renewed)
            tasks.append(asyncio.create_task(following))
        if settings.feed_seconds is not None:
            follower = Follower(settings, state.upstreams, state.writes)
            tasks.append(asyncio.create_task(follower.run()))
        await watch.looked.wait()
        async with webhooks.delivering(app):
            with state.drain.on_sigterm(leave):
                yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await state.limits.close(state.writes)
        for upstream in app.state.upstreams.values():
            upstream.close()

    def leave() -> None:
        own.state.draining = True

    def renewed(signing: keys.Keys) -> None:
        own.state.keys = signing
        own.state.verifier.trust(signing)

    own = build_app(
        service="gateway",
        title=TITLE,
        settings=settings,
        routers=[
            tokens.router,
            people.router,
            api_keys.router,
            overviews.router,
            search.router,
            operations.router,
            webhook_routes.secrets_router,
            webhook_routes.router,
            docs.router,
        ],
        lifespan=lifespan,
        behind_a_door=True,
        hot_queries={template: overviews.hot(read) for template, read in VIEWS.items()},
        hourly=[tokens_service.forget, feeds.forget, webhooks.forget, limits_service.forget],
    )
    own.router.routes = [
        route for route in own.router.routes if isinstance(route, APIRoute)
    ]  # FastAPI's own document is not the merged one
    return own


def create_app(settings: Settings | None = None) -> Gateway:
    """Return the gateway; the route table and the signing keys are read here, once."""
    settings = settings or Settings()
    own = own_app(settings)
    merged = orjson.loads(settings.openapi_path.read_bytes())
    routes = read(merged)
    state = own.state
    state.keys = keys.load(
        settings.signing_key.get_secret_value() if settings.signing_key else None,
        settings.signing_keys_dir,
    )
    state.scopes = frozenset(scope for route in routes for scope in route.scopes)
    state.verifier = Verifier(state.keys, issuer=settings.issuer, audience=settings.audience)
    state.key_sets = KeySets()
    state.people = People(settings)
    state.grants = {
        type(None): tokens_service.grant,
        Code: partial(sessions.redeem, state.people),
        Subject: partial(exchange.exchange, state.people),
    }
    state.proofs = Proofs(issuer=settings.issuer, wants_nonce=settings.dpop_nonce)
    state.ring, state.denials, state.tail = Ring(settings), Denials(), Tail()
    state.limits = Limits(settings, unforwarded(merged))
    state.limits.measure(state.exporters)
    state.documents = document.published(merged)
    state.upstreams, state.load, state.lag = upstreams(settings), Load(settings.max_inside), Lag()
    state.crowd, state.drain = Crowd(patience(settings)), Drain(settings.drain_ms / 1000)
    saturation.observe(state)
    heard = Announcements(settings.peers)
    state.tail.listeners.append(lambda entries: heard.changed(*{one.service for one in entries}))
    state.cache = Cache(heard, most=settings.cache_bytes, largest=settings.cached_answer_bytes)
    table = Table(routes)
    state.door = door = Door(
        settings=settings,
        table=table,
        verifier=state.verifier,
        proofs=state.proofs,
        ring=state.ring,
        denials=state.denials,
        cache=state.cache,
        limits=state.limits,
        upstreams=state.upstreams,
        load=state.load,
        own=own,
    )
    edge = Edge(settings.trace_ratio, door.knows)
    guarded = Origins(door, settings.origins, state.ring)
    repeats = Repeats(door, state.exporters, state.drain)
    context = Context(guarded, state.exporters, edge)
    straight = Straight(door, state.exporters, state.drain, VIEWS)
    return Gateway(own, context, state.drain, state.crowd, repeats, straight)
