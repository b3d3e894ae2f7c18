"""What stands behind an answer, and how far it lets the answer count (design §4.13)."""

from collections.abc import Collection
from enum import StrEnum
from fractions import Fraction

from diagnostic.questionnaires.grid import ScoringProfile, exact


class Backing(StrEnum):
    """The company's word, a document that is valid today, or one that somebody verified."""

    DECLARED = "declared"
    DOCUMENT = "document"
    VERIFIED = "verified"


def highest(profile: ScoringProfile, backing: Backing) -> Fraction:
    """Give the highest ratio of an answer so backed: 1 where the profile does not ask."""
    caps = profile.evidence
    return Fraction(1) if caps is None else exact(getattr(caps, backing))


def shares(
    weighted: Collection[tuple[Fraction, Backing | None]],
) -> dict[Backing, Fraction] | None:
    """Split the weight of the answers by what backs them; null without any."""
    held = [(weight, backing) for weight, backing in weighted if backing is not None]
    whole = sum((weight for weight, _ in held), Fraction(0))
    if not whole:
        return None
    return {
        kind: sum((weight for weight, backing in held if backing is kind), Fraction(0)) / whole
        for kind in Backing
    }
