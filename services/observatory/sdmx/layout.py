"""What an SDMX data message shows of a dataflow, and at which of its levels. Pure."""

from dataclasses import dataclass
from typing import Final

from observatory.structures.catalogue import MEASURE, OBSERVED, TIME, Attribute, Flow

FLAT: Final = "AllDimensions"
"""`dimensionAtObservation` of a message whose observations are not grouped."""

NUMBERS: Final = frozenset(name for name in OBSERVED if name not in {"OBS_STATUS", "CONF_STATUS"})
"""Attributes of observations that are numbers."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The components of a message; `at` is the dimension at the observation, or FLAT."""

    flow: Flow
    at: str = TIME
    attributes: tuple[Attribute, ...] = ()
    has_measure: bool = True
    keys_only: bool = False
    """Series without their observations."""

    is_part: bool = False
    """Attributes or the measure were left out by the query."""

    @property
    def series(self) -> tuple[str, ...]:
        """Dimensions that group observations, in the order of the key."""
        return () if self.at == FLAT else tuple(d for d in self.dimensions if d != self.at)

    @property
    def observation(self) -> tuple[str, ...]:
        """Dimensions of an observation within its group."""
        return tuple(d for d in self.dimensions if d not in self.series)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """All dimensions, time last."""
        return (*(each.id for each in self.flow.dimensions), TIME)

    @property
    def of_dataset(self) -> tuple[Attribute, ...]:
        """Attributes that have one value for the whole message."""
        return tuple(each for each in self.attributes if each.level == "dataflow")

    @property
    def of_series(self) -> tuple[Attribute, ...]:
        """Attributes that follow from a dimension of the group."""
        return tuple(each for each in self.attributes if each.dimension in self.series)

    @property
    def of_observation(self) -> tuple[Attribute, ...]:
        """The other attributes."""
        above = {each.id for each in (*self.of_dataset, *self.of_series)}
        return tuple(each for each in self.attributes if each.id not in above)

    @property
    def order(self) -> tuple[str, ...]:
        """Order in which the rows of a group stand together; none is needed by series of time."""
        return () if self.at in {TIME, FLAT} else (*self.series, *self.observation)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that a writer reads of a row: groups, observation, value, attributes."""
        return (
            *self.series,
            *(each.id for each in self.of_series),
            *self.observation,
            *((MEASURE,) if self.has_measure else ()),
            *(each.id for each in self.of_observation),
        )
