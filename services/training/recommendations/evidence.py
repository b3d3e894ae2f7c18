"""The sentence in which a text names a skill: what a reader checks a link with."""

import re
from collections.abc import Iterable
from typing import Final

from training.recommendations.similarity import stems

LONGEST: Final = 240
_ENDS: Final = re.compile(r"(?<=[.!?;:])\s+|\s*[\n\r•]+\s*|\s-\s")
_READ: Final = 20_000
"""Characters of the texts of a course that are looked through."""


def sentence(said: str, texts: Iterable[str | None]) -> str | None:
    """Return the sentence that has most words of what is said of a skill; None: it has none.

    `said` is its label, or expressions with `or` between them, of which the best counts.
    """
    expressions = [stems(one) for one in said.replace('"', " ").split(" or ")]
    best, found = 0.0, None
    for text in texts:
        for one in _ENDS.split((text or "")[:_READ]):
            words = stems(one)
            share = max(len(words & each) / max(1, len(each)) for each in expressions)
            if share > best:
                best, found = share, one
    if found is None:
        return None
    return found if len(found) <= LONGEST else found[: LONGEST - 1].rstrip() + "…"
