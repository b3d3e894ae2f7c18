"""What contributed diagnostics find wanting, counted by quarter of a programme: pure readings.

A diagnostic contributes with its company's consent, under a pseudonym of its own, levels and no
score (decision 54). A need is a dimension at the lowest level of a T0: of those a company has one
per programme and questionnaire, so that no company counts twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from observatory.emergence.reading import Counted, Told
from platformkit.feed import Change
from platformkit.paris import PARIS

ENTITY: Final = "contribution"
STEP: Final = 5
"""Every count of companies is rounded down to a multiple of it."""

_LOWEST: Final = "basic"
_FIRST: Final = "T0"


class Contributed(NamedTuple):
    """What the latest version of a diagnostic contributes; nothing, once it is withdrawn."""

    entity_id: str
    version: int
    quarter: int
    """In which it was first heard of; what comes later does not move it."""

    programme: str | None
    questionnaire: str | None
    dimensions: Sequence[str]
    needs: Sequence[str]


def quarter_at(instant: datetime) -> int:
    """Give the number of the quarter of an instant in Paris."""
    day = instant.astimezone(PARIS)
    return day.year * 4 + (day.month - 1) // 3


def contributed(changes: Iterable[Change]) -> list[Contributed]:
    """Keep the latest version of each diagnostic of a programme, with the quarter of its first."""
    found: dict[str, Contributed] = {}
    for change in changes:
        if change.entity != ENTITY:
            continue
        known = found.get(change.entity_id)
        told = _read(change, quarter_at(change.at) if known is None else known.quarter)
        if known is None or known.version <= told.version:
            found[change.entity_id] = told
    return list(found.values())


def _read(change: Change, quarter: int) -> Contributed:
    payload = change.payload
    is_first = change.kind != "deleted" and payload.get("milestone") == _FIRST
    levels: Mapping[str, str] = (payload.get("dimensions") or {}) if is_first else {}
    return Contributed(
        change.entity_id,
        change.version,
        quarter,
        payload.get("programme") if levels else None,
        payload.get("questionnaire") if levels else None,
        sorted(levels),
        sorted(code for code, level in levels.items() if level == _LOWEST),
    )


def tallied(rows: Iterable[Mapping[str, Any]], quarters: Iterable[int], k: int) -> Counted:
    """Count the needs of some quarters; fewer than k companies look like none.

    `rows` are quarter, dimensions and needs of one questionnaire in one programme. A quarter of
    fewer than k companies is silent.
    """
    companies: dict[int, int] = {}
    wanting: dict[tuple[str, int], int] = {}
    labels: dict[str, tuple[str, str | None]] = {}
    for row in rows:
        quarter, grid = row["quarter"], row["questionnaire"]
        companies[quarter] = companies.get(quarter, 0) + 1
        labels |= {f"{grid}-{code}": (f"{grid} · {code}", None) for code in row["dimensions"]}
        for code in row["needs"]:
            key = (f"{grid}-{code}", quarter)
            wanting[key] = wanting.get(key, 0) + 1
    counted = Counted(labels=dict(sorted(labels.items())))
    hidden = max(k, STEP) - 1
    for quarter in quarters:
        counted.totals[quarter] = _rounded(companies.get(quarter, 0), k)
        if counted.totals[quarter]:
            counted.spare[quarter] = hidden
            for code in counted.labels:
                told = _rounded(wanting.get((code, quarter), 0), k)
                one = 1 / told if told else 0
                counted.counts[code, quarter] = Told(told, told, one, hidden)
    return counted


def _rounded(count: int, k: int) -> int:
    return 0 if count < k else count - count % STEP
