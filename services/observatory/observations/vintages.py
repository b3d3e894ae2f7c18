"""The visible releases of a dataflow, and which one an instant means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from observatory.structures.catalogue import Flow


@dataclass(frozen=True, slots=True)
class Vintage:
    """A release that can be seen: its size, its provenance, how much it changed."""

    ordinal: int
    published_at: datetime
    is_withdrawn: bool
    method: str
    source: str
    changed: int
    observations: int
    series: int
    first_period: str | None
    last_period: str | None


@dataclass(frozen=True, slots=True)
class Vintages:
    """Every release of a flow that is visible at one instant, in the order of ordinals.

    Read once per request: whatever the request then reads is bounded by these ordinals, so that it
    never mixes two states (acceptance T6).
    """

    flow: int
    mask_revision: int
    releases: Sequence[Vintage]

    @property
    def newest(self) -> int:
        """Ordinal of the newest visible release; 0 before the first."""
        return self.releases[-1].ordinal if self.releases else 0

    def at(self, instant: datetime) -> int:
        """Ordinal of the last release published at or before an instant; 0 before the first."""
        return max(
            (each.ordinal for each in self.releases if each.published_at <= instant), default=0
        )

    def get(self, ordinal: int) -> Vintage | None:
        """Return a visible release; ordinals count from 1 without gaps."""
        return self.releases[ordinal - 1] if 0 < ordinal <= len(self.releases) else None

    @property
    def withdrawn(self) -> list[int]:
        """Ordinals whose values are hidden."""
        return [each.ordinal for each in self.releases if each.is_withdrawn]

    def token(self, ordinal: int) -> str:
        """Say for the entity tag what the data are: the release, and what is hidden of it.

        Another release of the flow, or any of another flow, does not change it.
        """
        hidden = [each for each in self.withdrawn if each <= ordinal]
        return f"{self.flow}/{ordinal}/{self.mask_revision}/{hidden}"

    def changed_between(self, after: int, until: int) -> int:
        """Most observations that can differ between two releases."""
        return sum(each.changed for each in self.releases if after < each.ordinal <= until)


def state(flow: Flow, known: Vintages, ordinal: int) -> str:
    """Tell what the file of a release must be made of: what can be seen of it, under which name."""
    return f"{known.token(ordinal)} {flow.artefact.urn}"
