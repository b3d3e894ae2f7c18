"""What an issuer's claims mean here: whose member somebody is, and in which roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from gateway.people.issuers import Affiliations, Issuer

_MOST: Final = 200
"""Values of a claim that are looked at."""

Reason = Literal[
    "claim-missing",
    "organisation-unknown",
    "organisation-ambiguous",
    "role-unknown",
    "affiliation-scope-mismatch",
]


class PersonRefused(Exception):
    """Somebody who signed in has no place here; the reason names no person."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """The one organisation in whose name somebody acts, and the roles there."""

    organisation: str
    roles: frozenset[str]


def place(issuer: Issuer, claims: Mapping[str, Any]) -> Place:
    """Find organisation and roles; raises PersonRefused."""
    for claim, allowed in issuer.required.items():
        if not allowed.intersection(_values(claims, claim)):
            raise PersonRefused("claim-missing")
    if issuer.affiliations is not None:
        pairs = _affiliations(issuer.affiliations, claims)
        memberships = [scope for _, scope in pairs]
        parts = [affiliation for affiliation, scope in pairs if scope in issuer.organisations]
    else:
        memberships = _values(claims, issuer.organisation_claim or "")
        parts = _values(claims, issuer.role_claim) if issuer.role_claim else []
    found = {issuer.organisations[one] for one in memberships if one in issuer.organisations}
    if len(found) != 1:
        raise PersonRefused("organisation-ambiguous" if found else "organisation-unknown")
    roles: set[str] = {issuer.roles[part] for part in parts if part in issuer.roles}
    if not roles and issuer.default_role is not None:
        roles = {issuer.default_role}
    if not roles:
        raise PersonRefused("role-unknown")
    return Place(found.pop(), frozenset(roles))


def _affiliations(described: Affiliations, claims: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give affiliations and scopes; one scope that is not the provider's own refuses all."""
    providers = _values(claims, described.provider_claim)
    allowed = described.providers.get(providers[0], frozenset()) if len(providers) == 1 else ()
    pairs: list[tuple[str, str]] = []
    for value in _values(claims, described.claim):
        affiliation, _, scope = value.partition("@")
        if scope not in allowed:
            raise PersonRefused("affiliation-scope-mismatch")
        pairs.append((affiliation, scope))
    return pairs


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    """Give the texts at a path, `realm_access.roles`; a claim may have dots in its own name."""
    found: Any = claims
    for step in [path] if path in claims else path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return [value for value in listed[:_MOST] if isinstance(value, str)]
