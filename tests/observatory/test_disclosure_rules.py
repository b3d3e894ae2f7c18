"""Primary rules: INSEE's three units and 85 %, eleven for tax data, and differences of vintages."""

from decimal import Decimal

import pytest

from observatory.disclosure.policy import Source, shipped
from observatory.disclosure.rules import (
    Contribution,
    Inputs,
    Rule,
    broken,
    difference,
    inputs,
    protection,
)


def source(id_: str = "enterprises") -> Source:
    found = shipped().source(id_)
    assert found is not None
    return found


def cell(units: str, total: str, largest: str) -> Inputs:
    return Inputs(Decimal(units), Decimal(total), Decimal(largest))


@pytest.mark.parametrize(
    ("which", "of", "rules"),
    [
        ("enterprises", cell("2", "100", "50"), {Rule.FREQUENCY}),
        ("enterprises", cell("3", "100", "50"), set()),
        ("enterprises", cell("9", "100", "86"), {Rule.DOMINANCE}),
        ("enterprises", cell("9", "100", "85"), set()),
        ("enterprises", cell("9", "0.2", "0.17"), set()),  # 85 % where binary floats say more
        ("enterprises", cell("1", "7", "7"), {Rule.FREQUENCY, Rule.DOMINANCE}),
        ("enterprises", cell("0", "0", "0"), set()),
        ("tax", cell("10", "100", "10"), {Rule.FREQUENCY}),
        ("tax", cell("11", "100", "99"), set()),  # no rule of dominance for persons
    ],
)
def test_d1_a_cell_is_hidden_below_its_number_of_units_and_above_the_largest_share(
    which: str, of: Inputs, rules: set[Rule]
) -> None:
    assert broken(source(which), of) == rules


def test_a_sample_counts_weights_and_compares_the_bare_largest_with_the_weighted_total() -> None:
    two = {
        "a": Contribution(Decimal(90), Decimal(2)),
        "b": Contribution(Decimal(1), Decimal(5)),
    }
    assert inputs(two) == cell("7", "185", "90")  # seven units, and 90 of 185
    assert broken(source(), inputs(two)) == frozenset()
    unweighted = {unit: Contribution(each.amount) for unit, each in two.items()}
    assert broken(source(), inputs(unweighted)) == {Rule.FREQUENCY, Rule.DOMINANCE}


@pytest.mark.parametrize(
    ("of", "needed"),
    [
        (cell("2", "200", "100"), "20"),  # FREQ(3,10): 10 % either way
        (cell("2", "4", "2"), "1"),  # and at least one
        (cell("9", "170", "170"), "30"),  # NK(1,85): 170 is 85 % of 200
        (cell("9", "100", "10"), "1"),
    ],
)
def test_a_hidden_cell_stays_as_uncertain_as_its_rule_asks(of: Inputs, needed: str) -> None:
    assert protection(source(), of) == Decimal(needed)


def units(**amounts: int) -> dict[str, Contribution]:
    return {unit: Contribution(Decimal(amount)) for unit, amount in amounts.items()}


def test_two_vintages_between_which_one_unit_came_tell_its_figure() -> None:
    before = units(a=10, b=20, c=30)
    told = difference(before, before | units(d=7))
    assert told == cell("1", "7", "7")
    assert broken(source(), told) == {Rule.FREQUENCY, Rule.DOMINANCE}
    assert difference(before | units(d=7), before) == told  # gone is told as well as come


def test_corrections_alone_are_nobodys_figure_and_many_of_them_blur_who_came() -> None:
    before = units(a=10, b=20, c=30)
    assert difference(before, units(a=11, b=20, c=30)) is None
    blurred = difference(before, units(a=15, b=26, c=30, d=7))
    assert blurred == cell("3", "18", "7")
    assert broken(source(), blurred) == frozenset()
