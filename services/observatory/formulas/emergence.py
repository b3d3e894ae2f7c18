"""Formula 9: which skills or jobs are asked for significantly more often than a year before.

Shapes: S terms × T periods (quarters, of a survey years); one whose total is 0 is not known, and
tests nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtr

from observatory.formulas.thresholds import EMERGED, Rule

Counts = NDArray[np.float64]
Marks = NDArray[np.bool_]

SMALL = 5
"""Below it a count is too small for the normal approximation: the exact test decides."""


class Panel(NamedTuple):
    """What is known of S terms over T periods; largest is one employer's share of the ads.

    What a source counted and does not tell is never taken for zero: `hidden` is how many more ads
    of a term there are at most, `spare` how many more of all. None where it tells everything.
    """

    counts: Counts
    totals: Counts
    employers: Counts
    largest: Counts
    hidden: Counts | None = None
    spare: Counts | None = None


class Compared(NamedTuple):
    """Counts of each term and of all, beside those of a horizon before: S × (T - horizon)."""

    now: Counts
    then: Counts
    all_now: Counts
    all_then: Counts


def compared(panel: Panel, horizon: int) -> Compared:
    """Put the least that a share can be beside the most that it can have been before."""
    then, all_now = panel.counts[:, :-horizon], panel.totals[horizon:]
    if panel.hidden is not None:
        then = then + panel.hidden[:, :-horizon]
    if panel.spare is not None:
        all_now = np.where(all_now > 0, all_now + panel.spare[horizon:], 0)
    return Compared(panel.counts[:, horizon:], then, all_now, panel.totals[:-horizon])


def z_scores(of: Compared) -> Counts:
    """Give ln(p_t/p_{t-h}) / √(1/n_t + 1/n_{t-h} - 1/N_t - 1/N_{t-h}); NaN where not defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (of.now / of.all_now) / (of.then / of.all_then)
        variance = 1 / of.now + 1 / of.then - 1 / of.all_now - 1 / of.all_then
        found: Counts = np.log(ratio) / np.sqrt(variance)
    found[np.isinf(found)] = np.nan
    return found


def p_values(of: Compared) -> Counts:
    """One-sided p of each z; small counts that rise take the exact test, which knows zeros.

    Given n_t + n_{t-h}, n_t is binomial with N_t/(N_t + N_{t-h}) (Przyborowski & Wilenski 1940).
    1 where a period is not known.
    """
    found: Counts = ndtr(-z_scores(of))
    found[np.isnan(found)] = 1.0
    few_now_or_then = np.minimum(of.now, of.then) < SMALL
    risen = of.now * of.all_then > of.then * of.all_now  # a fall is no discovery by either test
    terms, periods = np.nonzero(few_now_or_then & risen & (of.all_then > 0))
    few, base = of.now[terms, periods], of.then[terms, periods]
    part = of.all_now[periods] / (of.all_now[periods] + of.all_then[periods])
    found[terms, periods] = betainc(few, base + 1, part)
    return found


def discoveries(p: Counts, rate: float) -> Marks:
    """Tell per quarter which are discoveries at this false-discovery rate (Benjamini–Hochberg).

    No p above the rate can be one, so only the few below it are sorted.
    """
    terms, quarters = p.shape
    limits = np.full(quarters, -1.0)
    low = p <= rate
    for quarter in range(quarters):
        ordered = np.sort(p[low[:, quarter], quarter])
        under = np.flatnonzero(ordered <= rate * np.arange(1, len(ordered) + 1) / terms)
        if len(under):
            limits[quarter] = ordered[under[-1]]
    marks: Marks = p <= limits
    return marks


def passing(panel: Panel, rule: Rule) -> tuple[Marks, Counts]:
    """Tell which terms pass every threshold in which period, and the p-values."""
    of = compared(panel, rule.horizon)
    p = np.ones(panel.counts.shape)
    p[:, rule.horizon :] = p_values(of)
    marks = discoveries(p, rule.false_discovery_rate)
    marks[:, : rule.horizon] = False
    terms, periods = np.nonzero(marks)
    before = periods - rule.horizon
    now, then = of.now[terms, before], of.then[terms, before]
    marks[terms, periods] = (
        (now >= rule.least_count)
        & (now * of.all_then[before] >= rule.least_growth * then * of.all_now[before])
        & (panel.employers[terms, periods] >= rule.least_employers)
        & (panel.largest[terms, periods] <= rule.largest_employer)
    )
    return marks, p


def watched(marks: Marks, rule: Rule) -> Marks:
    """Tell where enough of the last quarters pass."""
    sums = np.cumsum(np.pad(marks, ((0, 0), (rule.window, 0))), axis=1, dtype=np.int64)
    found: Marks = sums[:, rule.window :] - sums[:, : -rule.window] >= rule.persistence
    return found


def faded(marks: Marks, rule: Rule) -> Marks:
    """Tell where so many quarters in a row do not pass, among those that are there."""
    sums = np.cumsum(np.pad(marks, ((0, 0), (rule.fades_after, 0))), axis=1, dtype=np.int64)
    found: Marks = sums[:, rule.fades_after :] - sums[:, : -rule.fades_after] == 0
    found[:, : rule.fades_after - 1] = False
    return found


class Backtest(NamedTuple):
    """How the alerts of the past fared, as far as it is known at a period."""

    alerts: int
    decided: int
    """Alerts so old that their outcome is known."""

    right: int
    """Of these, whose share was at least as large `horizon` periods later."""

    leads: tuple[int, ...]
    """Periods from each alert to the one in which the share had doubled, where it has."""

    emerged: int
    """Terms whose share doubled within the horizon, by enough employers, and was kept as long."""

    recalled: int
    """Of these, which had been alerted before it was known that they last."""


def backtests(panel: Panel, watch: Marks, rule: Rule, columns: Sequence[int]) -> list[Backtest]:
    """Judge the first watch of every term (`watched`) as of each of these periods."""
    shares = np.divide(
        panel.counts, panel.totals, out=np.zeros(panel.counts.shape), where=panel.totals > 0
    )
    last = shares.shape[1] - 1
    alerted = np.flatnonzero(watch.any(axis=1))
    first = np.argmax(watch[alerted], axis=1)
    due = first + rule.horizon
    then, base = np.minimum(due, last), shares[alerted, first]
    is_known = (due <= last) & (panel.totals[then] > 0)
    is_right = is_known & (shares[alerted, then] >= base)
    doubled = _first(
        (shares[alerted] >= 2 * base[:, None]) & (np.arange(last + 1) >= first[:, None])
    )
    proven = _first(_lasting(panel, shares, rule))
    alert_of = np.full(len(shares), last + 1)
    alert_of[alerted] = first
    found = []
    for column in columns:
        is_due, is_proven = is_known & (due <= column), proven <= column
        known = doubled <= column
        found.append(
            Backtest(
                int((first <= column).sum()),
                int(is_due.sum()),
                int((is_due & is_right).sum()),
                tuple(int(one) for one in (doubled - first)[known]),
                int(is_proven.sum()),
                int((is_proven & (alert_of <= proven)).sum()),
            )
        )
    return found


def _lasting(panel: Panel, shares: Counts, rule: Rule) -> Marks:
    """Tell in which period it is known that a share doubled within a horizon, and lasted one."""
    found = np.zeros(shares.shape, dtype=bool)
    ahead = rule.horizon
    if shares.shape[1] <= 2 * ahead:
        return found
    then, now, later = shares[:, : -2 * ahead], shares[:, ahead:-ahead], shares[:, 2 * ahead :]
    told = panel.totals > 0
    inside = slice(ahead, -ahead)
    found[:, 2 * ahead :] = (
        (panel.counts[:, inside] >= rule.least_count)
        & (panel.employers[:, inside] >= rule.least_employers)
        & (panel.largest[:, inside] <= rule.largest_employer)
        & (now >= EMERGED * then)
        & (later >= now)
        & (told[: -2 * ahead] & told[inside] & told[2 * ahead :])
    )
    return found


def _first(marks: Marks) -> NDArray[np.int64]:
    """Give the first marked period of each term, one after the last where there is none."""
    found: NDArray[np.int64] = np.where(marks.any(axis=1), np.argmax(marks, axis=1), marks.shape[1])
    return found
