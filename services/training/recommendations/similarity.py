"""How much of a job somebody brings along from another: Nesta's asymmetric similarity.

Destination coverage of "Mapping Career Causeways" (Nesta 2020): the sum, over the skills of the
destination, of the best match among those of the origin, by their number. A match is the sigmoid
that Nesta fitted on the cosine, and counts from 0.8 on. Theirs is the cosine of sentence
embeddings; ours, without a model, that of the words of the labels: it finds fewer.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

COUNTS: Final = 0.8
_STEM: Final = 6
"""Letters by which words are the same: French endings are left out."""
_SHORTEST: Final = 3


def stems(label: str) -> frozenset[str]:
    """Return the beginnings of the words of a label, without accents and short words."""
    plain = unicodedata.normalize("NFKD", label.lower())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return frozenset(
        word[:_STEM] for word in re.findall(r"[a-z0-9]+", plain) if len(word) > _SHORTEST
    )


def matched(one: Collection[str], other: Collection[str]) -> float:
    """Return the score of two labels by their stems."""
    if not one or not other:
        return 0.0
    cosine = len(set(one) & set(other)) / math.sqrt(len(one) * len(other))
    return 1 / (1 + math.exp(43.5 - 50 * cosine))


def coverage(origin: Mapping[str, str], destination: Mapping[str, str]) -> float:
    """Return the share of the destination's skills, labels by code, that the origin brings."""
    if not destination:
        return 0.0
    brought = [stems(label) for label in origin.values()]
    found = []
    for code, label in destination.items():
        if code in origin:
            found.append(1.0)
            continue
        own = stems(label)
        best = max((matched(own, one) for one in brought), default=0.0)
        found.append(best if best >= COUNTS else 0.0)
    return math.fsum(found) / len(destination)
