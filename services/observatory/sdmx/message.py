"""What every data message says of itself, whatever its format. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from observatory.sdmx.graph import TIME_NAME
from observatory.sdmx.layout import Layout
from observatory.structures.catalogue import TIME, Code
from platformkit.i18n import Text

Labels = Mapping[str, Mapping[str, Code]]
"""Codes of coded components, by the id of the component."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the rows of one dataset have in common: R or D, and the release that brought them."""

    action: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a message: nothing in it changes while the data stay the same."""

    id: str
    prepared: str
    sender: str
    layout: Layout
    valid_from: str | None = None
    valid_to: str | None = None
    languages: tuple[str, ...] = field(default=("fr", "en"))

    def action(self, dataset: Dataset) -> str:
        """R replaces whole observations; I where the query left components out; D deletes."""
        return "I" if dataset.action == "R" and self.layout.is_part else dataset.action

    def validity(self, dataset: Dataset) -> Mapping[str, str]:
        """Say `From` and `To` when a dataset holds; what a history deletes held until then."""
        if dataset.since is not None:
            return {"To" if dataset.action == "D" else "From": dataset.since}
        if dataset.action == "D":
            return {}
        told = {"From": self.valid_from, "To": self.valid_to}
        return {way: at for way, at in told.items() if at is not None}

    def name(self, dimension: str) -> Text:
        """Name a dimension."""
        found = self.layout.flow.dimension(dimension)
        return TIME_NAME if dimension == TIME or found is None else found.name
