"""Nobody who adds and subtracts a programme's statistics finds a group of a few companies.

The margins cross (department against size and sector), days follow each other, tenants take their
own companies out; the attacks are those on the comparison of peers.
"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.benchmarks import groups
from diagnostic.benchmarks.disclosure import CHANGES, WAYS, Contribution
from diagnostic.statistics import figures
from tests.diagnostic.test_benchmark_attack import (
    K,
    days,
    isolated,
    resident,
    snapshots,
    viewers,
)

SEEDS = (st.integers(0, 10**9), st.integers(0, 45), st.integers(1, 3))


@settings(max_examples=30)
@given(*SEEDS)
def test_no_sum_of_margins_is_about_fewer_than_k(seed: int, count: int, holders: int) -> None:
    for shown in snapshots(seed, count, holders, resident):
        published = list(shown.values())
        for viewer in viewers(published):
            assert not isolated(published, K, viewer)


@settings(max_examples=30)
@given(*SEEDS)
def test_no_sum_over_two_days_is_about_fewer_than_three(
    seed: int, count: int, holders: int
) -> None:
    for before, after in itertools.pairwise(snapshots(seed, count, holders, resident)):
        for way in WAYS:
            published = [
                members
                for shown in (before, after)
                for cell, members in shown.items()
                if groups.is_scheme(cell) == (way == "scheme")
            ]
            for viewer in viewers(published):
                assert not isolated(published, CHANGES, viewer)


@pytest.mark.parametrize("seed", range(3))
def test_groups_of_k_alone_would_be_unsafe(seed: int) -> None:
    for candidates in days(seed, 30, 1, resident):
        naive: dict[str, dict[object, Contribution]] = {}
        for one in candidates:
            for cell in one.cells:
                naive.setdefault(cell, {})[one.id] = one
        if isolated([members for members in naive.values() if len(members) >= K], K, None):  # type: ignore[misc]
            return
    pytest.fail("the attack finds nothing to hide")


def test_every_margin_is_shown_some_day() -> None:
    levels = {
        cell.partition(":")[0]
        for seed in range(30)
        for shown in snapshots(seed, 60, 1, resident)
        for cell in shown
    }
    assert levels == {*groups.KINDS, *groups.PLACES}


FACTS = st.lists(
    st.fixed_dictionaries(
        {
            "steps": st.dictionaries(
                st.sampled_from(["enrolled", "diagnosed", "done"]),
                st.sampled_from(["2026-Q3", "2026-Q4"]),
            ),
            "actions": st.dictionaries(
                st.sampled_from(["proposed", "done"]), st.integers(1, 12), max_size=2
            ),
        }
    ),
    max_size=30,
)


@given(FACTS)
def test_fewer_than_five_of_anything_look_like_none(facts: list[dict[str, object]]) -> None:
    told = figures.journey(facts)
    counts = [told["companies"], *told["steps"].values(), *told["actions"].values()]
    by_quarter = figures.quarters(facts)
    for steps in by_quarter.values():
        assert any(steps.values())
        counts += steps.values()
    assert all(count % 5 == 0 for count in counts)
    assert told["companies"] <= len(facts) < told["companies"] + 5
    for step, count in told["steps"].items():
        taken = sum(step in one["steps"] for one in facts)  # type: ignore[operator]
        assert count <= taken < count + 5
        assert sum(steps[step] for steps in by_quarter.values()) <= taken
