"""RFC 8693: a back end gives a trusted issuer's token of somebody, and gets one for here."""

from collections.abc import Sequence
from typing import Final

from gateway.people.desk import People
from gateway.people.mapping import PersonRefused, place
from gateway.people.provider import TokenUnsound
from gateway.people.roles import scopes_of
from gateway.people.sealing import pseudonym
from gateway.tokens import service as tokens
from gateway.tokens.authentication import Desk, IssuerUnavailable
from gateway.tokens.grant import ACCESS_TOKEN, GrantRefused, Subject, TokenRequest
from gateway.tokens.keys import Keys
from gateway.tokens.service import Granted
from platformkit.auth import Principal
from platformkit.outside import OutsideUnreachable

ID_TOKEN: Final = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105  # a name


async def exchange(
    people: People, desk: Desk, keys: Keys, asked: TokenRequest, dpop: Sequence[str]
) -> Granted:
    """Give a token for the person, with no more scopes than role and client both have.

    The issuer's token must have been made for the client there that is this client here. Raises
    GrantRefused, IssuerUnavailable, TokensUnavailable.
    """
    subject = asked.grounds
    assert isinstance(subject, Subject)  # noqa: S101  # else it is not this grant
    known = await desk.admit(asked.proof)
    provider = people.said_by(subject.token)
    if provider is None:
        raise GrantRefused("invalid_request", "the issuer of the subject_token is not trusted")
    ours = provider.described
    audiences = [there for there, here in ours.exchange.items() if here == known.client_id]
    if not audiences:
        raise GrantRefused("unauthorized_client", "the client may exchange no token of this issuer")
    try:
        if subject.type == ID_TOKEN:
            claims = await provider.identity(subject.token, audiences)
        elif subject.type == ACCESS_TOKEN:
            claims = await provider.access(subject.token, audiences)
        else:
            raise GrantRefused("invalid_request", "subject_token_type must be id or access token")
        where = place(ours, claims)
    except TokenUnsound:
        why = "the subject_token is not one of its issuer, in force, for this client"
        raise GrantRefused("invalid_request", why) from None
    except PersonRefused as refused:
        raise GrantRefused("invalid_grant", refused.reason) from None
    except OutsideUnreachable as failure:
        raise IssuerUnavailable from failure
    scopes = scopes_of(where.roles) & known.scopes
    if asked.scopes is not None and not asked.scopes <= scopes:
        raise GrantRefused("invalid_scope", "person or client were not granted all of these scopes")
    caller = Principal(
        issuer=desk.settings.issuer,
        client=known.client_id,
        subject=pseudonym(people.pepper, ours.issuer, claims["sub"]),
        tenant=where.organisation,
        roles=where.roles,
        scopes=scopes if asked.scopes is None else asked.scopes,
    )
    return tokens.signed(desk, keys, caller, dpop)
