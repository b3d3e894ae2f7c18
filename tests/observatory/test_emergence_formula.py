"""Formula 9 by worked numbers, by the formula as it is written, and by planted terms (E1)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.formulas.emergence import (
    Panel,
    backtest,
    discoveries,
    faded,
    p_values,
    passing,
    watched,
    z_scores,
)
from observatory.formulas.thresholds import Rule

RULE = Rule()
QUARTERS = 12


def panel(counts: np.ndarray, total: float = 5_000, employers: float = 20) -> Panel:
    shape = counts.shape
    return Panel(
        counts.astype(float),
        np.full(shape[1], total),
        np.full(shape, employers),
        np.full(shape, 0.2),
    )


@given(st.tuples(*[st.integers(5, 400)] * 2), st.tuples(*[st.integers(1_000, 9_000)] * 2))
def test_z_is_the_formula(counts: tuple[int, int], totals: tuple[int, int]) -> None:
    (before, now), (all_before, all_now) = counts, totals
    found = z_scores(np.array([[before, now]], float), np.array([all_before, all_now], float), 1)
    expected = math.log((now / all_now) / (before / all_before)) / math.sqrt(
        1 / now + 1 / before - 1 / all_now - 1 / all_before
    )
    assert found[0, 1] == pytest.approx(expected, abs=1e-12)
    assert math.isnan(found[0, 0])


def test_small_counts_take_the_exact_test_and_a_silent_quarter_none() -> None:
    counts = np.array([[0, 12], [1, 4], [0, 0], [3, 4]], float)
    p = p_values(counts, np.array([1_000.0, 3_000.0]), 1)
    assert p[0, 1] == pytest.approx(0.75**12)
    assert p[1, 1] == pytest.approx(0.75**5 + 5 * 0.75**4 * 0.25)
    assert p[3, 1] > 0.5, "it has fallen"
    assert p[2, 1] == 1
    assert (p_values(counts, np.array([0.0, 3_000.0]), 1) == 1).all()


@settings(max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from([0.01, 0.05, 0.2]))
def test_discoveries_are_benjamini_and_hochbergs(values: list[float], rate: float) -> None:
    found = discoveries(np.array(values)[:, None], rate)[:, 0]
    ordered = sorted(values)
    limits = [p for rank, p in enumerate(ordered, 1) if p <= rate * rank / len(ordered)]
    limit = max(limits, default=-1.0)
    assert found.tolist() == [p <= limit for p in values]


def test_a_planted_skill_is_watched_within_two_quarters_and_stationary_ones_are_not() -> None:
    """E1: from 0 to 3 % of the ads over four quarters, among a thousand that do not move."""
    random = np.random.default_rng(9)
    still = random.poisson(np.repeat(random.uniform(5, 300, 1_000)[:, None], QUARTERS, 1))
    grown = [0] * 6 + [37, 75, 112, 150, 150, 150]
    marks, _ = passing(panel(np.vstack([still, [grown]])), RULE)
    watch = watched(marks, RULE)
    assert np.flatnonzero(watch[-1])[0] <= 6 + 1
    assert watch[:-1].any(axis=1).mean() <= 0.05


def test_a_burst_of_one_employer_never_passes() -> None:
    grown = np.array([[0] * 6 + [40, 80, 120, 160, 160, 160]] * 3)
    many = panel(grown)
    few = many._replace(employers=np.array([[2.0], [20.0], [20.0]]) * np.ones(QUARTERS))
    burst = few._replace(largest=np.array([[0.2], [0.86], [0.85]]) * np.ones(QUARTERS))
    marks, _ = passing(burst, RULE)
    assert marks.any(axis=1).tolist() == [False, False, True]


def test_what_stops_passing_fades_after_a_year() -> None:
    marks = np.array([[False, True, True, False, False, False, False, False]])
    assert np.flatnonzero(watched(marks, RULE)[0]).tolist() == [2, 3]
    assert np.flatnonzero(faded(marks, RULE)[0]).tolist() == [6, 7]


def test_the_backtest_counts_what_lasted_and_how_early_it_was_seen() -> None:
    lasts = [0] * 4 + [20, 40, 60, 80, 120, 120, 120, 120]
    falls = [0] * 4 + [20, 40, 60, 10, 0, 0, 0, 0]
    young = [0] * 10 + [30, 60]
    counted = panel(np.array([lasts, falls, young]))
    found = backtest(counted, watched(passing(counted, RULE)[0], RULE), RULE)
    assert (found.alerts, found.decided, found.right) == (3, 2, 1)
    assert found.leads == (2,)
