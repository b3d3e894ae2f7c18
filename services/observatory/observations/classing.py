"""The class that a reading key gives each figure, as expressions of SQL. Pure.

It says what `keys.classing.judge` says; what is not shown has no class.
"""

from collections.abc import Callable, Mapping
from typing import Final

from observatory.structures.bands import Band
from observatory.structures.classing import Key

Bind = Callable[[object, str], str]

CLASS: Final = "kc.class"
CERTAIN: Final = "kc.certain"
WHY: Final = "kc.why"
VALUE: Final = "k.v"
"""The value as it was compared."""

STATUS: Final = "k.status"


def joins(key: Key, shown: Mapping[str, str], bind: Bind) -> list[str]:
    """Join the class, whether it is certain, and why there is none.

    `shown` are the expressions of value, status, ci_low and ci_high as they may be seen.
    """
    ends = {"v": "value", "low": "ci_low", "high": "ci_high"}
    rounded = ", ".join(f"{_rounded(key, shown[column])} AS {end}" for end, column in ends.items())
    classes = ", ".join(f"{_classes(key, f'k.{end}', bind)} AS {end}" for end in ends)
    certain = (
        "CASE WHEN k.low IS NULL OR k.high IS NULL OR kb.v IS NULL THEN NULL"
        " ELSE kb.low IS NOT DISTINCT FROM kb.v AND kb.high IS NOT DISTINCT FROM kb.v END"
    )
    unclassed = bind(list(key.unclassed), "text[]")
    uncertain = f"WHEN NOT ({certain}) THEN 'uncertain'" if key.needs_certainty else ""
    why = (
        f"CASE WHEN k.v IS NULL THEN 'absent' WHEN k.status = ANY ({unclassed}) THEN 'unreliable'"
        f" WHEN kb.v IS NULL THEN 'beyond' {uncertain} ELSE 'classed' END"
    )
    told = f"kw.why, {_if_classed('kb.v')} AS class, {_if_classed(certain)} AS certain"
    return [
        f"CROSS JOIN LATERAL (SELECT {rounded}, coalesce({shown['status']}, '') AS status) k",
        f"CROSS JOIN LATERAL (SELECT {classes}) kb",
        f"CROSS JOIN LATERAL (SELECT {why} AS why) kw",
        f"CROSS JOIN LATERAL (SELECT {told}) kc",
    ]


def _if_classed(expression: str) -> str:
    return f"CASE WHEN kw.why = 'classed' THEN {expression} END"


def _rounded(key: Key, expression: str) -> str:
    number = f"({expression})::numeric"
    if key.rounding is None:
        return number
    function = "round" if key.rounding.mode == "half_up" else "trunc"
    return f"{function}({number}, {key.rounding.decimals})"


def _classes(key: Key, value: str, bind: Bind) -> str:
    cases = " ".join(
        f"WHEN {_within(each.band, value, bind)} THEN {bind(each.band.id, 'text')}"
        for each in key.classes
    )
    return f"CASE {cases} END"


def _within(band: Band, value: str, bind: Bind) -> str:
    tests = [f"{value} IS NOT NULL"]
    if band.lower is not None:
        tests.append(f"{value} {'>=' if band.has_lower else '>'} {bind(band.lower, 'numeric')}")
    if band.upper is not None:
        tests.append(f"{value} {'<=' if band.has_upper else '<'} {bind(band.upper, 'numeric')}")
    return " AND ".join(tests)
