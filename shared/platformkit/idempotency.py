"""Idempotency-Key: the first answer to a POST is stored in the transaction of its effect.

A killed process leaves either both or neither, so a retry gets the same answer, once.
"""

import hashlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session as SyncSession

from platformkit import auth, routes
from platformkit.auth import Principal
from platformkit.db import SessionMaker
from platformkit.errors import BadRequest, Conflict, Fault, Invalid, ProblemError
from platformkit.i18n import Text
from platformkit.reads import ReadPool

HEADER = "Idempotency-Key"
_MAX_LENGTH = 255
_KEPT_HEADERS = ("content-type", "content-language", "location", "etag")
_LOOK = (
    "SELECT request, status, headers::text, body FROM {schema}.idempotency_key WHERE digest = $1"
)
_LOCK = "SELECT pg_try_advisory_xact_lock($1::bigint)"
_KEEP = """
INSERT INTO {schema}.idempotency_key (digest, request, status, headers, body)
VALUES ($1, $2, $3, $4::jsonb, $5)"""
_WITHDRAW = """
UPDATE {schema}.idempotency_key SET status = $2, headers = '{{}}', body = ''
WHERE EXISTS (SELECT FROM unnest($1::bytea[]) needle WHERE position(needle IN body) > 0)"""
_REPLAYED = {"idempotent-replayed": "true"}
_log = logging.getLogger(__name__)


class KeyUnreadable(BadRequest):
    """The Idempotency-Key is empty, too long or not printable ASCII."""

    code = "idempotency-key-unreadable"
    title = Text("Clé d’idempotence illisible", "Unreadable idempotency key")
    detail = Text(
        "Idempotency-Key : 1 à 255 caractères ASCII imprimables.",
        "Idempotency-Key: 1 to 255 printable ASCII characters.",
    )


class KeyReused(Invalid):
    """The same key came before with another body."""

    code = "idempotency-key-reused"
    title = Text("Clé d’idempotence déjà employée", "Idempotency key already used")

    def __init__(self) -> None:
        detail = Text(
            "Cette clé a déjà servi avec un autre corps : envoyez une clé neuve.",
            "This key was used before with another body: send a new key.",
        )
        super().__init__([Fault(f"/{HEADER}", self.code, detail, where="header")])


class KeyInFlight(Conflict):
    """The first request with this key is still being worked on."""

    code = "idempotency-key-in-flight"
    title = Text("Requête déjà en cours", "Request already in flight")
    detail = Text(
        "La première requête portant cette clé est encore en cours : réessayez dans un instant.",
        "The first request with this key is still in flight: try again in a moment.",
    )


class Erased(ProblemError):
    """The answer that was stored for this key held data that have been erased since."""

    status = 410
    code = "erased"
    title = Text("Données effacées", "Data erased")
    detail = Text(
        "La réponse conservée pour cette Idempotency-Key contenait des données effacées depuis.",
        "The answer stored for this Idempotency-Key held data that have been erased since.",
    )


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class IdempotentRoute(APIRoute):
    """A route whose POST, sent again with the same key and body, gives the same answer.

    The scope of a key is caller, tenant, path and query. Only successes are stored: a refusal
    changed nothing, so it is judged afresh.
    """

    def get_route_handler(self) -> Handler:
        """Wrap the handler in the transaction that also stores its answer."""
        handler = super().get_route_handler()
        if self.methods != {"POST"}:
            return handler

        async def idempotent(request: Request) -> Response:
            key = await asked(request)
            if key is None:
                return await handler(request)
            auth.check(request.state.principal, _scopes(request.app, self.path_format))
            return await _once(request, key, handler)

        return idempotent


class Key(NamedTuple):
    """What is kept of a key: SHA-256 of it and of whose and for what it is, and of the body."""

    digest: bytes
    request: bytes


async def asked(request: Request) -> Key | None:
    """Read the key of a request, if it has one; raises KeyUnreadable."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= _MAX_LENGTH or not (key.isascii() and key.isprintable()):
        raise KeyUnreadable
    caller: Principal = request.state.principal
    where = (caller.actor, caller.tenant, request.url.path, request.url.query, key)
    return Key(
        hashlib.sha256("\x00".join(where).encode()).digest(),
        hashlib.sha256(await request.body()).digest(),
    )


async def _once(request: Request, key: Key, handler: Handler) -> Response:
    """Replay what is known of the key, else do the work and store its answer, both or neither.

    The lock is taken by the transaction's first statement, so that a handler which asks a
    neighbour before it writes holds no connection meanwhile. Whoever is refused looks again: a
    twin may have committed since the first look, and then its answer is the answer.
    """
    known = await _look(request, key)
    if known is not None:
        return known
    sessions: SessionMaker = request.app.state.sessions
    try:
        async with sessions() as session, session.begin():
            _lock_at_begin(session.sync_session, int.from_bytes(key.digest[:8], signed=True))
            request.scope["vigie.session"] = session
            response = await handler(request)
            await _keep(session, key, response)
    except (ProblemError, IntegrityError):
        known = await _look(request, key)
        if known is None:
            raise
        return known
    return response


async def _look(request: Request, key: Key) -> Response | None:
    """Return the stored answer, told as such; raises Erased, or KeyReused for another body."""
    reads: ReadPool = request.app.state.reads
    schema = request.app.state.service
    known = await reads.fetchrow("idempotency key", _LOOK.format(schema=schema), key.digest)
    if known is None:
        return None
    if known["request"] != key.request:
        raise KeyReused
    if known["status"] == Erased.status:
        raise Erased(headers=_REPLAYED)
    headers = {**orjson.loads(known["headers"]), **_REPLAYED}
    return Response(known["body"], known["status"], headers)


def _lock_at_begin(session: SyncSession, lock: int) -> None:
    """Have the session's first statement take the lock of its key, or raise KeyInFlight."""

    def take(_: SyncSession, __: object, connection: Connection) -> None:
        if not connection.exec_driver_sql(_LOCK, (lock,)).scalar_one():
            raise KeyInFlight(headers={"retry-after": "1"})

    event.listen(session, "after_begin", take)


async def _keep(session: AsyncSession, key: Key, response: Response) -> None:
    """Store the answer in the transaction of its effect."""
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    answer = (*key, response.status_code, orjson.dumps(headers).decode(), response.body)
    connection = await session.connection()
    await connection.exec_driver_sql(_KEEP.format(schema=session.info["schema"]), answer)


@lru_cache(maxsize=256)
def _scopes(app: FastAPI, path: str) -> frozenset[str]:
    """Return the scopes that the POST of this path declares: a replay needs them as well."""
    return next(
        routes.scopes(one)
        for one in routes.routes(app)
        if one.path_format == path and "POST" in (one.methods or ())
    )


async def withdraw(session: AsyncSession, schema: str, needles: Sequence[bytes]) -> int:
    """Answer with Erased from now on, in the place of stored answers that hold any of these."""
    connection = await session.connection()
    result = await connection.exec_driver_sql(
        _WITHDRAW.format(schema=schema), (list(needles), Erased.status)
    )
    return result.rowcount


async def forget(session: AsyncSession, schema: str) -> int:
    """Delete answers older than two days; a retry that late is a new request."""
    result = await session.execute(
        text(
            f"DELETE FROM {schema}.idempotency_key "  # noqa: S608  # the schema is our own name
            "WHERE created_at < now() - interval '2 days'"
        )
    )
    count: int = getattr(result, "rowcount", 0)
    if count:
        _log.info("idempotency keys forgotten", extra={"count": count})
    return count
