"""What the successions and equivalences of the directory come to for somebody who asks on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from training.certifications.lifecycle import Validity


@dataclass(frozen=True, slots=True)
class Link:
    """A certification of a chain; without validity it is not in the catalogue."""

    code: str
    successors: Sequence[str]
    validity: Validity | None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Two sets of blocs that count as each other; an empty set is the whole certification."""

    source: str
    source_blocs: Sequence[str]
    target: str
    target_blocs: Sequence[str]

    def seen_from(self, code: str) -> tuple[Sequence[str], str, Sequence[str]]:
        """Return the blocs of that side, the certification of the other, and its blocs."""
        if self.source == code:
            return self.source_blocs, self.target, self.target_blocs
        return self.target_blocs, self.source, self.source_blocs


def distances(start: str, links: Mapping[str, Link]) -> dict[str, int]:
    """Count the steps to each certification that replaces this one, the nearest first.

    Each is met once, whatever turns the source takes; those that the links do not hold end a way.
    """
    found, open_ = {start: 0}, [start]
    for code in open_:
        for successor in links[code].successors:
            if successor in links and successor not in found:
                found[successor] = found[code] + 1
                open_.append(successor)
    del found[start]
    return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))


def turns_round(links: Iterable[Link]) -> bool:
    """Tell whether a certification replaces itself through others, which cannot be true."""
    try:
        TopologicalSorter({link.code: link.successors for link in links}).prepare()
    except CycleError:
        return True
    return False


def left_behind(code: str, blocs: Sequence[str], carried: Sequence[Correspondence]) -> list[str]:
    """Return the blocs that are in no set which a replacement recognises, in the fiche's order.

    A whole certification that is recognised carries none of its blocs by itself.
    """
    kept = {bloc for one in carried for bloc in one.seen_from(code)[0]}
    return [bloc for bloc in blocs if bloc not in kept]
