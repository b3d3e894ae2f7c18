"""What may be shown of groups of companies so that no subtraction isolates a few of them.

Groups nest in two ways: by territory (region, size in it, sector in that) and by programme (and
cohort in it). What is shown of either cuts the companies into parts: each shown group without the
shown groups inside it. Whatever is added or subtracted is constant on a part, so parts of at least
k, whichever tenant looks on, isolate nobody; the proof is in docs/decisions/0017.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    """A frozen score, the company (SIREN) and tenant it comes from, its groups from large to small."""

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


def without_thin_rests(
    population: Iterable[Contribution], way: Way, wanted: Collection[Cell], k: int
) -> set[Cell]:
    """Choose among the wanted groups of one way: what remains of each outside its shown parts is
    nothing or safe, for which the smallest part inside it is hidden first, and itself at last."""
    shown = set(wanted)
    tallies: dict[Cell, Tally] = defaultdict(Counter)
    inside: dict[Cell, set[Cell]] = defaultdict(set)
    above: dict[Cell, Cell | None] = {}
    depth: dict[Cell, int] = {}
    for one in population:
        path = one.path(way)
        part = innermost(path, shown)
        if part is not None:
            tallies[part][one.holder] += 1
        for index, cell in enumerate(path):
            if cell not in above:
                depth[cell] = index
                above[cell] = path[index - 1] if index else None
                if index:
                    inside[path[index - 1]].add(cell)

    def hide(cell: Cell) -> None:
        shown.discard(cell)
        tally, around = tallies.pop(cell, Counter()), above[cell]
        while around is not None and around not in shown:
            around = above[around]
        if around is not None:
            tallies[around] += tally

    def next_inside(cell: Cell) -> Iterable[Cell]:
        for one in inside[cell]:
            if one in shown:
                yield one
            else:
                yield from next_inside(one)

    for cell in sorted(shown & depth.keys(), key=lambda one: (-depth[one], one)):
        while cell in shown and tallies[cell] and not is_safe(tallies[cell], k):
            hide(
                min(
                    next_inside(cell),
                    key=lambda one: (tallies[one].total(), one),
                    default=cell,
                )
            )
    return shown & depth.keys()


def entangled(
    population: Sequence[Contribution],
    territory: Collection[Cell],
    scheme: Collection[Cell],
    k: int,
) -> Cell | None:
    """Find the smallest shown programme or cohort that shown territories nearly make up.

    A block is a shown programme or cohort without the shown cohorts inside it. What tells it from
    the rest is, in each part, at least the smaller share of the two; in no shown territory, all of
    it. That must be k, or the block shares no part with anybody. Where every company is in a block
    and in a shown territory, the largest block takes the place of the rest.
    """
    shares: dict[Cell | None, Counter[Cell | None]] = defaultdict(Counter)
    for one in population:
        shares[innermost(one.territory, territory)][innermost(one.scheme, scheme)] += 1
    sizes = sum(shares.values(), Counter[Cell | None]())
    rest = None
    if None not in sizes and None not in shares and sizes:
        rest = max(sizes, key=lambda one: (sizes[one], str(one)))
    apart = Counter[Cell]()
    touching: set[Cell] = set()
    for part, blocks in shares.items():
        for block, size in blocks.items():
            if block is None or block == rest or (part is not None and len(blocks) == 1):
                continue
            touching.add(block)
            apart[block] += size if part is None else min(size, blocks[rest])
    return min(
        (block for block in touching if apart[block] < k),
        key=lambda one: (sizes[one], one),
        default=None,
    )
