"""The methods: what each index measures, what it is frozen on, and what not to read in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from observatory.indices import texts
from platformkit.i18n import Text


@dataclass(frozen=True, slots=True)
class Method:
    """A version of a method; another formula, constant or grid is another version."""

    id: str
    version: str
    name: Text
    measures: Text
    scale: Text
    dataset: str
    """The table of the scores; its source says what to cite, and under which licence."""
    dispersed: bool
    """Whether the producer publishes a dispersion over tasks, so that a score has an error."""
    limits: tuple[Text, ...]
    percentiles: Sequence[float]
    """101 frozen percentiles of the index over the unit groups that every headline method scores.
    """
    golden: Sequence[tuple[float, float]]
    """Scores and the places they must get, for whoever computes them elsewhere."""


FROZEN_VERSION: Final = "1.0.0"
GRID: Final = ("exposure-fifths", "1.0.0")
READING_KEY: Final = ("exposure-reading", "1.0.0")


@cache
def _constants() -> dict[str, Any]:
    file = resources.files("observatory").joinpath("reference/constants.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def headlines() -> frozenset[str]:
    """Methods that the range is about, one per producer."""
    return frozenset(_constants()["headlines"])


def reference_groups() -> int:
    """Count the unit groups that the percentiles were frozen on."""
    found: int = _constants()["unit_groups"]
    return found


@cache
def methods() -> dict[str, Method]:
    """Every method with its constants, headlines first."""
    return {
        each.id: Method(
            id=each.id,
            version=FROZEN_VERSION,
            name=each.name,
            measures=each.measures,
            scale=each.scale,
            dataset=each.dataset,
            dispersed=each.dispersed,
            limits=(*each.limits, *texts.COMMON_LIMITS),
            percentiles=tuple(_constants()["percentiles"][each.id]),
            golden=tuple((score, place) for score, place in _constants()["golden"][each.id]),
        )
        for each in texts.INDICES
    }
