"""Interleaved rounds: A, B, A, B… so that a busy moment of the machine hits all alike."""

import statistics
from collections.abc import Awaitable, Callable, Mapping

from rich.console import Console
from rich.table import Table

Measure = Callable[[], Awaitable[float]]

console = Console()


async def interleave(
    subjects: Mapping[str, Measure], rounds: int, *, warm: bool = True
) -> dict[str, list[float]]:
    """Measure each subject once per round, after one round that only warms up if it is wanted."""
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(rounds + warm):
        for name, measure in subjects.items():
            value = await measure()
            if number >= warm:
                found[name].append(value)
    return found


def show(title: str, unit: str, found: Mapping[str, list[float]], reference: str) -> None:
    """Print medians, spread, and the ratio of each to the reference."""
    table = Table(title=title, title_justify="left")
    for column in ("", f"median {unit}", "spread", f"of {reference}"):
        table.add_column(column, justify="left" if not column else "right")
    base = statistics.median(found[reference])
    for name, values in found.items():
        median = statistics.median(values)
        spread = (max(values) - min(values)) / median if median else 0.0
        table.add_row(name, f"{median:,.2f}", f"±{spread / 2:.0%}", f"{median / base:.2f}")
    console.print(table)
