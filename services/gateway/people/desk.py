"""What signing in needs of the installation: its issuers, and what it seals."""

from collections.abc import Mapping

import jwt

from gateway.people import issuers
from gateway.people.provider import Provider
from gateway.people.sealing import Seal
from gateway.settings import Settings


class People:
    """The issuers by name; one seal for each purpose, so that nothing serves for another."""

    def __init__(self, settings: Settings) -> None:
        described = issuers.read(settings.issuers)
        self.pepper = settings.peppered
        self.providers: Mapping[str, Provider] = {
            name: Provider(one, settings.issuer) for name, one in described.items()
        }
        self._by_issuer = {one.described.issuer: one for one in self.providers.values()}
        self.logins = Seal(self.pepper, "login")
        self.departures = Seal(self.pepper, "departure")
        self.id_tokens = Seal(self.pepper, "id token")

    def said_by(self, token: str) -> Provider | None:
        """Find the issuer that a token names; nothing of it is proved yet."""
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
            return self._by_issuer.get(claims["iss"])
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, RecursionError):
            return None
