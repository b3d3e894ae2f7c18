"""The life of a subject and its financing, without a database."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.theses import financing, lifecycle
from training.theses.lifecycle import DECIDED, LEADING, ORDER, ROLES, STEPS, Action, Role, Status
from training.thesis_campaigns import regions

CHAIN = tuple(ORDER)
ENDED = {Status.DECLINED, Status.WITHDRAWN}
percents = st.decimals(Decimal("0.01"), Decimal(100), places=2)


@given(st.lists(st.sampled_from(tuple(Action)), max_size=30))
def test_no_way_leads_past_a_step(actions: list[Action]) -> None:
    status, reached, passed = Status.DRAFT, 0, [Status.DRAFT]
    for action in actions:
        step = STEPS.get((status, action))
        if step is None:
            continue
        assert lifecycle.sees(step.role, reached), "nobody acts on what they do not see"
        was, status = status, step.to
        reached = lifecycle.reached(reached, status)
        if status in ORDER and was in ORDER and status not in {was, Status.DRAFT}:
            assert CHAIN.index(status) == CHAIN.index(was) + 1
        if status in ORDER:
            assert ROLES[reached] is ORDER[status]
        passed = [Status.DRAFT] if status is Status.DRAFT else [*passed, status]
        if status in DECIDED:
            assert set(CHAIN) <= set(passed)
    assert status not in ENDED or not lifecycle.allowed(status, ROLES, published=False)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("published", [False, True])
def test_each_step_has_one_role_and_no_role_takes_two_ways_of_one_name(
    status: Status, *, published: bool
) -> None:
    by_role = [set(lifecycle.allowed(status, [role], published=published)) for role in ROLES]
    assert not any(one & other for one, other in itertools.combinations(by_role, 2))
    every = set(lifecycle.allowed(status, ROLES, published=published))
    assert every == set().union(*by_role)
    if published:
        leaving = {Action.WITHDRAW, *(LEADING if status is Status.RESERVE else ())}
        assert every <= leaving
        assert status is not Status.RESERVE or Action.SELECT in every
    assert lifecycle.shown(status, [Role.REGION], published=published) is status
    for role in ROLES[:-1]:
        if status in DECIDED and not published:
            told = [lifecycle.allowed(one, [role], published=False) for one in DECIDED]
            assert told == 3 * [told[0]], "what one may do does not tell what was decided"
        shown = lifecycle.shown(status, [role], published=published)
        assert (shown in DECIDED) == (status in DECIDED and published)


@given(
    st.decimals(Decimal("0.01"), Decimal(10_000_000), places=2),
    percents,
    st.lists(percents, max_size=10),
    percents,
)
def test_shares_that_are_accepted_never_come_to_more_than_they_may(
    cost: Decimal, regional: Decimal, others: list[Decimal], most: Decimal
) -> None:
    names = [f"n{place}" for place in range(len(others))]
    codes = {one.code for one in financing.wrong(regional, most, names, others)}
    left = financing.uncovered(regional, others)
    assert ("regional-share-too-large" in codes) == (regional > most)
    assert ("financing-over-whole" in codes) == (left < 0)
    if not codes:
        amounts = [financing.amount(cost, one) for one in (regional, *others)]
        assert amounts[0] * 100 <= cost * most
        assert sum(amounts) <= cost
        assert cost - sum(amounts) - cost * left / 100 < len(amounts) * Decimal("0.01")


@pytest.mark.parametrize(
    ("commune", "region"),
    [("59009", "32"), ("02691", "32"), ("2A004", "94"), ("97411", "04"), ("75056", "11")],
)
def test_a_commune_is_in_the_region_of_its_department(commune: str, region: str) -> None:
    assert regions.region(commune) == region


def test_every_department_is_in_one_region_and_nothing_else_is() -> None:
    held = list(itertools.chain.from_iterable(regions.DEPARTMENTS.values()))
    assert (len(held), len(set(held)), len(regions.DEPARTMENTS)) == (101, 101, 18)
    assert regions.region("99001") is None
