"""Gives a client its access token: never more than the scopes it was granted."""

from dataclasses import dataclass

from gateway.clients import service as clients
from gateway.settings import Settings
from gateway.tokens import access
from gateway.tokens.grant import GrantRefused, TokenRequest
from gateway.tokens.keys import Keys
from platformkit.auth import Principal
from platformkit.errors import Unavailable
from platformkit.i18n import Text
from platformkit.reads import ReadPool


class TokensUnavailable(Unavailable):
    """The clients cannot be read now; tokens already given stay valid."""

    code = "tokens-unavailable"
    detail = Text(
        "Aucun jeton ne peut être délivré pour l’instant ; ceux déjà délivrés restent valables.",
        "No token can be given at the moment; those already given stay valid.",
    )


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, how long it lives, and the scopes in it."""

    token: str
    seconds: int
    scopes: frozenset[str]


async def grant(reads: ReadPool, keys: Keys, settings: Settings, asked: TokenRequest) -> Granted:
    """Sign a token for the client; raises GrantRefused, or TokensUnavailable without database."""
    try:
        known = await clients.authenticate(reads, asked.client_id, asked.secret, settings.peppered)
    except (OSError, TimeoutError, *ReadPool.errors) as error:
        raise TokensUnavailable from error
    if known is None:
        raise GrantRefused("invalid_client", "unknown client or wrong secret")
    scopes = known.scopes if asked.scopes is None else asked.scopes
    if not scopes <= known.scopes:
        raise GrantRefused("invalid_scope", "the client was not granted all of these scopes")
    caller = Principal(
        issuer=settings.issuer,
        client=known.client_id,
        subject=known.client_id,
        tenant=known.tenant,
        roles=known.roles,
        scopes=scopes,
    )
    seconds = settings.token_minutes * 60
    token = access.sign(
        keys, issuer=settings.issuer, audience=settings.audience, caller=caller, seconds=seconds
    )
    return Granted(token, seconds, scopes)
