"""Who a client is that calls a token endpoint: by its secret, or by what it signed."""

import json
from dataclasses import dataclass
from typing import Any

from gateway.clients import jwks
from gateway.clients import queries as client_queries
from gateway.clients import service as clients
from gateway.clients.service import Known
from gateway.settings import Settings
from gateway.tokens import assertions, queries
from gateway.tokens.dpop import Proofs
from gateway.tokens.grant import GrantRefused, Proof
from platformkit.errors import Unavailable
from platformkit.i18n import Text
from platformkit.reads import ReadPool, WritePool


class TokensUnavailable(Unavailable):
    """The clients cannot be read now; tokens already given stay valid."""

    code = "tokens-unavailable"
    detail = Text(
        "Aucun jeton ne peut être délivré pour l’instant ; ceux déjà délivrés restent valables.",
        "No token can be given at the moment; those already given stay valid.",
    )


class IssuerUnavailable(Unavailable):
    """The keys of an issuer of people cannot be read now, and were not before."""

    code = "issuer-unavailable"
    detail = Text(
        "Le fournisseur d’identité ne répond pas pour l’instant.",
        "The identity provider does not answer at the moment.",
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What the token endpoints need to know clients."""

    settings: Settings
    reads: ReadPool
    writes: WritePool
    key_sets: jwks.KeySets
    proofs: Proofs

    async def admit(self, proof: Proof) -> Known:
        """Give the client; raises GrantRefused, or TokensUnavailable without database.

        A proof without secret, which only the code grant takes, is enough for a client that can
        keep none: the code and its verifier prove the rest.
        """
        try:
            if not proof.secret and not proof.assertion:
                return await self._public(proof.client_id)
            if proof.assertion:
                return await self._by_assertion(proof)
            pepper = self.settings.peppered
            known = await clients.authenticate(self.reads, proof.client_id, proof.secret, pepper)
        except (OSError, TimeoutError, *ReadPool.errors) as error:
            raise TokensUnavailable from error
        if known is None:
            raise GrantRefused("invalid_client", "unknown client or wrong secret")
        return known

    async def _public(self, client_id: str) -> Known:
        found = await client_queries.live(self.reads, client_id)
        if found is None or any(found[way] for way in ("secret_hash", "jwks", "jwks_uri")):
            raise GrantRefused("invalid_client", "unknown client, or one that must prove itself")
        return clients.known(found)

    async def _by_assertion(self, proof: Proof) -> Known:
        client_id = assertions.claimed(proof.assertion)
        if proof.client_id not in {"", client_id}:
            raise GrantRefused("invalid_request", "two different client_id")
        found = await client_queries.live(self.reads, client_id)

        async def find(kid: object) -> jwks.PublicKey | None:
            return await self._key(found, kid) if found else None

        issuer = self.settings.issuer
        audiences = [issuer, f"{issuer}/oauth2/token"]
        sound = await assertions.verify(proof.assertion, client_id, audiences, find)
        assert found is not None  # noqa: S101  # else there was no key
        async with self.writes.transaction("assertion used") as connection:
            values = (sound.client_id, sound.jti, sound.expires + 60)
            if await connection.fetchval(queries.USE, *values) is None:
                raise GrantRefused("invalid_client", "this assertion was used before")
        return clients.known(found)

    async def _key(self, found: dict[str, Any], kid: object) -> jwks.PublicKey | None:
        if found["jwks"] is not None:
            try:
                return jwks.choose(jwks.read(json.loads(found["jwks"])), kid)
            except jwks.KeysRefused:
                return None
        if found["jwks_uri"] is not None:
            return await self.key_sets.find(found["jwks_uri"], kid)
        return None
