"""Formulas 7 and 8: location quotients, shift-share, and intervals of shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

Z = 1.959964
"""Half-width, in standard errors, of a 95 % interval."""

FEWEST = 30
"""Below this effective count a figure is flagged unreliable (U): our choice, no source's rule."""


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quotient:
    """A location quotient; no interval where nobody was observed."""

    value: float
    interval: Interval | None
    observed: float
    """Effective count behind it."""

    @property
    def unreliable(self) -> bool:
        """Tell whether too few were observed to trust it."""
        return self.observed < FEWEST


def location_quotient(
    part: float, whole: float, part_elsewhere: float, whole_elsewhere: float, sampling: float
) -> Quotient:
    """LQ = (E_rs/E_r)/(E_Fs/E_F), with var ln LQ ≈ 1/n_rs − 1/n_r + 1/n_Fs − 1/n_F.

    The counts n are those observed: the employment times `sampling`.
    """
    value = (part / whole) / (part_elsewhere / whole_elsewhere)
    observed = sampling * part
    if not observed:
        return Quotient(value, None, observed)
    variance = (1 / part - 1 / whole + 1 / part_elsewhere - 1 / whole_elsewhere) / sampling
    margin = Z * sqrt(max(0.0, variance))
    centre = log(value)
    return Quotient(value, Interval(exp(centre - margin), exp(centre + margin)), observed)


class Shift(NamedTuple):
    """Growth of a sector in a region: what the nation, the sector's mix and the place give."""

    national: float
    mix: float
    local: float


def shift_share(
    before: Mapping[str, float],
    after: Mapping[str, float],
    nation_before: Mapping[str, float],
    nation_after: Mapping[str, float],
) -> dict[str, Shift]:
    """Split ΔE by sector (Dunn 1960): E·G + E·(g_s − G) + E·(g_rs − g_s), an exact identity.

    A sector without any national job before has no growth rate; all it brings is local.
    """
    total = sum(nation_before.values())
    growth = sum(nation_after.values()) / total - 1
    found = {}
    for code in sorted(before.keys() | after.keys()):
        was, now = before.get(code, 0.0), after.get(code, 0.0)
        nation = nation_before.get(code, 0.0)
        rate = nation_after.get(code, 0.0) / nation - 1 if nation else growth
        found[code] = Shift(was * growth, was * (rate - growth), now - was - was * rate)
    return found


def wilson(share: float, observed: float) -> Interval:
    """Wilson's interval of a share of `observed` independent cases; all of it when there is none.

    Wilson (1927); unlike share ± z·SE it stays within 0 and 1, and has a width at both ends.
    """
    if observed <= 0:
        return Interval(0.0, 1.0)
    spread = Z**2 / observed
    centre = (share + spread / 2) / (1 + spread)
    margin = Z / (1 + spread) * sqrt(share * (1 - share) / observed + spread / (4 * observed))
    return Interval(max(0.0, centre - margin), min(1.0, centre + margin))
