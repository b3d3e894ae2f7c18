"""The retry budget and its pauses, by themselves."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.resilience.retries import Budget, pause


@given(st.lists(st.booleans(), max_size=400), st.integers(0, 20))
def test_retries_never_exceed_their_share_of_the_requests_so_far(
    asked: list[bool], percent: int
) -> None:
    """R-M9: a retry is tried after every request, or after some."""
    budget, retries = Budget(percent), 0
    for number, wanted in enumerate(asked, 1):
        budget.request()
        retries += wanted and budget.take()
        assert retries * 100 <= percent * number


def test_what_is_saved_in_quiet_times_is_bounded() -> None:
    budget = Budget(20, most=3)
    for _ in range(1000):
        budget.request()
    assert budget.left == 3
    assert [budget.take() for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.parametrize("attempt", [1, 2, 3, 4, 50])
def test_a_pause_is_anywhere_up_to_a_bound_that_doubles(attempt: int) -> None:
    dice = random.Random(attempt)  # noqa: S311  # repeatable
    drawn = [pause(attempt, dice) for _ in range(200)]
    bound = min(0.25, 0.025 * 2**attempt)
    assert 0 <= min(drawn) < bound * 0.1
    assert bound * 0.9 < max(drawn) <= bound
