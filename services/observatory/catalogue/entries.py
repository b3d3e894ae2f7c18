"""What a catalogue says of a dataflow; where its things are found. Pure."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from observatory.structures.catalogue import Artefact, Flow, text
from platformkit.i18n import Text

LICENCES: Final = {
    "Licence Ouverte 2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODbL 1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}
"""Addresses of the licences that a dataflow has as a whole; others are told in words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest release of a flow that can be seen, and since when there is one."""

    release: uuid.UUID
    ordinal: int
    method: str
    notes: Text
    series: int
    issued_at: datetime
    modified_at: datetime
    is_withdrawn: bool
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataflow with its indicators and what is published of it."""

    flow: Flow
    indicators: Sequence[Artefact]
    shown: Shown

    @property
    def identifier(self) -> str:
        """Its name for harvesters, which no version changes: `HDF:DF_EXPOSURE_TERRITORY`."""
        return f"{self.flow.artefact.agency}:{self.flow.id}"

    @property
    def description(self) -> Text:
        """What it is; its name and source, where its authors say no more."""
        content = self.flow.artefact.content
        if content.get("description"):
            return text(content["description"])
        name, source = self.flow.artefact.name, content["source"]
        return Text(f"{name.fr}. Source : {source}.", f"{name.en}. Source: {source}.")

    @property
    def licence(self) -> str:
        """Its licence, in words."""
        return str(self.flow.artefact.content["licence"])

    @property
    def keywords(self) -> list[Text]:
        """What it may be looked for by: its indicators and its theme."""
        theme = self.flow.artefact.content.get("theme")
        return [each.name for each in self.indicators] + ([Text(theme, theme)] if theme else [])


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes, and where: addresses as they are at the door."""

    door: str
    agency: str
    publisher: Text

    @property
    def base(self) -> str:
        """Address of the service."""
        return f"{self.door}/v1/observatory"

    @property
    def sdmx(self) -> str:
        """Address of SDMX-REST, which the door has at its root."""
        return f"{self.door}/sdmx/v2"

    @property
    def catalogue(self) -> str:
        """Identity of the catalogue."""
        return f"{self.base}/catalogue"

    def dataset(self, flow: str) -> str:
        """Identity of a dataflow as a dataset."""
        return f"{self.base}/dataflows/{flow}/dcat"

    def data(self, indicator: str, suffix: str) -> str:
        """Address of the figures of an indicator."""
        return f"{self.base}/indicators/{indicator}/data.{suffix}"

    def bulk(self, shown: Shown) -> str:
        """Address of the file of a release."""
        return f"{self.base}/releases/{shown.release}/data.parquet"
