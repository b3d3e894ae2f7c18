"""Formula 7, last part (B3): every movement of a mean, split without a remainder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class State(NamedTuple):
    """What a mean is computed from: weights by group (any unit) and scores by group."""

    weights: Mapping[str, float]
    scores: Mapping[str, float]

    def shares(self) -> dict[str, float]:
        """Weights of the groups that have a score, as parts of their sum."""
        known = {code: weight for code, weight in self.weights.items() if code in self.scores}
        total = sum(known.values())
        return {code: weight / total for code, weight in known.items()} if total else {}

    def mean(self) -> float:
        """Σ w·a over the scored groups."""
        return sum(share * self.scores[code] for code, share in self.shares().items())


class Effect(NamedTuple):
    """What one group adds to a change, by a change of its share and by one of its score."""

    structure: float
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a mean; the four effects sum to the total exactly."""

    before: float
    after: float
    revision: float
    boundary: float
    structure: float
    score: float
    groups: Mapping[str, Effect]

    @property
    def total(self) -> float:
        """Difference of the two means."""
        return self.after - self.before


def decompose(before: State, revised: State, redrawn: State, after: State) -> Change:
    """Split the change from `before` to `after`.

    `revised` is `before` with the data as known now, `redrawn` is `revised` on the perimeter of
    now: those two effects come first. What remains is Σ Δw·ā (structure) and Σ w̄·Δa (score), at
    the midpoint, so that no order of the two is preferred.
    """
    groups = effects(redrawn, after)
    return Change(
        before=before.mean(),
        after=after.mean(),
        revision=revised.mean() - before.mean(),
        boundary=redrawn.mean() - revised.mean(),
        structure=sum(effect.structure for effect in groups.values()),
        score=sum(effect.score for effect in groups.values()),
        groups=groups,
    )


def effects(before: State, after: State) -> dict[str, Effect]:
    """Split the difference of two means by group; structure is told against the mean of both.

    A group that is scored on one side only has that score on both: it came or left.
    """
    old, new = before.shares(), after.shares()
    middle = (before.mean() + after.mean()) / 2
    found = {}
    for code in sorted(old.keys() | new.keys()):
        was, now = old.get(code, 0.0), new.get(code, 0.0)
        first = before.scores[code] if code in old else after.scores[code]
        last = after.scores[code] if code in new else before.scores[code]
        found[code] = Effect(
            (now - was) * ((first + last) / 2 - middle), (was + now) / 2 * (last - first)
        )
    return found
