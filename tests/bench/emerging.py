"""The test of emergence over 20,000 skills and 40 quarters, beside numpy of the bare formula."""

import time
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from observatory.formulas.emergence import Panel, passing
from observatory.formulas.thresholds import Rule
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, interleave, show

SKILLS, QUARTERS = 20_000, 40
_ALL = 200_000.0


async def emergence() -> None:
    """Compare all of the test (exact for small counts, every threshold) with z, p and one sort."""
    random = np.random.default_rng(9)
    often = random.lognormal(3, 1.2, SKILLS)
    counts = random.poisson(often[:, None] * np.ones(QUARTERS)).astype(float)
    totals = np.full(QUARTERS, _ALL)
    panel = Panel(counts, totals, np.minimum(counts, 20), np.full(counts.shape, 0.2))
    rule = Rule()

    def bare() -> object:
        now, then = counts[:, rule.horizon :], counts[:, : -rule.horizon]
        all_now, all_then = totals[rule.horizon :], totals[: -rule.horizon]
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.log((now / all_now) / (then / all_then)) / np.sqrt(
                1 / now + 1 / then - 1 / all_now - 1 / all_then
            )
        ordered = np.sort(ndtr(-z), axis=0)
        return ordered <= rule.false_discovery_rate * np.arange(1, SKILLS + 1)[:, None] / SKILLS

    def spent(work: Callable[[], object]) -> Measure:
        async def measure() -> float:
            begun = time.process_time()
            for _ in range(5):
                work()
            return (time.process_time() - begun) / 5 * 1000

        return measure

    found = await interleave(
        {"numpy of the formula": spent(bare), "passing": spent(lambda: passing(panel, rule))},
        ROUNDS,
    )
    show(f"Emergence of {SKILLS:,} skills (CPU, ms)", "ms", found, "numpy of the formula")
