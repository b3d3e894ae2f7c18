"""What an extraction is: its indicator, release, licence, and the legend of its codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from observatory.observations import columns
from observatory.observations.columns import Column
from observatory.observations.selection import Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintage, Vintages
from observatory.structures import library
from observatory.structures.catalogue import Catalogue, Code, Flow, Indicator
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool


@dataclass(frozen=True)
class Reading:
    """All that a writer needs: the pool, the statement, and what the figures are."""

    pool: ReadPool
    structures: Catalogue
    indicator: Indicator
    selection: Selection
    vintages: Vintages
    statement: Statement

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns."""
        return columns.told(self.selection.flow, self.statement)

    @property
    def content(self) -> Mapping[str, Any]:
        """Wire form of the indicator."""
        return self.indicator.artefact.content


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to know about the figures: a key for programs, a title for people."""

    key: str
    title: Text
    value: str


def facts(reading: Reading) -> list[Fact]:
    """List what there is to know, in the language of the request; all of it is text."""
    indicator, flow = reading.indicator.artefact, reading.selection.flow
    return [
        Fact("indicator", Text("Identifiant", "Identifier"), indicator.id),
        Fact("name", Text("Indicateur", "Indicator"), indicator.name()),
        Fact("definition", Text("Définition", "Definition"), _said(reading, "definition")),
        Fact("unit", Text("Unité", "Unit"), _said(reading, "unit")),
        Fact("decimals", Text("Décimales", "Decimals"), str(reading.content["decimals"])),
        *of_flow(flow, reading.vintages.get(reading.selection.as_of)),
    ]


def of_flow(flow: Flow, release: Vintage | None) -> list[Fact]:
    """List what there is to know of a whole dataflow."""
    artefact = flow.artefact
    told = [
        Fact(
            "dataflow", Text("Flux de données", "Dataflow"), f"{artefact.name()} – {artefact.urn}"
        ),
        Fact("source", Text("Source", "Source"), artefact.content["source"]),
        Fact("licence", Text("Licence", "Licence"), artefact.content["licence"]),
    ]
    if release is not None:
        told += [
            Fact("release", Text("Livraison", "Release"), str(release.ordinal)),
            Fact("published_at", Text("Parue le", "Published"), release.published_at.isoformat()),
            Fact("method", Text("Méthode", "Method"), release.method),
            Fact("release_source", Text("Source de la livraison", "Its source"), release.source),
        ]
    return told + [
        Fact(each.id, each.name, each.values[""])
        for each in flow.attributes
        if each.level == "dataflow"
    ]


def _said(reading: Reading, member: str) -> str:
    return str(reading.content[member][language()])


async def legend(reading: Reading, attribute: str) -> Mapping[str, Code]:
    """Return the codes of an attribute with their names; of none where no list is known."""
    found = next((a for a in reading.selection.flow.attributes if a.id == attribute), None)
    if found is None:
        return {}
    codelist = found.codelist or reading.structures.find("codelist", f"CL_{attribute}")
    if codelist is None:
        return {}
    return await library.codes(reading.pool, reading.structures, codelist)
