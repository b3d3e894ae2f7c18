"""What may be wrong with an offer; `habilitations.queries` is where it is decided."""

from enum import StrEnum


class Flag(StrEnum):
    """What is wrong with a provider's right to offer what it offers, or to let people in."""

    NOT_HABILITATED = "not_habilitated"
    PROVIDER_UNLISTED = "provider_unlisted"
    QUALIOPI_MISSING = "qualiopi_missing"
    CERTIFICATION_ENDED = "certification_ended"
