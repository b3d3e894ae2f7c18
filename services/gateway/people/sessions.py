"""From the code to the token, and to the end here and at the issuer."""

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway import jose
from gateway.audit import queries as audit
from gateway.clients.service import digest
from gateway.people import queries
from gateway.people.addresses import extended
from gateway.people.desk import People
from gateway.people.logins import LoginLost, front
from gateway.people.sealing import SealBroken
from gateway.tokens import queries as token_queries
from gateway.tokens import service as tokens
from gateway.tokens.authentication import Desk, TokensUnavailable
from gateway.tokens.grant import Code, GrantRefused, TokenRequest
from gateway.tokens.keys import Keys
from gateway.tokens.service import Granted
from gateway.watch import ANNOUNCE
from platformkit import telemetry
from platformkit.auth import Principal
from platformkit.outside import OutsideUnreachable
from platformkit.reads import ReadPool

_AWAY_SECONDS = 3600
_AWAY = (OSError, TimeoutError, *ReadPool.errors)


async def redeem(
    people: People, desk: Desk, keys: Keys, asked: TokenRequest, dpop: Sequence[str]
) -> Granted:
    """Give a person's token for the code, once; used again, it ends what it gave (RFC 6749 §4.1.2).

    Raises GrantRefused, or TokensUnavailable without database.
    """
    code = asked.grounds
    assert isinstance(code, Code)  # noqa: S101  # else it is not this grant
    known = await desk.admit(asked.proof)
    if asked.scopes is not None:
        raise GrantRefused("invalid_scope", "the scopes were chosen when the sign-in began")
    hashed = digest(code.code, people.pepper)
    try:
        async with desk.writes.transaction("code redeemed") as connection:
            row = await connection.fetchrow(queries.BY_CODE, hashed, known.client_id)
            granted = None
            if row is not None and _is_whose(row, code):
                if row["jti"] is not None:
                    await _end(connection, row["id"], None, known.client_id)
                elif row["live"]:
                    granted = tokens.signed(desk, keys, _caller(desk, known.client_id, row), dpop)
                    token_hash = digest(granted.token, people.pepper)
                    until = time.time() + granted.seconds
                    given = (row["id"], granted.jti, token_hash, until)
                    await connection.execute(queries.GIVE, *given)
    except _AWAY as error:
        raise TokensUnavailable from error
    if granted is None:
        raise GrantRefused("invalid_grant", "the code is not this client's, over, or used before")
    return granted


def _is_whose(row: Any, code: Code) -> bool:  # noqa: ANN401  # asyncpg's record
    challenge = jose.sha256(code.verifier.encode())
    is_verified = hmac.compare_digest(challenge, row["challenge"])
    return is_verified and row["return_url"] == code.return_url


def _caller(desk: Desk, client_id: str, row: Any) -> Principal:  # noqa: ANN401  # likewise
    return Principal(
        issuer=desk.settings.issuer,
        client=client_id,
        subject=row["subject"],
        tenant=row["tenant"],
        roles=frozenset(row["roles"]),
        scopes=frozenset(row["scopes"]),
    )


async def _end(
    connection: Any,  # noqa: ANN401  # asyncpg's, which has no types
    session: object,
    token_hash: bytes | None,
    client_id: str,
) -> Any:  # noqa: ANN401  # its record
    """End the session and its token at every gateway; None where there is none in force."""
    ended = await connection.fetchrow(queries.END, session, token_hash, client_id)
    if ended is None:
        return None
    if ended["jti"] is not None:
        revoked = (ended["jti"], client_id, ended["token_until"])
        await connection.execute(token_queries.REVOKE, *revoked)
        await connection.execute(ANNOUNCE)
    what = ("sign_out", "session", ended["id"], "allowed", telemetry.trace_id() or "", client_id)
    await connection.execute(audit.RECORD, ended["subject"], ended["tenant"], *what)
    return ended


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who signs out: the token that the application had, and where it wants the browser back."""

    token: str
    client_id: str
    return_url: str
    state: str | None


async def leave(people: People, desk: Desk, leaving: Leaving) -> str:
    """End the session here and give the address that ends it at the issuer, else the way back.

    Raises ReturnRefused, or TokensUnavailable without database.
    """
    await front(desk, leaving.client_id, leaving.return_url)
    hashed = digest(leaving.token, people.pepper)
    try:
        async with desk.writes.transaction("person signed out") as connection:
            ended = await _end(connection, None, hashed, leaving.client_id)
    except _AWAY as error:
        raise TokensUnavailable from error
    back = _back(leaving.return_url, leaving.state)
    provider = people.providers.get(ended["issuer"]) if ended is not None else None
    if provider is None:
        return back
    try:
        id_token = people.id_tokens.open(ended["id_token"], 86_400)
        state = people.departures.seal([leaving.return_url, leaving.state])
        return await provider.logout(id_token, state) or back
    except (OutsideUnreachable, SealBroken):
        return back


def left(people: People, state: str) -> str:
    """Give the way back from the issuer; raises LoginLost for a state that is not ours."""
    try:
        return_url, its_state = people.departures.open(state, _AWAY_SECONDS)
    except SealBroken:
        raise LoginLost from None
    return _back(return_url, its_state)


def _back(return_url: str, state: str | None) -> str:
    return extended(return_url, {} if state is None else {"state": state})
