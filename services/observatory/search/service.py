"""What can be found by its name, and how it is shown."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from observatory.references.facts import Facts
from observatory.structures.catalogue import Catalogue, text
from platformkit.i18n import Text
from platformkit.matching import Index, Name

Kind = Literal[
    "jobs",
    "sectors",
    "territories",
    "indicators",
    "dataflows",
    "reading_keys",
    "grids",
    "codes",
]
_ARTEFACTS: Final[Mapping[str, str]] = {
    "indicators": "indicator",
    "dataflows": "dataflow",
    "reading_keys": "reading_key",
    "grids": "grid",
}
NAMES: Final = frozenset({"jobs", "sectors", "territories", *_ARTEFACTS})
"""What is looked for in memory; codes are looked for in the database."""


class Finder:
    """Keeps the index of the names as they are now."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._of: tuple[str, int] | None = None

    async def index(self, facts: Facts, structures: Catalogue) -> Index:
        """Return the index, made anew where a reference table or a structure has changed."""
        current = facts.release, structures.revision
        index = self._index
        if index is None or self._of != current:
            index = await asyncio.to_thread(lambda: Index(_names(facts, structures)))
            self._index, self._of = index, current
        return index


def _names(facts: Facts, structures: Catalogue) -> Iterator[Name]:
    for job in facts.jobs.values():
        yield Name("jobs", job.code, (job.label,))
    for sector in facts.sectors.values():
        yield Name("sectors", sector.code, (sector.label.fr, sector.label.en))
    for place in facts.territories.values():
        yield Name("territories", place.id, (place.label.fr, place.label.en, place.code))
    for indicator in structures.listed("indicator", structures.agency):
        about = text(indicator.content["definition"])
        names = (indicator.name.fr, indicator.name.en)
        yield Name("indicators", indicator.id, names, (about.fr, about.en))
    for flow in structures.listed("dataflow", structures.agency):
        told = (flow.content["source"], flow.content.get("theme") or "")
        yield Name("dataflows", flow.id, (flow.name.fr, flow.name.en), told)
    for key in structures.listed("reading_key", structures.agency):
        if not key.version.is_draft:
            classes = [text(each["name"]) for each in key.content["bands"]]
            yield Name("reading_keys", key.id, (key.name.fr, key.name.en), _said(classes))
    for grid in structures.listed("grid", structures.agency):
        if not grid.version.is_draft:
            asked = [
                text(each["question"])
                for axis in grid.content["dimensions"]
                for each in axis["criteria"]
            ]
            yield Name("grids", grid.id, (grid.name.fr, grid.name.en), _said(asked))


def _said(texts: list[Text]) -> tuple[str, ...]:
    return tuple(one for each in texts for one in (each.fr, each.en))


def shown(facts: Facts, structures: Catalogue, name: Name) -> tuple[str, str | None]:
    """Give the label in the language of the request, and the level of a sector or territory."""
    if name.kind == "jobs":
        return facts.jobs[name.code].label, None
    if name.kind == "sectors":
        sector = facts.sectors[name.code]
        return sector.label(), sector.level
    if name.kind == "territories":
        territory = facts.territories[name.code]
        return territory.label(), territory.kind
    artefact = structures.find(_ARTEFACTS[name.kind], name.code)
    assert artefact is not None  # noqa: S101  # the index is of this catalogue
    return artefact.name(), None
