"""Bands of levels that isolate nobody."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.benchmarks.disclosure import is_safe
from diagnostic.heat_maps.bands import bands, share

K = 5
tallies = st.dictionaries(st.sampled_from("abc"), st.integers(0, 8)).map(Counter[str])


def one_tenant(*counts: int) -> list[Counter[str]]:
    return [Counter({"medef": count}) for count in counts]


def each_its_own(*counts: int) -> list[Counter[str]]:
    return [
        Counter({f"{level}-{one}": 1 for one in range(count)}) for level, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("levels", "cut"),
    [
        (one_tenant(5, 5, 5, 0), [(0, 0, 5), (1, 1, 5), (2, 3, 5)]),
        (one_tenant(2, 5, 5, 3), [(0, 1, 7), (2, 3, 8)]),
        (one_tenant(15, 0, 0, 0), [(0, 3, 15)]),  # nor is it said that all are at one level
        (one_tenant(0, 0, 0, 9), [(0, 3, 9)]),
        (one_tenant(6, 1, 1, 6), [(0, 0, 6), (1, 3, 8)]),
        (one_tenant(1, 1, 1, 1), []),
        (each_its_own(5, 5, 5, 0), [(0, 3, 15)]),  # any of them knows one of the five
        (each_its_own(6, 3, 3, 3), [(0, 0, 6), (1, 3, 9)]),
        ([Counter({"a": 5}), Counter({"b": 1}), Counter({"a": 5})], []),
        ([], []),
    ],
)
def test_neighbouring_levels_are_joined_until_they_can_be_shown(
    levels: list[Counter[str]], cut: list[tuple[int, int, int]]
) -> None:
    assert [(one.first, one.last, one.companies) for one in bands(levels, K)] == cut


@given(levels=st.lists(tallies, min_size=1, max_size=6))
def test_bands_cover_all_levels_safely_and_are_as_many_as_can_be(
    levels: list[Counter[str]],
) -> None:
    def safe(start: int, end: int) -> bool:
        return is_safe(sum(levels[start:end], Counter[str]()), K)

    most = 0
    for size in range(len(levels)):
        for inner in combinations(range(1, len(levels)), size):
            ends = [0, *inner, len(levels)]
            if all(safe(ends[at], ends[at + 1]) for at in range(len(ends) - 1)):
                most = max(most, len(ends) - 1)
    found = bands(levels, K)
    assert len(found) == most
    if found:
        assert all(safe(one.first, one.last + 1) for one in found)
        assert [one.first for one in found] == [0, *(one.last + 1 for one in found[:-1])]
        assert found[-1].last == len(levels) - 1
        assert sum(one.companies for one in found) == sum(map(Counter.total, levels))


@pytest.mark.parametrize(
    ("companies", "n", "shown"), [(7, 15, 45), (8, 15, 55), (5, 5, 100), (5, 40, 15), (5, 200, 5)]
)
def test_shares_come_in_steps_of_five(companies: int, n: int, shown: int) -> None:
    assert share(companies, n) == shown
