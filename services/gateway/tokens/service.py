"""Gives a client its access token, takes it back, and tells what one is worth."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.audit import queries as audit
from gateway.clients.service import Known
from gateway.tokens import access, queries
from gateway.tokens.access import Verifier
from gateway.tokens.authentication import Desk, TokensUnavailable
from gateway.tokens.grant import AboutToken, GrantRefused, TokenRequest
from gateway.tokens.keys import Keys
from gateway.watch import ANNOUNCE
from platformkit import telemetry
from platformkit.auth import Principal, TokenRefused
from platformkit.reads import ReadPool

TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105  # an address
TokenType = Literal["Bearer", "DPoP"]


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, how long it lives, and the scopes in it."""

    token: str
    seconds: int
    scopes: frozenset[str]
    type: TokenType
    jti: str


Grant = Callable[[Desk, Keys, TokenRequest, Sequence[str]], Awaitable[Granted]]
"""Gives a token on the grounds of the request; the last are its `DPoP` headers."""


async def grant(desk: Desk, keys: Keys, asked: TokenRequest, dpop: Sequence[str]) -> Granted:
    """Sign a token for the client; raises GrantRefused, or TokensUnavailable without database."""
    known = await desk.admit(asked.proof)
    scopes = known.scopes if asked.scopes is None else asked.scopes
    if not scopes <= known.scopes:
        raise GrantRefused("invalid_scope", "the client was not granted all of these scopes")
    caller = Principal(
        issuer=desk.settings.issuer,
        client=known.client_id,
        subject=known.client_id,
        tenant=known.tenant,
        roles=known.roles,
        scopes=scopes,
    )
    return signed(desk, keys, caller, dpop)


def signed(desk: Desk, keys: Keys, caller: Principal, dpop: Sequence[str]) -> Granted:
    """Sign a token for the caller, bound to the key of its proof; raises GrantRefused."""
    settings = desk.settings
    bound = desk.proofs.at_desk(dpop, TOKEN_PATH)
    is_person = caller.subject != caller.client
    seconds = (settings.person_minutes if is_person else settings.token_minutes) * 60
    token, jti = access.sign(
        keys,
        issuer=settings.issuer,
        audience=settings.audience,
        caller=caller,
        seconds=seconds,
        bound=bound,
    )
    return Granted(token, seconds, caller.scopes, "DPoP" if bound else "Bearer", jti)


async def revoke(desk: Desk, verifier: Verifier, asked: AboutToken) -> None:
    """End a token of the client (RFC 7009); what is none, or is over, needs no ending.

    Raises GrantRefused, also for a token of another client, or TokensUnavailable.
    """
    known = await desk.admit(asked.proof)
    claims = _claims(verifier, asked.token)
    if claims is None:
        return
    if claims["client_id"] != known.client_id:
        raise GrantRefused("unauthorized_client", "the token is another client's")
    try:
        async with desk.writes.transaction("token revoked") as connection:
            ended = (claims["jti"], known.client_id, float(claims["exp"]))
            await connection.execute(queries.REVOKE, *ended)
            await connection.execute(audit.RECORD, *_deed(known, claims["jti"]))
            await connection.execute(ANNOUNCE)
    except (OSError, TimeoutError, *ReadPool.errors) as error:
        raise TokensUnavailable from error


def _deed(known: Known, jti: str) -> tuple[str, ...]:
    what = ("revoke_token", "token", jti, "allowed", telemetry.trace_id() or "", "")
    return (known.client_id, known.tenant, *what)


async def introspect(desk: Desk, verifier: Verifier, asked: AboutToken) -> dict[str, Any]:
    """Tell what a token of the client's own organisation is worth (RFC 7662 §2.2, §4).

    Raises GrantRefused or TokensUnavailable.
    """
    known = await desk.admit(asked.proof)
    claims = _claims(verifier, asked.token)
    if claims is None or claims["organisation"] != known.tenant:
        return {"active": False}
    return {"active": True, "token_type": "DPoP" if "cnf" in claims else "Bearer", **claims}


def _claims(verifier: Verifier, token: str) -> dict[str, Any] | None:
    try:
        return verifier.claims(token.encode())
    except TokenRefused:
        return None


async def forget(session: AsyncSession, now: datetime) -> None:
    """Forget revoked tokens and used assertions that nobody could present any more."""
    connection = await session.connection()
    for statement in queries.FORGET:
        await connection.exec_driver_sql(statement, (now,))
