"""The keys in force, in the memory of this gateway: the forwarding path never asks the database."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from gateway.api_keys import queries
from gateway.clients.service import digest
from gateway.settings import Settings
from gateway.tokens.access import Verified
from platformkit.auth import Principal
from platformkit.errors import Forbidden, Unauthenticated, Unavailable
from platformkit.i18n import Text

MANAGE: Final = "gateway:keys"
"""Managing keys takes a token: no key makes another."""

_WRITE_SECONDS = 60.0
_TOLD = {"www-authenticate": 'Bearer realm="vigie", error="invalid_token"'}


class KeyRefused(Unauthenticated):
    """The API key is unknown, expired or revoked, or its client is disabled."""

    code = "api-key-refused"
    title = Text("Clé d’API refusée", "API key refused")
    detail = Text(
        "Cette clé est inconnue, expirée ou révoquée.", "This key is unknown, expired or revoked."
    )


class OriginRefused(Forbidden):
    """A publishable key serves the pages it was made for, and no others."""

    code = "origin-refused"
    title = Text("Origine refusée", "Origin refused")
    detail = Text(
        "Cette clé publique n’est pas celle de la page qui l’emploie (en-tête Origin).",
        "This publishable key is not that of the page that uses it (Origin header).",
    )


class KeysUnavailable(Unavailable):
    """The keys have not been read since the gateway started."""

    code = "api-keys-unavailable"
    detail = Text(
        "Les clés d’API ne peuvent pas être vérifiées pour l’instant.",
        "API keys cannot be verified at the moment.",
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A key in force: who calls with it, and from which pages (None: from no page at all)."""

    id: UUID
    caller: Verified
    origins: frozenset[bytes] | None


class Ring:
    """Holds every key in force by its digest; `look` keeps it so.

    A digest is under the pepper, so that how long a look-up takes says nothing of any key.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pepper = settings.peppered
        self._held: dict[bytes, Held] = {}
        self.pages: frozenset[str] = frozenset()
        self._used: dict[UUID, float] = {}
        self._has_looked = False
        self._written = 0.0

    def authenticate(self, key: bytes, origin: bytes | None) -> Verified:
        """Return the caller; raises KeyRefused, OriginRefused, or KeysUnavailable at first."""
        held = self._held.get(digest(key, self._pepper))
        now = time.time()
        if held is None or held.caller.expires <= now:
            if not self._has_looked:
                raise KeysUnavailable
            raise KeyRefused(headers=_TOLD)
        if held.origins is not None and origin not in held.origins:
            raise OriginRefused
        self._used[held.id] = now
        return held.caller

    async def look(self, connection: Any, since: timedelta) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Take in what changed since then, and write when keys were used."""
        changed = await connection.fetch(queries.CHANGED, since)
        for row in changed:
            if row["live"]:
                self._held[row["hash"]] = self._of(row)
            else:
                self._held.pop(row["hash"], None)
        self._has_looked = True
        if changed:
            held = [held.origins or frozenset() for held in self._held.values()]
            self.pages = frozenset(origin.decode() for origins in held for origin in origins)
        now = time.monotonic()
        if self._used and now - self._written > _WRITE_SECONDS:
            used, self._used, self._written = self._used, {}, now
            instants = [datetime.fromtimestamp(at, UTC) for at in used.values()]
            await connection.execute(queries.USED, list(used), instants)

    def _of(self, row: Any) -> Held:  # noqa: ANN401  # asyncpg's record, likewise
        scopes = frozenset(row["scopes"]) - {MANAGE}
        is_publishable = row["kind"] == "publishable"
        if is_publishable:
            scopes &= self._settings.browser_scopes
        caller = Principal(
            issuer=self._settings.issuer,
            client=row["client_id"],
            subject=row["client_id"],
            tenant=row["tenant"],
            roles=frozenset() if is_publishable else frozenset(row["roles"]),
            scopes=scopes,
        )
        expires = float("inf") if row["expires"] is None else row["expires"]
        origins = frozenset(origin.encode() for origin in row["origins"])
        verified = Verified(caller, expires, key_id=str(row["id"]), is_publishable=is_publishable)
        return Held(row["id"], verified, origins if is_publishable else None)
