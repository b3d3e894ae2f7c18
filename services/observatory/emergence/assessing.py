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
    """The steps in order, and how the alerts fared as of each loaded quarter."""

    steps: list[Moved]
    backtests: dict[int, Backtest]


def assess(
    rows: Sequence[Sequence[Any]],
    totals: Mapping[int, tuple[int, int]],
    standings: Mapping[int, Standing],
    loaded: Sequence[int],
    rule: Rule,
    step: int,
) -> Assessment:
    """Judge all terms of a source over all its periods, and take the steps of the loaded ones.

    `rows` are term, quarter, ads, employers, the share of the largest and how many ads are hidden;
    `totals` all ads, and how many are hidden. `step` is how many quarters a period has. A quarter
    that a term has already moved in or after is not judged again: corrections do not rewrite its
    life.
    """
    first = min(totals)
    periods = range(first, max(totals) + 1, step)
    terms = sorted(standings)
    place = {term: number for number, term in enumerate(terms)}
    panel = _panel(rows, totals, place, periods)
    marks, p = emergence.passing(panel, rule)
    watch, fade = emergence.watched(marks, rule), emergence.faded(marks, rule)
    steps: list[Moved] = []
    now = dict(standings)
    for quarter in sorted(loaded):
        if not totals[quarter][0]:
            continue
        column = periods.index(quarter)
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
            evidence = _evidence(panel, p, int(number), column, rule)
            steps.append(Moved(term, state, target, quarter, evidence))
    columns = [periods.index(quarter) for quarter in loaded]
    told = emergence.backtests(panel, watch, rule, columns)
    return Assessment(steps, dict(zip(loaded, told, strict=True)))


def _panel(
    rows: Sequence[Sequence[Any]],
    totals: Mapping[int, tuple[int, int]],
    place: Mapping[int, int],
    periods: range,
) -> Panel:
    figures = np.zeros((4, len(place), len(periods)))
    if rows:
        told = np.array(rows, dtype=float)
        numbers = np.array([place[int(term)] for term in told[:, 0]])
        columns = (told[:, 1].astype(int) - periods.start) // periods.step
        figures[:, numbers, columns] = told.T[2:]
    counts, employers, largest, hidden = figures
    every, spare = np.array([totals.get(one, (0, 0)) for one in periods], dtype=float).T
    return Panel(counts, every, employers, largest, hidden, spare)


def _evidence(
    panel: Panel, p: emergence.Counts, term: int, column: int, rule: Rule
) -> dict[str, Any]:
    """Tell the figures on which a step rests; what was hidden before, where something was."""
    before = column - rule.horizon
    told = {
        "count": int(panel.counts[term, column]),
        "total": int(panel.totals[column]),
        "count_before": int(panel.counts[term, before]) if before >= 0 else None,
        "total_before": int(panel.totals[before]) if before >= 0 else None,
        "p_value": float(p[term, column]),
        "employers": int(panel.employers[term, column]),
        "largest_employer": float(panel.largest[term, column]),
    }
    if panel.hidden is not None and before >= 0 and panel.hidden[term, before]:
        told["hidden_before"] = int(panel.hidden[term, before])
    return told
