"""What the formulas need to know of a scored occupation, whatever the index."""

from typing import Protocol, SupportsFloat

from observatory.exposure.classes import Grade


class Scored(Protocol):
    """An occupation with a score by some index; the tables give decimals, crosswalks floats."""

    @property
    def code(self) -> str:
        """ISCO-08 unit group."""

    @property
    def mean(self) -> SupportsFloat:
        """Its score."""

    @property
    def sd(self) -> SupportsFloat:
        """Dispersion over its tasks, zero where the index publishes none."""

    @property
    def tasks(self) -> int:
        """Tasks that were scored, zero where the index publishes none."""

    @property
    def grade(self) -> Grade | None:
        """ILO class, None by any other index."""

    @property
    def variance(self) -> float:
        """Variance of the score's own error."""

    @property
    def spread(self) -> float:
        """Variance that a crosswalk adds to the score."""
