"""Which certification to offer instead of one that ends, and why: pure.

First what the directory says replaces it, the nearest first; then what recognises its blocs. Only
those that are in force on the day of the session come into question.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from training.certifications.lifecycle import State, Validity, state
from training.continuity.rules import Correspondence, Link, distances, left_behind


@dataclass(frozen=True, slots=True)
class Around:
    """What the catalogue holds around a certification that ends."""

    code: str
    links: Mapping[str, Link]
    """Itself and all its successors, direct or through others."""
    correspondences: Sequence[Correspondence]
    blocs: Sequence[str]
    validities: Mapping[str, Validity]
    """Of every certification of the catalogue that the links and correspondences name."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to offer instead: `distance` is none for what only recognises blocs."""

    code: str
    distance: int | None
    until: date | None
    """The last day on which one may enrol in it, where the source gives one."""
    is_whole: bool
    """Whether the certification counts as the replacement as a whole."""
    recognised: Sequence[str]
    left: Sequence[str]


def best(around: Around, day: date) -> Replacement | None:
    """Return the best replacement in force on that day; None where there is none.

    The fewest steps, then the most blocs recognised, then the longest in force, then the number.
    """
    return min(_open(around, day), key=_rank, default=None)


def _open(around: Around, day: date) -> Iterator[Replacement]:
    steps = distances(around.code, around.links)
    others = {one.seen_from(around.code)[1] for one in around.correspondences}
    for code in {*steps, *others} - {around.code}:
        validity = around.validities.get(code)
        if validity is None or state(validity, day) is not State.ACTIVE:
            continue
        carried = [one for one in around.correspondences if one.seen_from(around.code)[1] == code]
        left = left_behind(around.code, around.blocs, carried)
        yield Replacement(
            code,
            steps.get(code),
            validity.ends_on,
            _counts_whole(around.code, carried),
            [bloc for bloc in around.blocs if bloc not in left],
            left,
        )


def _counts_whole(code: str, carried: Iterable[Correspondence]) -> bool:
    return any(not one.seen_from(code)[0] for one in carried)


def _rank(one: Replacement) -> tuple[bool, int, bool, int, int, str]:
    last = date.max if one.until is None else one.until
    return (
        one.distance is None,
        one.distance or 0,
        not one.is_whole,
        -len(one.recognised),
        -last.toordinal(),
        one.code,
    )
