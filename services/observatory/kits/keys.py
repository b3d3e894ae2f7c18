"""The keys of an installation: its own, and those of the publishers that it trusts."""

from collections.abc import Sequence

from observatory.kits.signing import PublicKey, SigningKey
from observatory.settings import Settings


def own(settings: Settings) -> SigningKey:
    """Return the key that this installation signs with."""
    if settings.kit_key is None:
        return SigningKey.derived(settings.secret_key.get_secret_value())
    return SigningKey.read(settings.kit_key.get_secret_value())


def publishers(settings: Settings, agency: str) -> Sequence[PublicKey]:
    """Return the pinned keys of a publisher, its own agency's included; none for a stranger."""
    pinned = [PublicKey.read(x) for x in settings.kit_publishers.get(agency, ())]
    return [own(settings).public, *pinned] if agency == settings.agency else pinned
