"""Formula 6, last part (B6): what several indices say together, and the budget of doubt."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import variance

from observatory.formulas.percentiles import Band, band


@dataclass(frozen=True, slots=True)
class Spread:
    """The range of an exposure across indices, on their common scale."""

    low: str
    """The index that gives the lowest place."""
    high: str
    places: Mapping[str, float]

    @property
    def classes(self) -> dict[str, Band]:
        """Class by index."""
        return {index: band(place) for index, place in self.places.items()}

    @property
    def agreeing(self) -> tuple[Band, int]:
        """The class that most indices give, and how many do; of two as frequent, the higher."""
        counts = Counter(self.classes.values())
        order = list(Band)
        return max(counts.items(), key=lambda each: (each[1], order.index(each[0])))


def across(places: Mapping[str, float]) -> Spread:
    """Range of one unit across indices; never an average of them."""
    ordered = sorted(places, key=lambda index: (places[index], index))
    return Spread(ordered[0], ordered[-1], places)


def budget(within: Mapping[str, float], places: Sequence[float]) -> dict[str, float]:
    """Parts of the variance, which sum to one: those within an index, and the choice of it.

    The choice counts as the sample variance of the places that the indices give, zero with one.
    """
    parts = {**within, "index": variance(places) if len(places) > 1 else 0.0}
    total = sum(parts.values()) or 1.0
    return {name: part / total for name, part in parts.items()}


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Rank correlation, equal values sharing their mean rank."""
    first, second = _ranks(one), _ranks(other)
    middle = (len(first) + 1) / 2
    shared = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    spreads = [sum((rank - middle) ** 2 for rank in ranks) for ranks in (first, second)]
    return float(shared / (spreads[0] * spreads[1]) ** 0.5)


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    counts = Counter(ordered)
    return [first[value] + (counts[value] - 1) / 2 for value in values]
