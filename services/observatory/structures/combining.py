"""How levels become one level. Pure.

Levels are places in the order of the grid, 0 the lowest; what is not measured is left out.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

Rule = Literal["highest", "lowest", "median", "most_frequent"]
Tie = Literal["higher", "lower"]


def combine(levels: Sequence[int], rule: Rule, tie: Tie) -> int | None:
    """Return one level, whatever the order of those given; None of none.

    `tie` decides between the two middle ones, and between those as frequent.
    """
    if not levels:
        return None
    placed = sorted(levels)
    if rule == "highest":
        return placed[-1]
    if rule == "lowest":
        return placed[0]
    if rule == "median":
        return placed[len(placed) // 2 if tie == "higher" else (len(placed) - 1) // 2]
    counts = Counter(placed)
    most = max(counts.values())
    candidates = [level for level, count in counts.items() if count == most]
    return max(candidates) if tie == "higher" else min(candidates)
