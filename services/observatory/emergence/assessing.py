"""What the counts of each quarter make of every term; numpy's work, off the event loop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from observatory.emergence.states import State, by_counts
from observatory.formulas import emergence
from observatory.formulas.emergence import Backtest, Panel
from observatory.formulas.thresholds import Rule


class Standing(NamedTuple):
    """Where a term stands before the assessment, and since which quarter."""

    state: State | None
    since: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that the counts of a quarter make a term take."""

    term: int
    origin: State | None
    target: State
    quarter: int
    evidence: dict[str, Any]


class Assessment(NamedTuple):
    """The steps in order, and how the alerts of the past fared."""

    steps: list[Moved]
    backtest: Backtest


def assess(
    rows: Sequence[Sequence[Any]],
    totals: Mapping[int, int],
    standings: Mapping[int, Standing],
    loaded: Sequence[int],
    rule: Rule,
) -> Assessment:
    """Judge all terms of a source over all its quarters, and take the steps of the loaded ones.

    `rows` are term, quarter, ads, employers and the share of the largest. A quarter that a term
    has already moved in or after is not judged again: corrections do not rewrite its life.
    """
    first, last = min(totals), max(totals)
    terms = sorted(standings)
    place = {term: number for number, term in enumerate(terms)}
    panel = _panel(rows, totals, place, first, last)
    marks, p = emergence.passing(panel, rule)
    watch, fade = emergence.watched(marks, rule), emergence.faded(marks, rule)
    steps: list[Moved] = []
    now = dict(standings)
    for quarter in sorted(loaded):
        if not totals[quarter]:
            continue
        column = quarter - first
        for number in np.flatnonzero(marks[:, column] | fade[:, column]):
            term = terms[number]
            state, since = now[term]
            if quarter <= since:
                continue
            target = by_counts(
                state,
                passes=bool(marks[number, column]),
                persists=bool(watch[number, column]),
                fades=bool(fade[number, column]),
            )
            if target is None or target is state:
                continue
            now[term] = Standing(target, quarter)
            told = _evidence(panel, p, int(number), column, rule)
            steps.append(Moved(term, state, target, quarter, told))
    return Assessment(steps, emergence.backtest(panel, watch, rule))


def _panel(
    rows: Sequence[Sequence[Any]],
    totals: Mapping[int, int],
    place: Mapping[int, int],
    first: int,
    last: int,
) -> Panel:
    shape = (len(place), last - first + 1)
    counts, employers, largest = (np.zeros(shape) for _ in range(3))
    if rows:
        told = np.array(rows, dtype=float)
        numbers = np.array([place[int(term)] for term in told[:, 0]])
        columns = told[:, 1].astype(int) - first
        for target, values in zip((counts, employers, largest), told.T[2:], strict=True):
            target[numbers, columns] = values
    every = np.array([totals.get(quarter, 0) for quarter in range(first, last + 1)], dtype=float)
    return Panel(counts, every, employers, largest)


def _evidence(
    panel: Panel, p: emergence.Counts, term: int, column: int, rule: Rule
) -> dict[str, Any]:
    """Tell the figures on which a step rests."""
    before = column - rule.horizon
    return {
        "count": int(panel.counts[term, column]),
        "total": int(panel.totals[column]),
        "count_before": int(panel.counts[term, before]) if before >= 0 else None,
        "total_before": int(panel.totals[before]) if before >= 0 else None,
        "p_value": float(p[term, column]),
        "employers": int(panel.employers[term, column]),
        "largest_employer": float(panel.largest[term, column]),
    }
