"""Where counts come from, and by which thresholds they are judged."""

from dataclasses import dataclass
from typing import Final

from observatory.emergence.schemas import Kind
from observatory.formulas.thresholds import RULES, Family, Rule

SURVEY: Final = "bmo-"
"""How the sources of the yearly survey are called: with the region's code after it."""

NEEDS: Final = "needs-"
"""How those of what diagnostics find wanting are called: with programme and questionnaire."""

RESERVED: Final = (SURVEY, NEEDS)
"""Sources that have a reader of their own."""

_QUARTERS: Final = 4
"""Of a year."""


def family_of(source: str) -> Family:
    """Tell by the name of a source what it counts."""
    if source.startswith(NEEDS):
        return Family.NEEDS
    return Family.SURVEY if source.startswith(SURVEY) else Family.ADS


@dataclass(frozen=True, slots=True)
class Source:
    """Where ads are counted, and of what."""

    name: str
    kind: Kind

    @property
    def rule(self) -> Rule:
        """Thresholds by which its counts are judged."""
        return RULES[family_of(self.name)]

    @property
    def step(self) -> int:
        """How many quarters a period has; a year stands in its first quarter."""
        return _QUARTERS if family_of(self.name) is Family.SURVEY else 1
