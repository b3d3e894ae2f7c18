"""Formula 9: which skills or jobs are asked for significantly more often than a year before.

Shapes: S terms × T quarters; a quarter whose total is 0 is not known, and tests nothing.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtr

from observatory.formulas.thresholds import Rule

Counts = NDArray[np.float64]
Marks = NDArray[np.bool_]

SMALL = 5
"""Below it a count is too small for the normal approximation: the exact test decides."""


class Panel(NamedTuple):
    """What is known of S terms over T quarters; largest is one employer's share of the ads."""

    counts: Counts
    totals: Counts
    employers: Counts
    largest: Counts


def z_scores(counts: Counts, totals: Counts, horizon: int) -> Counts:
    """Give ln(p_t/p_{t-h}) / √(1/n_t + 1/n_{t-h} - 1/N_t - 1/N_{t-h}); NaN where not defined."""
    found = np.full(counts.shape, np.nan)
    now, then = counts[:, horizon:], counts[:, :-horizon]
    all_now, all_then = totals[horizon:], totals[:-horizon]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (now / all_now) / (then / all_then)
        variance = 1 / now + 1 / then - 1 / all_now - 1 / all_then
        found[:, horizon:] = np.log(ratio) / np.sqrt(variance)
    found[np.isinf(found)] = np.nan
    return found


def p_values(counts: Counts, totals: Counts, horizon: int) -> Counts:
    """One-sided p of each z; small counts that rise take the exact test, which knows zeros.

    Given n_t + n_{t-h}, n_t is binomial with N_t/(N_t + N_{t-h}) (Przyborowski & Wilenski 1940).
    1 where a quarter is not known.
    """
    found: Counts = ndtr(-z_scores(counts, totals, horizon))
    found[np.isnan(found)] = 1.0
    now, then = counts[:, horizon:], counts[:, :-horizon]
    all_now, all_then = totals[horizon:], totals[:-horizon]
    few_now_or_then = np.minimum(now, then) < SMALL
    risen = now * all_then > then * all_now  # what has fallen is no discovery by either test
    terms, quarters = np.nonzero(few_now_or_then & risen & (all_then > 0))
    few, base = now[terms, quarters], then[terms, quarters]
    part = all_now[quarters] / (all_now[quarters] + all_then[quarters])
    found[terms, quarters + horizon] = betainc(few, base + 1, part)
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
    """Tell which terms pass every threshold in which quarter, and the p-values."""
    p = p_values(panel.counts, panel.totals, rule.horizon)
    marks = discoveries(p, rule.false_discovery_rate)
    marks[:, : rule.horizon] = False
    terms, quarters = np.nonzero(marks)
    now, then = panel.counts[terms, quarters], panel.counts[terms, quarters - rule.horizon]
    all_now, all_then = panel.totals[quarters], panel.totals[quarters - rule.horizon]
    marks[terms, quarters] = (
        (now >= rule.least_count)
        & (now * all_then >= rule.least_growth * then * all_now)
        & (panel.employers[terms, quarters] >= rule.least_employers)
        & (panel.largest[terms, quarters] <= rule.largest_employer)
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
    """How the alerts of the past fared."""

    alerts: int
    decided: int
    """Alerts so old that their outcome is known."""

    right: int
    """Of these, whose share was at least as large `horizon` quarters later."""

    leads: tuple[int, ...]
    """Quarters from each alert to the one in which the share had doubled, where it has."""


def backtest(panel: Panel, watch: Marks, rule: Rule) -> Backtest:
    """Judge the first watch of every term (`watched`) by what came after it."""
    shares = np.divide(
        panel.counts, panel.totals, out=np.zeros(panel.counts.shape), where=panel.totals > 0
    )
    alerts = decided = right = 0
    leads = []
    for term in np.flatnonzero(watch.any(axis=1)):
        first = int(np.argmax(watch[term]))
        alerts += 1
        after = shares[term, first:]
        if len(after) > rule.horizon and panel.totals[first + rule.horizon] > 0:
            decided += 1
            right += bool(after[rule.horizon] >= after[0])
        doubled = np.flatnonzero(after >= 2 * after[0])
        if len(doubled):
            leads.append(int(doubled[0]))
    return Backtest(alerts, decided, right, tuple(leads))
