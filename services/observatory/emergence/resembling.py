"""How near a new label is to one that ESCO or ROME already has: novelty, by trigrams."""

from collections.abc import Iterable, Mapping
from typing import Any

from platformkit.matching import trigrams, words_of


def _of(label: str) -> frozenset[str]:
    return frozenset(one for word in words_of(label) for one in trigrams(word))


def nearest(labels: Iterable[str], known: Mapping[str, str]) -> list[dict[str, Any] | None]:
    """Return for each label the known one most like it: shared of all trigrams, as pg_trgm does."""
    sets = [(code, label, _of(label)) for code, label in known.items()]
    return [_nearest(_of(label), sets) for label in labels]


def _nearest(
    own: frozenset[str], sets: list[tuple[str, str, frozenset[str]]]
) -> dict[str, Any] | None:
    best: tuple[float, str, str] | None = None
    for code, label, other in sets:
        shared = len(own & other)
        if shared:
            similarity = shared / (len(own) + len(other) - shared)
            if best is None or similarity > best[0]:
                best = (similarity, code, label)
    if best is None:
        return None
    return {"code": best[1], "label": best[2], "similarity": round(best[0], 4)}
