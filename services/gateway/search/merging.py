"""Lists of several services made one: by what was matched, then by reciprocal ranks. Pure.

Scores of different services do not compare, ranks do: reciprocal rank fusion (Cormack, Clarke and
Büttcher, SIGIR 2009) gives each hit 1/(60 + its rank). Every hit is in one list only, so it takes
the best of each kind in turns; before that, what was asked for by its code or whole name goes
first, and what lacks a word last.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from platformkit.matching import Match, folded

K: Final = 60
"""The constant of the paper, found robust there."""

ORDER: Final = (
    "jobs",
    "certifications",
    "offers",
    "sectors",
    "territories",
    "indicators",
    "opportunities",
)
"""The kinds, and which goes first where nothing else decides."""

_TIERS: Final[dict[Match, int]] = {"exact": 0, "all": 1, "some": 2}
_LETTERS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """What a service found; `rank` is its place among those of its kind, 1 the first."""

    kind: str
    code: str
    title: str
    match: Match
    rank: int
    href: str
    data: Mapping[str, Any]

    @property
    def score(self) -> float:
        """Reciprocal rank, to be compared within a match."""
        return 1 / (K + self.rank)


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """Put the hits of all kinds in one order."""
    return sorted(
        hits, key=lambda hit: (_TIERS[hit.match], -hit.score, ORDER.index(hit.kind), hit.code)
    )


def is_named(question: str, *names: str) -> bool:
    """Tell whether the question is one of these names, whole, but for accents, case and signs."""
    asked = _spelt(question)
    return bool(asked) and any(asked == _spelt(name) for name in names)


@lru_cache(maxsize=4096)
def _spelt(text: str) -> str:
    return "".join(_LETTERS.findall(folded(text)))
