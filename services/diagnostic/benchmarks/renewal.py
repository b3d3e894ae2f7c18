"""Which groups of a new snapshot are shown, given the one before: the rule between two dates.

A company that newly contributes, or whose score is new, waits until the part it belongs to changes
by three; one that no longer may contribute leaves at once, and what it was shown in is hidden until
three have changed. So no two snapshots differ by one or two companies, wherever one looks.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from diagnostic.benchmarks.disclosure import (
    CHANGES,
    WAYS,
    Cell,
    Contribution,
    Tally,
    Way,
    entangled,
    innermost,
    is_safe,
    without_thin_rests,
)
from diagnostic.benchmarks.groups import around, is_scheme

Members = Mapping[UUID, Contribution]
Group = dict[UUID, Contribution]


@dataclass(frozen=True, slots=True)
class Change:
    """What one company changes: its former contribution, its new one, or both."""

    old: Contribution | None
    new: Contribution | None

    @property
    def holder(self) -> str:
        """The tenant that knows of it."""
        one = self.new or self.old
        return one.holder if one else ""

    def parts(self, shown: Collection[Cell]) -> set[Cell]:
        """Give the shown parts that it changes."""
        found = {
            innermost(one.path(way), shown) for one in (self.old, self.new) if one for way in WAYS
        }
        return {cell for cell in found if cell is not None}


def remembered(
    cells: Mapping[Cell, Iterable[UUID]],
    shown: Mapping[Cell, Iterable[UUID]],
    whose: Callable[[UUID], tuple[str, str]],
) -> dict[Cell, Group]:
    """Give the contributions of former groups the places that they are shown in.

    `whose` tells the company (SIREN) and the tenant of a contribution.
    """
    smallest: dict[tuple[UUID, bool], Cell] = {}
    for cell in sorted(shown, key=lambda one: len(around(one))):
        for one in shown[cell]:
            smallest[one, is_scheme(cell)] = cell

    def place(one: UUID, *, scheme: bool) -> tuple[Cell, ...]:
        return around(smallest[one, scheme]) if (one, scheme) in smallest else ()

    return {
        cell: {
            one: Contribution(one, *whose(one), place(one, scheme=False), place(one, scheme=True))
            for one in members
        }
        for cell, members in cells.items()
    }


def renewed(
    candidates: Sequence[Contribution],
    shown: Mapping[Cell, Members],
    hidden: Mapping[Cell, Members],
    k: int,
    barred: Collection[UUID] = frozenset(),
) -> dict[Cell, Group]:
    """Decide what to show now, from who may contribute, what is shown, and what was once shown.

    Contributions in `shown` and `hidden` bear the groups that are shown with them; those that are
    `barred` leave at once, whatever replaces them.
    """
    former = {one.id: one for members in shown.values() for one in members.values()}
    population = _admitted(candidates, former, shown, barred)
    members: dict[Cell, Group] = defaultdict(dict)
    for one in population:
        for cell in one.cells:
            members[cell][one.id] = one
    wanted = {
        cell
        for cell, group in members.items()
        if is_safe(Counter(one.holder for one in group.values()), k)
        and _may_follow(group, shown.get(cell) or hidden.get(cell))
    }
    while True:
        chosen = {way: without_thin_rests(population, way, wanted, k) for way in WAYS}
        tangled = entangled(population, chosen["territory"], chosen["scheme"], k)
        drop = {tangled} if tangled is not None else _betrayed(population, former, chosen, shown)
        if not drop:
            return {cell: members[cell] for way in WAYS for cell in chosen[way]}
        wanted = (chosen["territory"] | chosen["scheme"]) - drop


def _is_enough(changes: Tally) -> bool:
    return is_safe(changes, CHANGES)


def _admitted(
    candidates: Sequence[Contribution],
    former: Members,
    shown: Mapping[Cell, Members],
    barred: Collection[UUID],
) -> list[Contribution]:
    """Take new contributions where three change together, keep the former ones elsewhere."""
    by_owner = {one.owner: one for one in former.values() if one.id not in barred}
    staying: list[Contribution] = []
    changes = [Change(one, None) for one in former.values() if one.id in barred]
    for one in candidates:
        old = by_owner.pop(one.owner, None)
        if old is not None and old.id == one.id and _visible(old, shown) == _visible(one, shown):
            staying.append(one)
        else:
            changes.append(Change(old, one))
    changes += [Change(old, None) for old in by_owner.values()]
    parts = set(shown)
    while True:
        waiting, torn = _waiting(changes, parts)
        if not torn:
            break
        parts -= torn
    taken = [one.old if index in waiting else one.new for index, one in enumerate(changes)]
    return staying + [one for one in taken if one is not None]


def _visible(one: Contribution, shown: Collection[Cell]) -> tuple[Cell, ...]:
    return tuple(cell for cell in one.cells if cell in shown)


def _waiting(changes: Sequence[Change], parts: Collection[Cell]) -> tuple[set[int], set[Cell]]:
    """Let changes wait whose part changes too little, until none does.

    What changes too little even then is torn by those who left.
    """
    waiting: set[int] = set()
    while True:
        tallies: dict[Cell, Tally] = defaultdict(Counter)
        for index, one in enumerate(changes):
            if index not in waiting:
                for part in one.parts(parts):
                    tallies[part][one.holder] += 1
        thin = {part for part, tally in tallies.items() if not _is_enough(tally)}
        more = {
            index
            for index, one in enumerate(changes)
            if index not in waiting and one.new is not None and one.parts(parts) & thin
        }
        if not more:
            return waiting, thin
        waiting |= more


def _may_follow(group: Members, before: Members | None) -> bool:
    """Tell whether a group may be shown after what was last shown of it."""
    if before is None:
        return True
    changed = {one.owner: one.holder for one in before.values() if one.id not in group}
    changed |= {one.owner: one.holder for one in group.values() if one.id not in before}
    return not changed or _is_enough(Counter(changed.values()))


def _betrayed(
    population: Sequence[Contribution],
    former: Members,
    chosen: Mapping[Way, set[Cell]],
    shown: Mapping[Cell, Members],
) -> set[Cell]:
    """Find groups to hide because the former snapshot and this one together isolate a few.

    Those in one part before and in one part now stay together in every subtraction: they must be
    three. Parts of both dates that share companies cancel only together: who came to them or left
    them must be three, or nobody.
    """
    for way in WAYS:
        now = chosen[way]
        places: dict[UUID, tuple[Cell | None, Cell | None, str]] = {
            one.id: (innermost(one.path(way), shown), None, one.holder) for one in former.values()
        }
        for one in population:
            before = places[one.id][0] if one.id in places else None
            places[one.id] = (before, innermost(one.path(way), now), one.holder)
        both: dict[tuple[Cell, Cell], Tally] = defaultdict(Counter)
        moved: dict[tuple[bool, Cell], Tally] = defaultdict(Counter)
        for before, after, holder in places.values():
            if before is not None and after is not None:
                both[before, after][holder] += 1
            elif before is not None or after is not None:
                moved[after is not None, after or before or ""][holder] += 1
        thin = {after for (_, after), tally in both.items() if not _is_enough(tally)}
        for cells in _joined(both):
            tally = sum((moved[one] for one in cells if one in moved), Counter[str]())
            if tally and not _is_enough(tally):
                thin |= {cell for is_now, cell in cells if is_now}
        if thin:
            return (thin - shown.keys()) or thin
    return set()


def _joined(both: Collection[tuple[Cell, Cell]]) -> list[set[tuple[bool, Cell]]]:
    """Gather the parts of both dates that are linked by companies in common."""
    linked: dict[tuple[bool, Cell], set[tuple[bool, Cell]]] = {}
    for before, after in both:
        one, other = (linked.get(end, {end}) for end in ((False, before), (True, after)))
        merged = one | other
        for end in merged:
            linked[end] = merged
    return list({id(group): group for group in linked.values()}.values())
