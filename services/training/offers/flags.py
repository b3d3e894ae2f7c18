"""What an import may find wrong with a provider's right to offer what it offers."""

from enum import StrEnum


class Flag(StrEnum):
    """A flag of an offer; `habilitations.queries.FLAG` is where it is decided."""

    NOT_HABILITATED = "not_habilitated"
    PROVIDER_UNLISTED = "provider_unlisted"
    QUALIOPI_MISSING = "qualiopi_missing"
