"""Secondary suppression and its independent audit, on tables small enough to be proved."""

import itertools
import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.disclosure.audit import Interval, audit, interval
from observatory.disclosure.protection import Unprotectable, protect
from observatory.disclosure.tables import Hierarchy, Key, NotAdditive, Own, Table, additive

ROWS = Hierarchy("rows", 0, {"T": ["r0", "r1", "r2"]})
COLUMNS = Hierarchy("columns", 1, {"T": ["c0", "c1", "c2"]})


def square(*lines: list[int]) -> dict[Key, float]:
    """Add the margins to a table."""
    cells: dict[Key, float] = {}
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            for key in itertools.product((f"r{row}", "T"), (f"c{column}", "T")):
                cells[key] = cells.get(key, 0) + value
    return cells


def close(found: Interval) -> tuple[float, float]:
    return round(found.low, 6), round(found.high, 6)


DEMO = additive(square([2, 30, 50], [40, 60, 70], [80, 90, 10]), [ROWS, COLUMNS])
SMALL: Key = ("r0", "c0")


def test_a_cell_that_is_hidden_alone_is_recovered_exactly() -> None:
    assert close(interval(DEMO, {SMALL}, SMALL)) == (2, 2)  # formula 10


def test_with_three_secondary_cells_it_can_be_anything_from_0_to_32() -> None:
    block = {SMALL, ("r0", "c1"), ("r1", "c0"), ("r1", "c1")}
    assert close(interval(DEMO, block, SMALL)) == (0, 32)  # formula 10


def test_three_secondary_cells_are_found_and_none_of_them_is_idle() -> None:
    needs = {SMALL: 1.0}
    assert [each.key for each in audit(DEMO, {SMALL}, needs)] == [SMALL]
    more = protect(DEMO, needs, frozenset())
    assert len(more) == 3
    assert not list(audit(DEMO, more | {SMALL}, needs))
    for shown in more:
        assert list(audit(DEMO, more - {shown} | {SMALL}, needs))


def test_the_audit_finds_a_cell_that_was_not_hidden_at_all() -> None:
    (found,) = audit(DEMO, frozenset(), {SMALL: 1.0})
    assert (found.key, close(found.interval)) == (SMALL, (2, 2))


@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=3),
    st.data(),
)
@settings(max_examples=30, deadline=None)
def test_the_audit_says_what_trying_all_whole_numbers_says(
    lines: list[list[int]], data: st.DataObject
) -> None:
    table = additive(square(*lines), [ROWS, COLUMNS])
    inner = [key for key in table.values if "T" not in key]
    hidden = data.draw(st.sets(st.sampled_from(inner), min_size=1, max_size=4))
    possible = list(_tables(table, sorted(hidden)))
    for place, key in enumerate(sorted(hidden)):
        tried = [values[place] for values in possible]
        assert close(interval(table, hidden, key)) == (min(tried), max(tried))


def _tables(table: Table, hidden: list[Key]) -> list[tuple[int, ...]]:
    """List all tables in whole numbers that agree with what is shown, by trying them."""
    most = int(max(table.values.values()))
    limits = [
        min(int(table.values[total]) for total in ((key[0], "T"), ("T", key[1]), ("T", "T")))
        for key in hidden
    ]
    assert max(limits, default=0) <= most
    found = []
    for values in itertools.product(*(range(limit + 1) for limit in limits)):
        tried = {**table.values, **dict(zip(hidden, values, strict=True))}
        if all(tried[each.total] == sum(tried[part] for part in each.parts) for each in table.sums):
            found.append(values)
    return found


@st.composite
def hierarchical(draw: st.DrawFn) -> tuple[Table, dict[Key, float], list[Own]]:
    """Nested sectors by two overlapping divisions of a territory, whose communes may be unseen."""
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311  # reproducible
    areas = {"D": ["a", "b", "c"], "E1": ["a", "b"], "E2": ["c"]}
    sectors = {"Z": ["I", "S"], "I": ["i1", "i2"], "S": ["s1", "s2"]}
    leaves = itertools.product("abc", ("i1", "i2", "s1", "s2"))
    units = {key: chance.choice((0, 1, 2, 4, 9)) for key in leaves}
    counts: dict[Key, int] = {}
    above: dict[tuple[str, str], list[Key]] = {}
    for (area, sector), count in units.items():
        territories = (area, "D", "E1" if area in "ab" else "E2")
        above[area, sector] = list(itertools.product(territories, (sector, sector[0].upper(), "Z")))
        for key in above[area, sector]:
            counts[key] = counts.get(key, 0) + count
    latent = frozenset(key for key in counts if key[0] in "abc") if draw(st.booleans()) else None
    table = additive(
        {key: float(7 * count) for key, count in counts.items()},
        [
            Hierarchy("areas", 0, {"D": areas["D"]}),
            Hierarchy("epci", 0, {"E1": areas["E1"], "E2": areas["E2"]}),
            Hierarchy("sectors", 1, sectors),
        ],
        latent=latent or frozenset(),
    )
    alone = [
        frozenset(key for key in reach if counts[key] == 1)
        for leaf, reach in above.items()
        if units[leaf] == 1
    ]
    needs = {key: 0.7 * count for key, count in counts.items() if 0 < count < 3}
    return table, needs, alone if draw(st.booleans()) else []


@given(hierarchical())
@settings(max_examples=10, deadline=None)
def test_d2_no_hidden_cell_of_linked_hierarchical_tables_can_be_recovered(
    drawn: tuple[Table, dict[Key, float], list[Own]],
) -> None:
    table, needs, alone = drawn
    try:
        hidden = protect(table, needs, frozenset(), alone) | (needs.keys() - table.latent)
    except Unprotectable:
        assert _hopeless(table, needs, alone)
        return
    assert not list(audit(table, hidden, needs, alone))
    for key in hidden:
        found = interval(table, hidden, key)
        assert found.high - found.low > 1e-6


def _hopeless(table: Table, needs: Mapping[Key, float], alone: list[Own]) -> bool:
    """Tell whether a cell would follow even if all cells were hidden."""
    everything = frozenset(table.values)
    return bool(list(audit(table, everything, needs, alone)))


def test_the_owner_of_a_hidden_cell_cannot_undo_another_by_its_own_figure() -> None:
    needs = {SMALL: 1.0, ("r0", "c1"): 1.0}
    alone = [frozenset({key}) for key in needs]
    outsider = protect(DEMO, needs, frozenset())
    assert list(audit(DEMO, outsider | needs.keys(), needs, alone))
    more = protect(DEMO, needs, frozenset(), alone)
    assert not list(audit(DEMO, more | needs.keys(), needs, alone))


def test_what_a_total_has_beyond_its_parts_is_a_cell_that_nobody_sees() -> None:
    epci = Hierarchy("epci", 0, {"D59": ["E1", "E2"]})
    table = additive({("D59",): 100, ("E1",): 60, ("E2",): 36}, [epci])
    (rest,) = table.remainders
    assert (rest, table.values[rest]) == (("D59", "∖epci"), 4)
    needs = {rest: 1.0}  # a single municipality outside, of two units
    assert [each.key for each in audit(table, frozenset(), needs)] == [rest]
    more = protect(table, needs, frozenset())
    assert len(more) == 1
    assert not list(audit(table, more, needs))


def test_a_region_follows_from_the_nation_and_the_other_regions_that_others_publish() -> None:
    regions = Hierarchy("regions", 0, {"FR": ["R11", "R32", "R84"]})
    values: dict[Key, float] = {("FR",): 100, ("R11",): 60, ("R32",): 2, ("R84",): 38}
    elsewhere = {("FR",), ("R11",), ("R84",)}
    needs: dict[Key, float] = {("R32",): 1.0}
    with pytest.raises(Unprotectable) as raised:
        protect(additive(values, [regions], known=elsewhere), needs, frozenset())
    assert raised.value.keys == [("R32",)]
    ours = additive(values, [regions], known={("FR",)})
    assert protect(ours, needs, frozenset()) == {("R84",)}  # the next smallest


def test_a_quarter_follows_from_the_year_and_the_other_quarters() -> None:
    quarters = [f"2025-Q{number}" for number in range(1, 5)]
    year = Hierarchy("time", 1, {"2025": quarters})
    values: dict[Key, float] = {("A", name): 10.0 + n for n, name in enumerate(quarters)}
    values["A", "2025"] = sum(values.values())
    table = additive(values, [year])
    needs: dict[Key, float] = {("A", "2025-Q3"): 2.0}
    assert protect(table, needs, frozenset()) == {("A", "2025-Q1")}


def test_a_cell_that_was_hidden_before_is_reckoned_with() -> None:
    before = frozenset({("r0", "c1"), ("r1", "c0"), ("r1", "c1")})
    assert protect(DEMO, {SMALL: 1.0}, before) == frozenset()


def test_parts_that_are_more_than_their_total_are_refused() -> None:
    with pytest.raises(NotAdditive) as raised:
        additive({("T", "c0"): 5, ("r0", "c0"): 4, ("r1", "c0"): 3}, [ROWS])
    assert raised.value.totals == [("T", "c0")]


def test_figures_that_were_rounded_still_add_up() -> None:
    cells: dict[Key, float] = {("T", "c0"): 100, ("r0", "c0"): 50, ("r1", "c0"): 60}
    assert additive(cells, [ROWS], rounding=10).remainders == {}
    with pytest.raises(NotAdditive):
        additive(cells, [ROWS], rounding=1)
