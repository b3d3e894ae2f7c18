"""How good a ranking is, by what people judged: recall and nDCG, over queries of a file."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

QUERIES: Final = Path(__file__).parents[1] / "reference" / "judged_queries.txt"

_GOOD: Final = 2
"""The least grade of what a search must find."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the grade of what answers it: 3 exactly, 2 well, 1 somewhat, 0 not."""

    query: str
    grades: Mapping[str, int]


def judged(path: Path = QUERIES) -> Iterator[Judged]:
    """Read the judged queries: `query | key=grade key=grade`, a line each."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            query, _, answers = line.partition(" | ")
            pairs = (answer.split("=") for answer in answers.split())
            yield Judged(query, {key: int(grade) for key, grade in pairs})


def recall(found: Sequence[str], grades: Mapping[str, int], depth: int = 5) -> float:
    """Return the share of the good answers, as many as have room, that the first hits are."""
    good = {key for key, grade in grades.items() if grade >= _GOOD}
    return len(good.intersection(found[:depth])) / min(depth, len(good))


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002).

    The gain of a grade is 2^grade - 1, its discount log2 of the place plus one.
    """
    best = sorted(grades.values(), reverse=True)
    return _gain([grades.get(key, 0) for key in found[:depth]]) / _gain(best[:depth])


def _gain(grades: Sequence[int]) -> float:
    gains = [
        (math.pow(2, grade) - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1)
    ]
    return sum(gains)
