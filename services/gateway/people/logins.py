"""Signing in for an application: to the issuer and back (RFC 6749 §4.1, OpenID Connect Core §3.1).

Nothing is stored before the issuer has vouched for somebody: what one login must remember travels
sealed in a cookie of the browser that began it, so that no other browser can end it.
"""

import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from gateway.audit import queries as audit
from gateway.clients import queries as clients
from gateway.clients.service import digest
from gateway.people import queries
from gateway.people.addresses import extended
from gateway.people.desk import People
from gateway.people.mapping import PersonRefused, Place, place
from gateway.people.provider import Login, Person, Provider, TokenUnsound
from gateway.people.roles import scopes_of
from gateway.people.sealing import SealBroken, pseudonym
from gateway.tokens.authentication import Desk, TokensUnavailable
from platformkit import telemetry
from platformkit.errors import BadRequest
from platformkit.i18n import Text
from platformkit.outside import OutsideUnreachable
from platformkit.reads import ReadPool

SECONDS: Final = 600
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_COOKIES: Final = 4
"""Logins that one browser can have begun; a fifth takes a cookie over."""

_log = logging.getLogger(__name__)


class ReturnRefused(BadRequest):
    """Nobody is sent to an address that the client has not registered, letter for letter."""

    code = "return-address-refused"
    title = Text("Adresse de retour refusée", "Return address refused")
    detail = Text(
        "Ce client est inconnu, ou cette adresse de retour n’est pas l’une des siennes.",
        "This client is unknown, or this return address is none of its own.",
    )


class LoginLost(BadRequest):
    """The login was not begun in this browser, at this issuer, in the last ten minutes."""

    code = "login-lost"
    title = Text("Connexion interrompue", "Sign-in interrupted")
    detail = Text(
        "Cette connexion n’a pas commencé dans ce navigateur, ou date de plus de dix minutes.",
        "This sign-in was not begun in this browser, or more than ten minutes ago.",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asks for when it sends a browser here."""

    client_id: str
    return_url: str
    response_type: str | None
    challenge: str | None
    method: str | None
    scope: str
    state: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Returned:
    """What the issuer's address brings back, by way of the browser."""

    state: str
    code: str | None
    iss: str | None
    has_error: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Where the browser goes next, and the cookie that it takes along or, empty, leaves."""

    url: str
    cookie: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Begun:
    issuer: str
    client_id: str
    return_url: str
    client_state: str | None
    challenge: str
    scopes: list[str] | None
    login: Login


async def front(desk: Desk, client_id: str, return_url: str) -> Mapping[str, Any]:
    """Give the client; raises ReturnRefused, or TokensUnavailable without database."""
    try:
        found: Mapping[str, Any] | None = await clients.live(desk.reads, client_id)
    except (OSError, TimeoutError, *ReadPool.errors) as error:
        raise TokensUnavailable from error
    if found is None or return_url not in found["return_urls"]:
        raise ReturnRefused
    return found


async def begin(people: People, desk: Desk, asked: Asked) -> Step:
    """Send the browser to the issuer, or back with what is wrong; raises as `front`."""
    client = await front(desk, asked.client_id, asked.return_url)
    provider = _chosen(people, asked.issuer)
    scopes = asked.scope.split() or None
    error = _fault(asked, provider)
    if scopes and not set(scopes) <= set(client["scopes"]):
        error = "invalid_scope"
    if error is not None or provider is None:
        return Step(_back(desk, asked.return_url, asked.state, error=error or "invalid_request"))
    login = Login.begin()
    try:
        url = await provider.authorization(login)
    except OutsideUnreachable:
        error = "temporarily_unavailable"
        return Step(_back(desk, asked.return_url, asked.state, error=error))
    begun = _Begun(
        provider.described.name,
        asked.client_id,
        asked.return_url,
        asked.state,
        asked.challenge or "",
        scopes,
        login,
    )
    return Step(url, (cookie_of(login.state), people.logins.seal(asdict(begun))))


def _chosen(people: People, name: str | None) -> Provider | None:
    providers = people.providers
    if name is None and len(providers) == 1:
        return next(iter(providers.values()))
    return providers.get(name or "")


def _fault(asked: Asked, provider: Provider | None) -> str | None:
    if asked.response_type != "code":
        return "unsupported_response_type"
    if asked.method != "S256" or _CHALLENGE.fullmatch(asked.challenge or "") is None:
        return "invalid_request"
    return "invalid_request" if provider is None else None


def cookie_of(state: str) -> str:
    """Name the cookie of one login, so that a few can go on beside each other."""
    return f"__Host-vigie-login-{ord(state[0]) % _COOKIES}"


def _back(desk: Desk, return_url: str, state: str | None, **told: str) -> str:
    answer = told | ({"state": state} if state is not None else {})
    answer |= {"iss": desk.settings.issuer}  # RFC 9207
    return extended(return_url, answer)


async def finish(
    people: People, desk: Desk, name: str, returned: Returned, cookies: Mapping[str, str]
) -> tuple[Step, str]:
    """Open a session for whom the issuer vouches for, and send a code for it to the application.

    Gives the reason of a refusal besides, "" for none. Raises LoginLost; as `front` besides.
    """
    cookie = cookie_of(returned.state)
    begun = _begun(people, cookies.get(cookie, ""))
    provider = people.providers.get(name)
    if provider is None or begun.issuer != name:
        raise LoginLost
    if not hmac.compare_digest(begun.login.state.encode(), returned.state.encode()):
        raise LoginLost
    if returned.iss not in {None, provider.described.issuer}:
        raise LoginLost
    client = await front(desk, begun.client_id, begun.return_url)
    answer, reason = await _answer(people, desk, begun, returned, client)
    url = _back(desk, begun.return_url, begun.client_state, **answer)
    return Step(url, (cookie, "")), reason


def _begun(people: People, sealed: str) -> _Begun:
    try:
        told = people.logins.open(sealed, SECONDS)
    except SealBroken:
        raise LoginLost from None
    return _Begun(**{**told, "login": Login(**told["login"])})


async def _answer(
    people: People, desk: Desk, begun: _Begun, returned: Returned, client: Mapping[str, Any]
) -> tuple[dict[str, str], str]:
    provider = people.providers[begun.issuer]
    if returned.has_error or returned.code is None:
        return _denied("refused-by-issuer"), "refused-by-issuer"
    try:
        person = await provider.redeem(returned.code, begun.login)
        where = place(provider.described, person.claims)
    except OutsideUnreachable:
        return {"error": "temporarily_unavailable"}, "issuer-unavailable"
    except TokenUnsound as unsound:
        told = {"issuer": provider.described.name, "reason": str(unsound)}
        _log.warning("sign-in refused: the issuer's answer is unsound", extra=told)
        return _denied("identity-unsound"), "identity-unsound"
    except PersonRefused as refused:
        return _denied(refused.reason), refused.reason
    return {"code": await _open(people, desk, begun, person, where, client)}, ""


def _denied(reason: str) -> dict[str, str]:
    return {"error": "access_denied", "error_description": reason}


async def _open(
    people: People,
    desk: Desk,
    begun: _Begun,
    person: Person,
    where: Place,
    client: Mapping[str, Any],
) -> str:
    code = secrets.token_urlsafe(32)
    provider = people.providers[begun.issuer]
    subject = pseudonym(people.pepper, provider.described.issuer, person.subject)
    scopes = scopes_of(where.roles) & set(client["scopes"])
    if begun.scopes is not None:
        scopes &= set(begun.scopes)
    values = (
        begun.client_id,
        provider.described.name,
        subject,
        where.organisation,
        sorted(where.roles),
        sorted(scopes),
        begun.return_url,
        begun.challenge,
        digest(code, people.pepper),
        people.id_tokens.seal(person.id_token),
    )
    try:
        async with desk.writes.transaction("person signed in") as connection:
            session = await connection.fetchval(queries.OPEN, *values)
            what = ("sign_in", "session", session, "allowed", telemetry.trace_id() or "")
            detail = f"{provider.described.name} through {begun.client_id}"
            await connection.execute(audit.RECORD, subject, where.organisation, *what, detail)
    except (OSError, TimeoutError, *ReadPool.errors) as error:
        raise TokensUnavailable from error
    return code
