"""Rows of figures that roll up: each with its numerator and denominator."""

from typing import Any

Row = dict[str, Any]


def ratio(key: Row, measure: str, value: float, denominator: float) -> Row:
    """Make the row of a mean or share: its totals are what adds up, never the figure itself."""
    return {
        **key,
        "MEASURE": measure,
        "OBS_VALUE": round(value, 4),
        "NUMERATOR": round(value * denominator, 3),
        "DENOMINATOR": denominator,
    }
