"""Formula 9, the national roll-up: a partition changes nothing, nor does its order."""

from collections.abc import Sequence
from math import fsum, isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.formulas.pooling import Outcome, Totals, outcome, pooled

People = list[tuple[int, int]]
"""What each unit has, and what it counts for."""

_UNITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 10_000)), min_size=1, max_size=40
)
_REGION = st.tuples(
    st.integers(0, 10**6), st.integers(1, 10**6), st.none() | st.floats(0, 1, allow_subnormal=False)
)


def region(units: Sequence[tuple[int, int]]) -> Totals:
    return Totals.of(sum(n for n, _ in units), sum(d for _, d in units), None)


@given(_UNITS, st.data())
def test_regions_of_any_partition_come_to_what_all_units_come_to(
    units: People, data: st.DataObject
) -> None:
    places = [data.draw(st.integers(0, 4)) for _ in units]
    parts = [
        [unit for unit, place in zip(units, places, strict=True) if place == each]
        for each in sorted(set(places))
    ]
    together, at_once = pooled(map(region, parts)), region(units)
    assert (together.numerator, together.denominator) == (at_once.numerator, at_once.denominator)
    assert together.value == at_once.value


@given(st.lists(_REGION, min_size=1, max_size=18), st.randoms(use_true_random=False))
def test_neither_the_order_of_regions_nor_how_they_are_grouped_matters(
    regions: list[tuple[int, int, float | None]], random: object
) -> None:
    totals = [Totals.of(*each) for each in regions]
    shuffled = list(totals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    middle = len(shuffled) // 2
    grouped = pooled([pooled(shuffled[:middle]), pooled(shuffled[middle:])])
    expected = pooled(totals)
    assert (grouped.numerator, grouped.denominator) == (expected.numerator, expected.denominator)
    for errors in ("independent", "shared"):
        one, other = grouped.se(errors), expected.se(errors)
        assert (one is None) == (other is None) == any(se is None for *_, se in regions)
        if one is not None and other is not None:
            assert isclose(one, other, rel_tol=1e-12, abs_tol=1e-15)


@given(st.lists(_REGION, min_size=1, max_size=18))
def test_errors_that_are_shared_are_never_less_than_independent_ones(
    regions: list[tuple[int, int, float | None]],
) -> None:
    found = pooled(Totals.of(n, d, se or 0.0) for n, d, se in regions)
    independent, shared = found.se("independent"), found.se("shared")
    assert independent is not None
    assert shared is not None
    assert independent <= shared * (1 + 1e-12)
    assert shared <= max(se or 0.0 for *_, se in regions) * (1 + 1e-12)


def test_a_mean_of_means_would_be_wrong() -> None:
    small, large = Totals.of(9, 10, 0.04), Totals.of(100, 1000, 0.01)
    together = pooled([small, large])
    assert together.value == 109 / 1010
    assert together.value != (small.value + large.value) / 2
    weights = (10 / 1010, 1000 / 1010)
    assert together.se("independent") == pytest.approx(
        sqrt(fsum((w * s) ** 2 for w, s in zip(weights, (0.04, 0.01), strict=True)))
    )
    assert together.se("shared") == pytest.approx(weights[0] * 0.04 + weights[1] * 0.01)
    interval = together.interval("shared")
    assert interval is not None
    assert interval.low < together.value < interval.high


def test_an_error_that_one_region_does_not_tell_is_not_taken_for_none() -> None:
    together = pooled([Totals.of(1, 10, 0.1), Totals.of(2, 10, None)])
    assert together.se("independent") is None
    assert together.interval("independent") is None


@pytest.mark.parametrize(
    ("hidden", "coverage", "expected"),
    [
        (0, 1.0, Outcome.SHOWN),
        (0, 0.8, Outcome.SHOWN),
        (0, 0.79, Outcome.WITHHELD),
        (1, 0.95, Outcome.HIDDEN),
        (1, 0.1, Outcome.HIDDEN),
        (2, 0.85, Outcome.SHOWN),
        (2, 0.5, Outcome.WITHHELD),
    ],
)
def test_a_cell_that_one_region_alone_hides_has_no_total(
    hidden: int, coverage: float, expected: Outcome
) -> None:
    assert outcome(hidden, coverage, 0.8) is expected
