"""What may be shown of groups of companies so that no subtraction isolates a few of them.

Groups nest in two ways: by territory (region, size in it, sector in that) and by programme (and
cohort in it). What is shown of either cuts the companies into parts: each shown group without the
shown groups inside it. Whatever is added or subtracted is constant on a part, so parts of at least
k, whichever tenant looks on, isolate nobody; the proof is in docs/decisions/0017.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

CHANGES = 3
"""A group's figures change with at least so many of its contributors, or not at all."""

Cell = str
Path = tuple[Cell, ...]
Tally = Counter[str]
"""How many contributions each tenant has in a part."""

Way = Literal["territory", "scheme"]
WAYS: tuple[Way, Way] = ("territory", "scheme")


@dataclass(frozen=True, slots=True)
class Contribution:
    """A frozen score, the company (SIREN) and tenant it is of, its groups from large to small."""

    id: UUID
    owner: str
    holder: str
    territory: Path
    scheme: Path

    def path(self, way: Way) -> Path:
        """Give its groups of one of the two ways to nest."""
        return self.territory if way == "territory" else self.scheme

    @property
    def cells(self) -> Path:
        """Give all its groups."""
        return self.territory + self.scheme


def is_safe(tally: Tally, least: int) -> bool:
    """Tell whether a part has enough, and enough that do not belong to any one tenant.

    A tenant can subtract its own companies: the others must be as many, or none.
    """
    total = tally.total()
    others = total - max(tally.values(), default=0)
    return total >= least and (others == 0 or others >= least)


def innermost(path: Path, shown: Collection[Cell]) -> Cell | None:
    """Find the smallest shown group of a path: the part that its companies are in."""
    return next((cell for cell in reversed(path) if cell in shown), None)


class _Nest:
    """Groups of one way, which of them are shown, and who is in the part of each."""

    def __init__(self, population: Iterable[Contribution], way: Way, shown: set[Cell]) -> None:
        self.shown = shown
        self.parts: dict[Cell, Tally] = defaultdict(Counter)
        self.depth: dict[Cell, int] = {}
        self._above: dict[Cell, Cell | None] = {}
        self._inside: dict[Cell, set[Cell]] = defaultdict(set)
        for one in population:
            path = one.path(way)
            part = innermost(path, shown)
            if part is not None:
                self.parts[part][one.holder] += 1
            for depth, (above, cell) in enumerate(zip((None, *path), path, strict=False)):
                self.depth[cell], self._above[cell] = depth, above
                if above is not None:
                    self._inside[above].add(cell)

    def hide(self, cell: Cell) -> None:
        """Take a group off what is shown: its part joins that of the group around it."""
        self.shown.discard(cell)
        part, around = self.parts.pop(cell, Counter()), self._above[cell]
        while around is not None and around not in self.shown:
            around = self._above[around]
        if around is not None:
            self.parts[around] += part

    def next_inside(self, cell: Cell) -> Iterator[Cell]:
        """Give the shown groups that are directly inside one."""
        for one in self._inside[cell]:
            if one in self.shown:
                yield one
            else:
                yield from self.next_inside(one)


def without_thin_rests(
    population: Iterable[Contribution], way: Way, wanted: Collection[Cell], k: int
) -> set[Cell]:
    """Choose among the wanted groups of one way so that no rest of a shown group is thin.

    What remains of it without the shown groups inside is nothing or safe: for that, the smallest
    of those is hidden first, and the group itself at last.
    """
    nest = _Nest(population, way, set(wanted))
    nest.shown &= nest.depth.keys()
    for cell in sorted(nest.shown, key=lambda one: (-nest.depth[one], one)):
        while cell in nest.shown and nest.parts[cell] and not is_safe(nest.parts[cell], k):
            inside = nest.next_inside(cell)
            smallest = min(inside, key=lambda one: (nest.parts[one].total(), one), default=cell)
            nest.hide(smallest)
    return nest.shown


def entangled(
    population: Sequence[Contribution],
    territory: Collection[Cell],
    scheme: Collection[Cell],
    k: int,
) -> Cell | None:
    """Find the smallest shown programme or cohort that shown territories nearly make up.

    A block is a shown programme or cohort without the shown cohorts inside it. What tells it from
    the rest is, in each part, at least the smaller share of the two; in no shown territory, all of
    it. That must be k, whichever tenant looks on, or the block shares no part with anybody. Where
    every company is in a block and in a shown territory, the largest block stands for the rest.
    """
    places = [
        (innermost(one.territory, territory), innermost(one.scheme, scheme), one.holder)
        for one in population
    ]
    tangled: set[Cell] = set()
    for viewer in {holder for _, _, holder in places} | {None}:
        shares: dict[Cell | None, Counter[Cell | None]] = defaultdict(Counter)
        for part, block, holder in places:
            if holder != viewer:
                shares[part][block] += 1
        tangled |= _blocks_near_the_rest(shares, k)
    sizes = Counter(block for _, block, _ in places)
    return min(tangled, key=lambda one: (sizes[one], one), default=None)


def _blocks_near_the_rest(shares: Mapping[Cell | None, Counter[Cell | None]], k: int) -> set[Cell]:
    sizes = sum(shares.values(), Counter[Cell | None]())
    rest = None
    if None not in sizes and None not in shares:
        rest = max(sizes, key=lambda one: (sizes[one], str(one)), default=None)
    apart = Counter[Cell]()
    touching: set[Cell] = set()
    for part, blocks in shares.items():
        for block, size in blocks.items():
            if block is None or block == rest or (part is not None and len(blocks) == 1):
                continue
            touching.add(block)
            apart[block] += size if part is None else min(size, blocks[rest])
    return {block for block in touching if apart[block] < k}
