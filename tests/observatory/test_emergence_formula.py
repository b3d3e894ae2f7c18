"""Formula 9 by worked numbers, by the formula as it is written, and by planted terms (E1)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtrc

from observatory.formulas.emergence import (
    Panel,
    backtests,
    compared,
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


def bare(counts: list[list[int]], totals: list[int]) -> Panel:
    told = np.array(counts, float)
    return Panel(told, np.array(totals, float), np.zeros(told.shape), np.zeros(told.shape))


@given(st.tuples(*[st.integers(5, 400)] * 2), st.tuples(*[st.integers(1_000, 9_000)] * 2))
def test_z_is_the_formula(counts: tuple[int, int], totals: tuple[int, int]) -> None:
    (before, now), (all_before, all_now) = counts, totals
    found = z_scores(compared(bare([[before, now]], [all_before, all_now]), 1))
    expected = math.log((now / all_now) / (before / all_before)) / math.sqrt(
        1 / now + 1 / before - 1 / all_now - 1 / all_before
    )
    assert found[0, 0] == pytest.approx(expected, abs=1e-12)


def test_small_counts_take_the_exact_test_and_a_silent_quarter_none() -> None:
    counts = [[0, 12], [1, 4], [0, 0], [3, 4]]
    p = p_values(compared(bare(counts, [1_000, 3_000]), 1))
    assert p[0, 0] == pytest.approx(0.75**12)
    assert p[1, 0] == pytest.approx(0.75**5 + 5 * 0.75**4 * 0.25)
    assert p[3, 0] > 0.5, "it has fallen"
    assert p[2, 0] == 1
    assert (p_values(compared(bare(counts, [0, 3_000]), 1)) == 1).all()


def test_what_a_source_hides_may_have_been_there_before() -> None:
    told = bare([[0, 12], [0, 12]], [100, 100])
    hiding = told._replace(hidden=np.array([[4.0, 4.0], [0.0, 4.0]]), spare=np.array([0.0, 20.0]))
    p = p_values(compared(hiding, 1))
    assert p[0, 0] == pytest.approx(bdtrc(11, 16, 120 / 220))
    assert p[1, 0] == pytest.approx((120 / 220) ** 12)
    silent = hiding._replace(counts=np.zeros((2, 2)), totals=np.array([100.0, 0.0]))
    assert (p_values(compared(silent, 1)) == 1).all(), "what may be spare makes no total"
    rule = RULE._replace(horizon=1)
    most = hiding._replace(employers=np.full((2, 2), 20), hidden=np.array([[11.0, 0], [0, 0]]))
    assert passing(most, rule)[0][:, 1].tolist() == [False, True]


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
    lasts = [0] * 4 + [20, 40, 60, 80, 120, 120, 120, 120, 120]
    falls = [0] * 4 + [20, 40, 60, 10, 0, 0, 0, 0, 0]
    young = [0] * 10 + [30, 60, 60]
    counted = panel(np.array([lasts, falls, young]))
    marks = watched(passing(counted, RULE)[0], RULE)
    early, last = backtests(counted, marks, RULE, [8, 12])
    assert (last.alerts, last.decided, last.right, last.leads) == (3, 2, 1, (2,))
    assert (last.emerged, last.recalled) == (1, 1), "it doubled, lasted a year, and was alerted"
    assert (early.alerts, early.decided, early.right, early.leads) == (2, 0, 0, (2,))
    assert (early.emerged, early.recalled) == (1, 1)


def test_what_was_known_of_an_earlier_quarter_is_what_its_own_file_said() -> None:
    random = np.random.default_rng(9)
    rising = np.cumsum(random.poisson(1.5, (300, QUARTERS)), axis=1)
    whole = panel(rising)
    known = backtests(whole, watched(passing(whole, RULE)[0], RULE), RULE, range(QUARTERS))
    for columns in range(RULE.horizon + 1, QUARTERS + 1):
        part = panel(rising[:, :columns])
        [alone] = backtests(part, watched(passing(part, RULE)[0], RULE), RULE, [columns - 1])
        assert alone == known[columns - 1]
    assert known[-1].emerged > known[-1].recalled > 0


def test_what_no_alert_named_is_missed_and_one_employer_is_none_to_name() -> None:
    slow = np.array([[10, 12, 14, 17, 20, 24, 28, 34, 40, 48, 56, 68]])
    counted = panel(slow, total=400)
    never = np.zeros(slow.shape, dtype=bool)
    [found] = backtests(counted, never, RULE, [QUARTERS - 1])
    assert (found.alerts, found.emerged, found.recalled) == (0, 1, 0)
    of_one = counted._replace(largest=np.full(slow.shape, 0.9))
    assert backtests(of_one, never, RULE, [QUARTERS - 1])[0].emerged == 0
    silent = counted._replace(totals=np.where(np.arange(QUARTERS) == 8, 0, 400.0))
    [unknown] = backtests(silent, never, RULE, [8])
    assert unknown.emerged == 0, "whether it lasted is not known"
