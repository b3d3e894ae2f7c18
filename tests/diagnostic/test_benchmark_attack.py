"""Nobody who adds and subtracts what is published finds a group of a few companies.

Every population is small and drawn at random; the attacker knows who belongs to which group and
sees every group that anybody could ask for: sector, size, region, programme, cohort, two dates.
"""

import itertools
import random
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.benchmarks import groups
from diagnostic.benchmarks.disclosure import CHANGES, WAYS, Cell, Contribution
from diagnostic.benchmarks.renewal import Members, remembered, renewed

K = 5
PRIME = (1 << 61) - 1
"""Ranks are computed in this field: chance hides a dependence with odds of one in 10**18."""

Groups = Mapping[Cell, Members]


def company(chance: random.Random, owner: int, holders: int) -> Contribution:
    size = chance.choice(["10-49", "50-249", None])
    programme = chance.choice([None, "p1", "p1", "p2"])
    cohort = chance.choice([f"{programme}-c1", f"{programme}-c2", None]) if programme else None
    return Contribution(
        uuid.UUID(int=chance.getrandbits(128)),
        str(owner),
        f"tenant {min(chance.randrange(holders), chance.randrange(holders))}",
        groups.cells(chance.choice(["32", "32", "11"]), size, chance.choice(["C", "C", "J"])),
        groups.schemes(programme, cohort),
    )


def resident(chance: random.Random, owner: int, holders: int) -> Contribution:
    """Draw a company of one programme, in the groups of its statistics."""
    return Contribution(
        uuid.UUID(int=chance.getrandbits(128)),
        str(owner),
        f"tenant {min(chance.randrange(holders), chance.randrange(holders))}",
        *groups.within(
            "p1",
            chance.choice(["10-49", "50-249", None]),
            chance.choice(["C", "C", "J"]),
            chance.choice(["59", "59", "62", None]),
        ),
    )


Make = Callable[[random.Random, int, int], Contribution]


def days(
    seed: int, count: int, holders: int, make: Make = company, length: int = 4
) -> Iterable[list[Contribution]]:
    """Let companies come, go, move and answer anew."""
    chance = random.Random(seed)  # noqa: S311  # a test
    present = {owner: make(chance, owner, holders) for owner in range(count)}
    yield list(present.values())
    for day in range(1, length):
        for owner in chance.sample(sorted(present), min(len(present), chance.randrange(6))):
            del present[owner]
        for owner in chance.sample(range(count), min(count, chance.randrange(6))):
            present[owner] = make(chance, owner, holders)
        for number in range(chance.randrange(10)):
            owner = 1000 * day + number
            present[owner] = make(chance, owner, holders)
        yield list(present.values())


def snapshots(seed: int, count: int, holders: int, make: Make = company) -> list[Groups]:
    """Play the days as the service does, remembering what was hidden."""
    found: list[Groups] = []
    shown: Groups = {}
    hidden: dict[Cell, Members] = {}
    for candidates in days(seed, count, holders, make):
        now = renewed(candidates, shown, hidden, K)
        hidden = {**hidden, **shown}
        people = {one.id: one for members in now.values() for one in members.values()}
        shown = remembered(now, now, lambda one: (people[one].owner, people[one].holder))  # noqa: B023
        for cell in shown:
            hidden.pop(cell, None)
        found.append(shown)
    return found


def rank(rows: Iterable[Sequence[int]]) -> int:
    """Compute the rank of a small matrix."""
    pivots: list[list[int]] = []
    for row in rows:
        rest = [value % PRIME for value in row]
        for pivot in pivots:
            lead = next(index for index, value in enumerate(pivot) if value)
            if factor := rest[lead]:
                rest = [(a - factor * b) % PRIME for a, b in zip(rest, pivot, strict=True)]
        lead = next((index for index, value in enumerate(rest) if value), -1)
        if lead >= 0:
            inverse = pow(rest[lead], -1, PRIME)
            pivots.append([value * inverse % PRIME for value in rest])
    return len(pivots)


def isolated(published: Collection[Members], least: int, viewer: str | None) -> list[int]:
    """Find the few whom some sum of published groups is about, of all but whom it says nothing.

    Companies that the same groups contain are alike to every sum. A set of fewer than `least` is
    found out when the groups still differ on it but no longer without it: the rank falls.
    `viewer` is a tenant, who takes its own companies out by itself.
    """
    people = {one.id for members in published for one in members.values() if one.holder != viewer}
    alike = Counter(tuple(int(one in members) for members in published) for one in people)
    columns = [column for column in alike if any(column)]
    whole = rank(columns)
    small = [column for column in columns if alike[column] < least]
    return [
        sum(alike[column] for column in few)
        for few in fullest(small, alike, least - 1)
        if rank(one for one in columns if one not in few) < whole
    ]


def fullest(
    small: Sequence[tuple[int, ...]], alike: Counter[tuple[int, ...]], room: int
) -> Iterable[tuple[tuple[int, ...], ...]]:
    """Give the sets of at most so many people to which none can be added: they hide all others."""
    for count in range(1, room + 1):
        for few in itertools.combinations(small, count):
            left = room - sum(alike[column] for column in few)
            if left >= 0 and all(alike[one] > left for one in small if one not in few):
                yield few


def viewers(published: Iterable[Members]) -> set[str | None]:
    return {one.holder for members in published for one in members.values()} | {None}


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, 45), st.integers(1, 3))
def test_no_sum_of_what_one_snapshot_shows_is_about_fewer_than_k(
    seed: int, count: int, holders: int
) -> None:
    for shown in snapshots(seed, count, holders):
        published = list(shown.values())
        for viewer in viewers(published):
            assert not isolated(published, K, viewer)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, 45), st.integers(1, 3))
def test_no_sum_over_two_snapshots_is_about_fewer_than_three(
    seed: int, count: int, holders: int
) -> None:
    for before, after in itertools.pairwise(snapshots(seed, count, holders)):
        for way in WAYS:
            published = [
                members
                for shown in (before, after)
                for cell, members in shown.items()
                if cell.startswith(("programme", "cohort")) == (way == "scheme")
            ]
            for viewer in viewers(published):
                assert not isolated(published, CHANGES, viewer)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, 45), st.integers(1, 3))
def test_every_pair_of_groups_differs_by_nobody_or_by_many(
    seed: int, count: int, holders: int
) -> None:
    for before, after in itertools.pairwise([{}, *snapshots(seed, count, holders)]):
        for one, other in itertools.combinations(after.values(), 2):
            assert len(one.keys() ^ other.keys()) not in range(1, K)
        for one, other in itertools.product(before.values(), after.values()):
            assert len(one.keys() ^ other.keys()) not in range(1, CHANGES)


@pytest.mark.parametrize("seed", range(3))
def test_the_attack_finds_what_suppression_hides(seed: int) -> None:
    for candidates in days(seed, 30, holders=1):
        naive: dict[Cell, dict[uuid.UUID, Contribution]] = {}
        for one in candidates:
            for cell in one.cells:
                naive.setdefault(cell, {})[one.id] = one
        if isolated([members for members in naive.values() if len(members) >= K], K, None):
            return
    pytest.fail("groups of k alone would be safe")


def test_a_barred_score_leaves_even_while_its_successor_waits() -> None:
    territory = groups.cells("32", "10-49", "C")
    people = [
        Contribution(uuid.UUID(int=number), str(number), "tenant", territory, ())
        for number in range(9)
    ]
    first = renewed(people, {}, {}, K)
    shown = remembered(first, first, lambda one: (str(one.int), "tenant"))
    successor = Contribution(uuid.UUID(int=99), "0", "tenant", territory, ())
    answered_anew = [successor, *people[1:]]
    assert renewed(answered_anew, shown, {}, K).keys() == first.keys()
    kept = renewed(answered_anew, shown, {}, K)["region:32"]
    assert people[0].id in kept  # alone it would betray itself: the former one stays
    barred = renewed(answered_anew, shown, {}, K, barred={people[0].id})
    assert barred == {}  # and where it may not stay, nothing is shown


def test_something_is_left_to_be_shown() -> None:
    levels = Counter(
        cell.partition(":")[0]
        for seed in range(40)
        for shown in snapshots(seed, 40, holders=1)
        for cell in shown
    )
    assert all(levels[level] > 20 for level in (*groups.TERRITORY, *groups.SCHEME)), levels
