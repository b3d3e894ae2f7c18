"""Reads what requests ask: `c[REF_AREA]=R32,R11`, keys, instants. All faults at once."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from itertools import product
from math import prod
from typing import Final, cast

from observatory.observations.selection import OPERATORS, Comparison, Condition, Operator, period
from observatory.structures.catalogue import TIME
from platformkit.errors import Fault
from platformkit.i18n import Text

PARAMETER: Final = r"c\[[A-Za-z][A-Za-z0-9_-]{0,63}\]"
"""Form of a query parameter that restricts a component (SDMX-REST 2)."""

MOST_TESTS: Final = 2_000
"""Values that one request may name, all components together."""

_OPERATOR: Final = re.compile(r"([a-z]{2}):(.*)", re.DOTALL)


def conditions(query: Iterable[tuple[str, str]], faults: list[Fault]) -> tuple[Condition, ...]:
    """Read the parameters `c[…]`: a comma is or, a plus is and, which binds closer (SDMX-REST 2).

    `A,B+C` is A, or both B and C; without operator it is equality. A plus that was not
    percent-encoded arrives as a blank. An or of ands is turned into an and of ors.
    """
    found: list[Condition] = []
    for name, value in query:
        if not name.startswith("c["):
            continue
        component = name[2:-1]
        groups = [re.split(r"[+ ]", group) for group in value.split(",")]
        clauses = prod(map(len, groups))
        if sum(len(each.tests) for each in found) + clauses * len(groups) > MOST_TESTS:
            sentence = Text(f"Plus de {MOST_TESTS} valeurs.", f"More than {MOST_TESTS} values.")
            faults.append(Fault("/c", "too-many-values", sentence, where="query"))
            break
        tests = [[_test(component, each, name, faults) for each in group] for group in groups]
        found += [Condition(component, clause) for clause in product(*tests)]
    return tuple(found)


def _test(component: str, text: str, name: str, faults: list[Fault]) -> Comparison:
    operator, value = "eq", text
    written = _OPERATOR.fullmatch(text)
    if written is not None:
        operator, value = written.groups()
        if operator not in OPERATORS:
            sentence = Text(
                f"Opérateurs : {', '.join(OPERATORS)}.", f"Operators: {', '.join(OPERATORS)}."
            )
            faults.append(Fault(f"/{name}", "operator-unknown", sentence, where="query"))
    if not value:
        sentence = Text("Une valeur est vide.", "A value is empty.")
        faults.append(Fault(f"/{name}", "value-empty", sentence, where="query"))
    if component == TIME and operator not in {"co", "nc", "sw", "ew"} and value:
        _time(value, name, faults)
    return Comparison(cast(Operator, operator), value)


def _time(value: str, name: str, faults: list[Fault]) -> None:
    if period(value) is None:
        sentence = Text(
            "Une période s’écrit 2020, 2020-S1, 2020-Q2, 2020-03, 2020-W07 ou 2020-03-31.",
            "A period is written 2020, 2020-S1, 2020-Q2, 2020-03, 2020-W07 or 2020-03-31.",
        )
        faults.append(Fault(f"/{name}", "period-malformed", sentence, where="query"))


def bounds(start: str | None, end: str | None, faults: list[Fault]) -> tuple[Condition, ...]:
    """Read the first and the last period; a range that ends before it begins is a fault."""
    found = []
    for name, operator, value in (("startPeriod", "ge", start), ("endPeriod", "le", end)):
        if value is not None:
            _time(value, name, faults)
            found.append(Condition(TIME, (Comparison(cast(Operator, operator), value),)))
    first, last = period(start or ""), period(end or "")
    if first is not None and last is not None and last.last < first.first:
        sentence = Text("La fin précède le début.", "The end is before the beginning.")
        faults.append(Fault("/endPeriod", "range-inverted", sentence, where="query"))
    return tuple(found)


def instant(text: str | None, name: str, faults: list[Fault]) -> datetime | None:
    """Read an instant of a query; a plus of an offset that arrives as a blank is put back.

    A day alone means its end, so that `asOf=2026-11-30` sees what appeared on that day.
    """
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        sentence = Text(
            "Un instant s’écrit 2026-11-30T12:00:00Z, ou 2026-11-30 pour la fin du jour.",
            "An instant is written 2026-11-30T12:00:00Z, or 2026-11-30 for the end of the day.",
        )
        faults.append(Fault(f"/{name}", "instant-malformed", sentence, where="query"))
        return None
