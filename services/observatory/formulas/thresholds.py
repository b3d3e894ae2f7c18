"""The published thresholds of formula 9; no array is needed to tell them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

VERSION: Final = "1.0.0"
"""Of all the thresholds together; another one makes other series of the backtest."""

SINCE: Final = "2026-Q4"
"""Quarter from which this version is in force."""


class Family(StrEnum):
    """What counts are of, by which they are judged."""

    ADS = "ads"
    """Job ads and whatever else is counted by quarter, as a source sends it."""

    SURVEY = "survey"
    """A yearly survey of recruitment."""

    NEEDS = "needs"
    """What diagnostics that contribute find wanting, by quarter."""


class Rule(NamedTuple):
    """When a term emerges; growth, demand and concentration are policy choices (design, part 5)."""

    horizon: int = 4
    """Periods between the two shares that are compared: the same season."""

    false_discovery_rate: float = 0.05
    """Of Benjamini–Hochberg, among all terms of a period."""

    least_count: int = 10
    """Ads of the period."""

    least_growth: float = 1.5
    """Of the share, times."""

    least_employers: int = 3
    largest_employer: float = 0.85
    """Share of the ads of one employer, at most."""

    persistence: int = 2
    window: int = 3
    """A watch begins when so many of the last periods pass."""

    fades_after: int = 4
    """Periods in a row that do not pass."""


RULES: Final[Mapping[Family, Rule]] = {
    Family.ADS: Rule(),
    Family.SURVEY: Rule(horizon=1, fades_after=2),
    Family.NEEDS: Rule(least_employers=5),
}
"""Periods are quarters, of a survey years."""

EMERGED: Final = 2.0
"""Growth of the share within the horizon that the backtest calls an emergence, once it lasts."""
