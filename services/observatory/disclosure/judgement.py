"""Judges a table over all its vintages: what must be hidden, and whether that is enough.

One mask holds for every vintage (a cell hidden today is hidden in all), so the cells that are
sensitive in any of them are protected in each, with what was published in it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from observatory.disclosure.audit import Finding, audit
from observatory.disclosure.cells import Vintage, remaining
from observatory.disclosure.policy import Source
from observatory.disclosure.protection import Unprotectable, protect
from observatory.disclosure.rules import (
    Contribution,
    Inputs,
    broken,
    difference,
    inputs,
    protection,
)
from observatory.disclosure.tables import Hierarchy, Key, Own, Table, additive

DIFFERENCE = "difference"
SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a cell is hidden, and what the rule saw; confidential."""

    reason: str
    inputs: Inputs | None = None
    need: Decimal = Decimal()


@dataclass(slots=True)
class Judgement:
    """What to hide; `exposed` and `lost` must be empty, or the vintage may not be published."""

    decisions: dict[Key, Decision] = field(default_factory=dict)
    exposed: list[Finding] = field(default_factory=list)
    lost: set[Key] = field(default_factory=set)
    cells: int = 0
    audited: int = 0

    @property
    def passed(self) -> bool:
        """Tell whether every hidden cell stays as uncertain as it must."""
        return not (self.exposed or self.lost)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a table is to be judged."""

    source: Source
    hierarchies: Sequence[Hierarchy]
    rounding: float = 0.0
    known: AbstractSet[tuple[int, str]] = frozenset()
    """Codes whose cells others publish, with the place of their dimension."""


def judge(terms: Terms, vintages: Sequence[Vintage], hidden: AbstractSet[Key]) -> Judgement:
    """Judge the vintages of a table, the newest last; `hidden` is what has been hidden so far.

    Raises NotAdditive where the parts of a total are more than it.
    """
    found = Judgement(cells=len(vintages[-1].published))
    tables = [_table(terms, vintage) for vintage in vintages]
    insiders = [
        _sensitive(terms.source, table, vintage, found.decisions)
        for table, vintage in zip(tables, vintages, strict=True)
    ]
    _differences(terms.source, vintages, found.decisions)
    needs = {key: float(each.need) for key, each in found.decisions.items()}
    mask = frozenset(hidden)
    for table, lonely in zip(reversed(tables), reversed(insiders), strict=True):
        here = {key: need for key, need in needs.items() if key in table.values}
        stuck = here.keys() & table.known
        found.lost |= stuck
        here = {key: need for key, need in here.items() if key not in stuck}
        now = (mask & table.values.keys()) | (here.keys() - table.latent)
        try:
            more = protect(table, here, now, lonely)
        except Unprotectable as failure:
            found.lost |= set(failure.keys)
            continue
        mask |= now | more
    for key in mask - needs.keys() - hidden:
        found.decisions[key] = Decision(SECONDARY)
    if not found.lost:
        for table, lonely in zip(tables, insiders, strict=True):
            here = {key: need for key, need in needs.items() if key in table.values}
            found.audited += len(here)
            found.exposed += audit(table, mask & table.values.keys(), here, lonely)
    return found


def _table(terms: Terms, vintage: Vintage) -> Table:
    """Put what is published beside what follows by difference."""
    latent = {
        key: float(inputs(each).total)
        for key, each in vintage.contributions.items()
        if key not in vintage.published
    }
    known = {
        key
        for key in vintage.published
        if any((place, code) in terms.known for place, code in enumerate(key))
    }
    return additive(
        {**vintage.published, **latent},
        terms.hierarchies,
        latent=latent.keys(),
        known=known,
        rounding=terms.rounding,
    )


def _sensitive(
    source: Source, table: Table, vintage: Vintage, decisions: dict[Key, Decision]
) -> list[Own]:
    """Decide on the cells that tell of a unit by themselves; return where units are alone."""
    behind: Mapping[Key, Mapping[str, Contribution]] = {
        **vintage.contributions,
        **{
            key: remaining(vintage.contributions, each.total, each.parts)
            for key, each in table.remainders.items()
        },
    }
    alone: dict[str, set[Key]] = defaultdict(set)
    for key, units in behind.items():
        of = inputs(units)
        rules = broken(source, of)
        if rules:
            _decide(decisions, key, min(rules), of, protection(source, of))
        if source.insiders and len(units) == 1 and of.total > 0:
            alone[next(iter(units))].add(key)
    return [frozenset(alone[unit]) for unit in sorted(alone)]


def _differences(
    source: Source, vintages: Sequence[Vintage], decisions: dict[Key, Decision]
) -> None:
    """Decide on the cells of which two vintages tell of a unit."""
    for before, after in combinations(vintages, 2):
        for key in before.published.keys() & after.published.keys():
            of = difference(before.contributions.get(key, {}), after.contributions.get(key, {}))
            if of is not None and broken(source, of):
                _decide(decisions, key, DIFFERENCE, of, protection(source, of))


def _decide(
    decisions: dict[Key, Decision], key: Key, reason: str, of: Inputs, need: Decimal
) -> None:
    """Keep the most demanding reason."""
    had = decisions.get(key)
    if had is None or had.need < need:
        decisions[key] = Decision(reason, of, need)
