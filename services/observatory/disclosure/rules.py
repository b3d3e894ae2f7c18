"""Primary rules: which cells tell of a unit by themselves (INSEE, manuel de protection)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from observatory.disclosure.policy import Source


class Rule(StrEnum):
    """Why a cell is hidden in its own right."""

    FREQUENCY = "frequency"
    DOMINANCE = "dominance"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the rules ask of a cell.

    `units` counts the units, `total` is their figure, both weighted where the base is a sample;
    `largest` is the figure of the largest unit, never weighted.
    """

    units: Decimal
    total: Decimal
    largest: Decimal


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a unit brings to a cell, and how many units it stands for."""

    amount: Decimal
    weight: Decimal = Decimal(1)


def inputs(contributions: Mapping[str, Contribution]) -> Inputs:
    """Add up the contributions to a cell, which are by unit."""
    each = contributions.values()
    return Inputs(
        units=sum((one.weight for one in each), Decimal()),
        total=sum((one.weight * one.amount for one in each), Decimal()),
        largest=max((one.amount for one in each), default=Decimal()),
    )


def broken(source: Source, of: Inputs) -> frozenset[Rule]:
    """Tell which rules a cell breaks; a cell without any unit tells of none."""
    found = set()
    if 0 < of.units < source.least_units:
        found.add(Rule.FREQUENCY)
    limit = source.dominance_percent
    if limit is not None and of.largest * 100 > of.total * limit:
        found.add(Rule.DOMINANCE)
    return frozenset(found)


def protection(source: Source, of: Inputs) -> Decimal:
    """How far from its value a cell must remain possible, either way.

    For dominance it is what makes the largest unit's part at most the limit in an outsider's eye:
    100/k · largest - total, the protection level of the (n,k) rule (Hundepool et al., 2012).
    """
    needed = Decimal(source.least_protection)
    found = broken(source, of)
    if Rule.FREQUENCY in found:
        needed = max(needed, of.total * source.frequency_protection_percent / 100)
    if Rule.DOMINANCE in found and source.dominance_percent is not None:
        needed = max(needed, of.largest * 100 / source.dominance_percent - of.total)
    return needed


def difference(
    before: Mapping[str, Contribution], after: Mapping[str, Contribution]
) -> Inputs | None:
    """Return what the difference of two vintages tells; None when no unit came or went.

    Whoever subtracts sees the figures of the units that came or went, blurred by the corrections
    of those that stayed; a correction alone is nobody's figure.
    """
    moved = before.keys() ^ after.keys()
    if not moved:
        return None
    nothing = Contribution(Decimal(), Decimal())
    changed = {
        unit: (before.get(unit, nothing), after.get(unit, nothing))
        for unit in before.keys() | after.keys()
        if before.get(unit) != after.get(unit)
    }
    return Inputs(
        units=Decimal(len(changed)),
        total=sum(
            (abs(b.weight * b.amount - a.weight * a.amount) for b, a in changed.values()),
            Decimal(),
        ),
        largest=max(max(b.amount, a.amount) for u, (b, a) in changed.items() if u in moved),
    )
