"""Idempotency-Key: the first answer to a POST is stored in the transaction of its effect.

A killed process leaves either both or neither, so a retry gets the same answer, once.
"""

import hashlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.auth import Principal
from platformkit.errors import BadRequest, Conflict, Fault, Invalid
from platformkit.i18n import Text

HEADER = "Idempotency-Key"
_MAX_LENGTH = 255
_KEPT_HEADERS = ("content-type", "content-language", "location", "etag")
_CLAIM = """
SELECT pg_try_advisory_xact_lock($1::bigint) AS free, known.request, known.status, known.headers,
       known.body
  FROM (SELECT) AS one
  LEFT JOIN {schema}.idempotency_key AS known ON known.digest = $2"""
_KEEP = """
INSERT INTO {schema}.idempotency_key (digest, request, status, headers, body)
VALUES ($1, $2, $3, $4::jsonb, $5)"""
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


class IdempotentRoute(APIRoute):
    """A route whose POST, sent again with the same key and body, gives the same answer.

    The scope of a key is caller, tenant, path and query. Only successes are stored: a refusal
    changed nothing, so it is judged afresh.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler in the transaction that also stores its answer."""
        handler = super().get_route_handler()
        if self.methods != {"POST"}:
            return handler

        async def idempotent(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None:
                return await handler(request)
            if not 1 <= len(key) <= _MAX_LENGTH or not (key.isascii() and key.isprintable()):
                raise KeyUnreadable
            async with request.app.state.sessions() as session, session.begin():
                request.scope["vigie.session"] = session
                return await _once(session, request, key, handler)

        return idempotent


async def _once(
    session: AsyncSession,
    request: Request,
    key: str,
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    caller: Principal = request.state.principal
    where = (caller.client, caller.tenant, request.url.path, request.url.query, key)
    digest = hashlib.sha256("\x00".join(where).encode()).digest()
    body = hashlib.sha256(await request.body()).digest()
    schema = request.app.state.service
    connection = await session.connection()
    lock = int.from_bytes(digest[:8], signed=True)
    known = (await connection.exec_driver_sql(_CLAIM.format(schema=schema), (lock, digest))).one()
    if not known.free:
        raise KeyInFlight(headers={"retry-after": "1"})
    if known.request is not None:
        if known.request != body:
            raise KeyReused
        return Response(known.body, known.status, {**known.headers, "idempotent-replayed": "true"})
    response = await handler(request)
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    answer = (digest, body, response.status_code, orjson.dumps(headers).decode(), response.body)
    try:
        await connection.exec_driver_sql(_KEEP.format(schema=schema), answer)
    except IntegrityError as twin:  # it committed between our look and our lock: look again
        raise KeyInFlight(headers={"retry-after": "1"}) from twin
    return response


async def forget(session: AsyncSession, schema: str) -> int:
    """Delete answers older than two days; a retry that late is a new request."""
    result = await session.execute(
        text(
            f"DELETE FROM {schema}.idempotency_key "  # noqa: S608  # likewise
            "WHERE created_at < now() - interval '2 days'"
        )
    )
    count: int = getattr(result, "rowcount", 0)
    if count:
        _log.info("idempotency keys forgotten", extra={"count": count})
    return count
