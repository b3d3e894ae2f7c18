"""The published thresholds of formula 9; no array is needed to tell them."""

from typing import NamedTuple


class Rule(NamedTuple):
    """When a term emerges; growth, demand and concentration are policy choices (design, part 5)."""

    horizon: int = 4
    """Quarters between the two shares that are compared: the same season."""

    false_discovery_rate: float = 0.05
    """Of Benjamini–Hochberg, among all terms of a quarter."""

    least_count: int = 10
    """Ads of the quarter."""

    least_growth: float = 1.5
    """Of the share, times."""

    least_employers: int = 3
    largest_employer: float = 0.85
    """Share of the ads of one employer, at most."""

    persistence: int = 2
    window: int = 3
    """A watch begins when so many of the last quarters pass."""

    fades_after: int = 4
    """Quarters in a row that do not pass."""
