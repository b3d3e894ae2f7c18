"""When a point is strong or weak: by table, and what holds of every ranking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.study.rules import FEWEST, agreeing, standing

TEN = [float(each) for each in range(10)]


@pytest.mark.parametrize(
    ("own", "low", "high", "position", "verdict"),
    [
        (0.0, 0.0, 0.5, 1, "strong"),
        (2.0, 1.5, 2.5, 3, "strong"),
        (3.0, 2.5, 3.5, 4, None),
        (2.0, 1.0, 4.5, 3, None),
        (6.0, 5.5, 6.5, 7, None),
        (7.0, 6.5, 7.5, 8, "weak"),
        (9.0, 4.4, 9.9, 10, None),
    ],
)
def test_it_takes_the_outer_quarter_and_the_whole_interval_beyond_the_median(
    own: float, low: float, high: float, position: int, verdict: str | None
) -> None:
    found = standing(own, low, high, TEN)
    assert (found.position, found.of, found.median, found.verdict) == (position, 10, 4.5, verdict)


def test_of_few_comparables_nothing_is_said() -> None:
    assert standing(0.0, 0.0, 0.0, TEN[: FEWEST - 1]).verdict is None
    assert standing(0.0, 0.0, 0.0, TEN[:FEWEST]).verdict == "strong"


def test_of_two_classes_that_are_as_frequent_the_higher_is_said() -> None:
    assert agreeing([3, 3, 4]) == (3, 2)
    assert agreeing([1, 4]) == (4, 1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.data())
def test_nothing_is_strong_and_weak_and_a_mirror_turns_one_into_the_other(
    values: list[float], data: st.DataObject
) -> None:
    own = data.draw(st.sampled_from(values))
    found = standing(own, own, own, values)
    assert 1 <= found.position <= found.of == len(values)
    mirrored = standing(-own, -own, -own, [-each for each in values])
    other = {"strong": "weak", "weak": "strong", None: None}
    assert mirrored.verdict == other[found.verdict]
