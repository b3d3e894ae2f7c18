"""Which class a value has: bands that share no value and leave none out between them. Pure.

Numbers are decimal: a bound of 0.15 is exactly that, and a value is what its first fifteen digits
say, as PostgreSQL turns a double into a numeric.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import Final, Literal, NamedTuple

Includes = Literal["lower", "upper", "both", "neither"]
Mode = Literal["half_up", "down"]

_EXACT: Final = Context(prec=400)
"""All digits of the largest double, and those behind its point that a key may ask for."""

_MODES: Final = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}


@dataclass(frozen=True, slots=True)
class Band:
    """The values of a class: from `lower` to `upper`, either of them in it or not; None: no end."""

    id: str
    lower: Decimal | None
    upper: Decimal | None
    includes: Includes = "lower"

    @property
    def has_lower(self) -> bool:
        """Tell whether a value exactly on the lower bound is in it."""
        return self.includes in ("lower", "both")

    @property
    def has_upper(self) -> bool:
        """Tell whether a value exactly on the upper bound is in it."""
        return self.includes in ("upper", "both")

    def has(self, value: Decimal) -> bool:
        """Tell whether a value is in it."""
        return (
            self.lower is None or value > self.lower or (self.has_lower and value == self.lower)
        ) and (self.upper is None or value < self.upper or (self.has_upper and value == self.upper))


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a value is rounded before it is compared; `half_up` goes away from zero."""

    decimals: int
    mode: Mode


class Fault(NamedTuple):
    """Why bands are no scale, and the band where it shows."""

    kind: Literal["empty", "overlap", "gap"]
    band: str
    other: str


def decimal(value: float) -> Decimal:
    """Return a double as a decimal of at most fifteen digits."""
    return Decimal(f"{value:.15g}")


def rounded(value: float, rounding: Rounding | None) -> Decimal:
    """Return a value as it is compared."""
    exact = decimal(value)
    if rounding is None:
        return exact
    place = Decimal(1).scaleb(-rounding.decimals)
    return exact.quantize(place, _MODES[rounding.mode], _EXACT)


def classify(bands: Iterable[Band], value: Decimal) -> Band | None:
    """Return the band of a value; None for one beyond both ends of the scale."""
    return next((each for each in bands if each.has(value)), None)


def ordered(bands: Iterable[Band]) -> list[Band]:
    """Put bands from the lowest to the highest, in whatever order they were written."""
    return sorted(bands, key=_place)


def faults(bands: Sequence[Band]) -> Iterator[Fault]:
    """Yield each band that is empty, and each pair of neighbours that overlap or leave a gap."""
    for each in bands:
        if each.lower is None or each.upper is None:
            continue
        if each.lower > each.upper or (each.lower == each.upper and each.includes != "both"):
            yield Fault("empty", each.id, each.id)
    for low, high in pairwise(ordered(bands)):
        if low.upper is None or high.lower is None or low.upper > high.lower:
            yield Fault("overlap", high.id, low.id)
        elif low.upper < high.lower or not (low.has_upper or high.has_lower):
            yield Fault("gap", high.id, low.id)
        elif low.has_upper and high.has_lower:
            yield Fault("overlap", high.id, low.id)


def _place(band: Band) -> tuple[bool, Decimal, bool, bool, Decimal]:
    """Order by the lowest value, then by the highest: a single value comes before what follows."""
    return (
        band.lower is not None,
        band.lower or Decimal(0),
        not band.has_lower,
        band.upper is None,
        band.upper or Decimal(0),
    )
