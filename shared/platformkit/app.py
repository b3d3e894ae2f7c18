"""Builds the application of a service: its routers, inside everything that all services share."""

import asyncio
import copy
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from platformkit import (
    auth,
    db,
    deprecations,
    feed,
    fingerprint,
    health,
    idempotency,
    logs,
    middleware,
    openapi,
    reads,
    routes,
    validation,
    versions,
)
from platformkit.beside import working
from platformkit.clients.base import ServiceClient, open_clients
from platformkit.hot import Hot, HotRead, HotRoutes
from platformkit.i18n import Text
from platformkit.otlp import Exporters
from platformkit.settings import ServiceSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Chore = Callable[[AsyncSession, datetime], Awaitable[object]]
"""Work of every hour, in a transaction of its own; every instance does it, one at a time or not
at all, which is for the chore to see to."""

_HOUSEKEEPING_SECONDS = 3600
_log = logging.getLogger(__name__)


def build_app(
    *,
    service: str,
    title: Text,
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    clients: Mapping[str, type[ServiceClient]] | None = None,
    lifespan: Lifespan | None = None,
    behind_a_door: bool = False,
    hot_reads: Mapping[str, HotRead] | None = None,
    hot_queries: Mapping[str, HotRead] | None = None,
    hot_writes: Mapping[str, HotRead] | None = None,
    hourly: Sequence[Chore] = (),
    reserved: Mapping[str, str] | None = None,
) -> FastAPI:
    """Return the service's application; it opens nothing before its lifespan starts.

    One that stands behind a door in the same process leaves context and caller to that door.
    `hot_reads` are by path template; each asks the caller for the scopes of its route. So are
    `hot_queries`, which read the query of the address, too, and `hot_writes`, which are POSTs.
    `reserved` is as in `feed.router_for`.
    """
    exporters = Exporters(service, settings.release, settings.environment)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.draining = False
        if settings.log_level:
            logs.setup(service, settings.log_level)
        async with AsyncExitStack() as stack:
            stack.callback(logs.flush)
            stack.push_async_callback(exporters.close)
            engine = db.engine_for(settings, service)
            stack.push_async_callback(engine.dispose)
            app.state.sessions = async_sessionmaker(
                engine, expire_on_commit=False, info={"schema": service}
            )
            app.state.reads = reads.ReadPool(settings, service)
            stack.push_async_callback(app.state.reads.close)
            app.state.writes = reads.WritePool(settings, service)
            stack.push_async_callback(app.state.writes.close)
            app.state.clients = await stack.enter_async_context(
                open_clients(service, settings.peers, clients or {})
            )
            if lifespan is not None:
                await stack.enter_async_context(lifespan(app))
            await stack.enter_async_context(
                working(_housekeeping(app, [_forgetting(service), *hourly]))
            )
            gc.freeze()  # what start-up made stays: the collector need not look at it again
            gc.enable()
            _log.info("started", extra=app.state.told)
            yield
            app.state.draining = True

    app = FastAPI(
        title=title.en,
        version=settings.release,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # they lead to wherever the Host header says
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.service, app.state.settings = service, settings
    app.state.told = fingerprint.of(service, settings)
    validation.install(app)
    for router in (health.router, *routers, feed.router_for(service, reserved or {})):
        app.router.routes += map(_served, router.routes)
    openapi.install(app)
    keys = {name: key.get_secret_value() for name, key in settings.trusted_issuers.items()}
    app.state.exporters = exporters
    layers: list[tuple[Any, dict[str, Any]]] = [  # outermost first
        (middleware.Context, {"exporters": exporters}),
        (middleware.Head, {}),
        (versions.Versions, {}),
        (middleware.Deadline, {"default_ms": settings.default_deadline_ms}),
        (
            middleware.BodyLimit,
            {"limit": settings.max_body_bytes, "larger": tuple(openapi.large_bodies(app))},
        ),
        (middleware.Caller, {"verifier": auth.Verifier(service, keys)}),
    ]
    if leaving := deprecations.leaving(app):
        layers.insert(-1, (deprecations.Deprecations, {"leaving": leaving}))
    hot = [
        *_declared(app, "GET", hot_reads or {}),
        *_declared(app, "GET", hot_queries or {}, is_asked=True),
        *_declared(app, "POST", hot_writes or {}),
    ]
    if hot:
        app.add_middleware(HotRoutes, routes=hot)
    for layer, options in reversed(layers[1:-1] if behind_a_door else layers):
        app.add_middleware(layer, **options)
    return app


def _served(route: BaseRoute) -> BaseRoute:
    """Return the route as an application serves it: strict, and known by its name.

    `include_router` would build it a second time, which is most of what a start costs, and look
    for it twice at each request.
    """
    served = copy.copy(route)
    if isinstance(served, APIRoute):
        served.unique_id = served.name
        served.app = _strict(served.app)
    return served


def _strict(app: ASGIApp) -> ASGIApp:
    async def strict(scope: Scope, receive: Receive, send: Send) -> None:
        validation.check_parameters(Request(scope))
        await app(scope, receive, send)

    return strict


def _declared(
    app: FastAPI, method: str, hot: Mapping[str, HotRead], *, is_asked: bool = False
) -> Iterator[tuple[str, Hot]]:
    """Give each the scopes of its route; without such a route, there is no application."""
    known = {
        str(one.path_format): None if routes.is_public(one) else routes.scopes(one)
        for one in routes.routes(app)
        if method in (one.methods or ())
    }
    for template, read in hot.items():
        if template not in known:
            raise ValueError(f"{method} {template} is not a route")
        yield template, Hot(read, known[template], is_asked, method)


def _forgetting(service: str) -> Chore:
    async def forget(session: AsyncSession, now: datetime) -> int:
        return await idempotency.forget(session, service)

    return forget


async def _housekeeping(app: FastAPI, chores: Sequence[Chore]) -> None:
    """Do the chores once an hour."""
    while True:
        await asyncio.sleep(_HOUSEKEEPING_SECONDS)
        await do_chores(app, chores, datetime.now(UTC))


async def do_chores(app: FastAPI, chores: Sequence[Chore], now: datetime) -> None:
    """Do each chore in a transaction of its own; what fails is undone, and can wait an hour."""
    for chore in chores:
        try:
            async with app.state.sessions() as session, session.begin():
                await chore(session, now)
        except Exception as failure:  # noqa: BLE001  # else housekeeping would end in silence
            _log.warning("housekeeping postponed", extra={"why": type(failure).__qualname__})
