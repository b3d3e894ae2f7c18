"""Who pays which share of a thesis: percentages of its cost, in hundredths, and euros to the cent.

Amounts are rounded down, so that no share comes to more than it says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

WHOLE: Final = Decimal(100)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A rule of financing that is broken, and where."""

    pointer: str
    code: str
    fr: str
    en: str


def amount(cost: Decimal, percent: Decimal) -> Decimal:
    """Return the share of a cost in euros, rounded down to the cent."""
    return (cost * percent / WHOLE).quantize(_CENT, ROUND_DOWN)


def uncovered(regional: Decimal, others: Sequence[Decimal]) -> Decimal:
    """Return the percentage that nobody pays yet."""
    return WHOLE - regional - sum(others, Decimal())


def wrong(
    regional: Decimal, most: Decimal, names: Sequence[str], others: Sequence[Decimal]
) -> Iterator[Wrong]:
    """Name every broken rule of co-financing (case J2)."""
    if regional > most:
        yield Wrong(
            "/regional_percent",
            "regional-share-too-large",
            f"La part régionale est d’au plus {most} % du coût.",
            f"The regional share is at most {most} % of the cost.",
        )
    left = uncovered(regional, others)
    if left < 0:
        yield Wrong(
            "/cofinanciers",
            "financing-over-whole",
            f"Les parts font {WHOLE - left} % du coût : au plus 100 %.",
            f"The shares make {WHOLE - left} % of the cost: at most 100 %.",
        )
    seen: set[str] = set()
    for place, name in enumerate(name.casefold() for name in names):
        if name in seen:
            yield Wrong(
                f"/cofinanciers/{place}/name",
                "cofinancier-twice",
                "Ce cofinanceur est déjà nommé.",
                "This co-financier is named already.",
            )
        seen.add(name)
