"""Formula 1: a score carried from one classification to another, with its variance."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from typing import NamedTuple

TOLERANCE = 1e-9


class Estimate(NamedTuple):
    """A score and the variance of its error; zero where the producer publishes none."""

    value: float
    variance: float = 0.0


@dataclass(frozen=True, slots=True)
class Carried:
    """a = Σ W·a_o over the scored targets, and what its variance is made of."""

    value: float
    scores: float
    """Σ W²·Var(a_o)."""
    crosswalk: float
    """Var_W: what not knowing the weights better adds."""
    coverage: float
    """Sum of the weights of the scored targets; `value` is about those."""


def carry(weights: Mapping[str, float], scores: Mapping[str, Estimate]) -> Carried | None:
    """Carry scores through one row of a crosswalk; None when no target has a score.

    The weights of a row sum to one within 1e-9, else ValueError. Their own error is that of a
    Dirichlet(n·W) over the n targets: with equal weights, every split is as likely as another.
    """
    if not isclose(sum(weights.values()), 1, abs_tol=TOLERANCE):
        raise ValueError("the weights of a row of a crosswalk sum to one")
    known = {code: weight for code, weight in weights.items() if code in scores and weight > 0}
    coverage = sum(known.values())
    if not coverage:
        return None
    shares = {code: weight / coverage for code, weight in known.items()}
    value = sum(share * scores[code].value for code, share in shares.items())
    between = sum(share * (scores[code].value - value) ** 2 for code, share in shares.items())
    return Carried(
        value=value,
        scores=sum(share**2 * scores[code].variance for code, share in shares.items()),
        crosswalk=between / (len(shares) + 1),
        coverage=min(1.0, coverage),
    )
