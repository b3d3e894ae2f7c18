"""Gathers what a kit brings of the structures: the newest stable ones that its dataflows need."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from observatory.kits import citing
from observatory.kits.schemas import KitStructures
from observatory.sdmx import documents, graph, selecting, structure_json, structure_messages
from observatory.sdmx.documents import Members
from observatory.sdmx.graph import Graph
from observatory.sdmx.identification import Pattern
from observatory.sdmx.selecting import Chosen, Query
from observatory.structures import library, queries
from observatory.structures.catalogue import Artefact, Catalogue
from observatory.structures.service import DataflowUnknown

_LISTS: Final = {
    "codelist": "codelists",
    "concept_scheme": "concept_schemes",
    "code_map": "code_maps",
    "data_structure": "data_structures",
    "dataflow": "dataflows",
    "indicator": "indicators",
    "reading_key": "reading_keys",
    "grid": "grids",
    "sheet": "sheets",
}
_NEWEST: Final = ("+",)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The structures as this service reads them, and as any SDMX program does."""

    structures: KitStructures
    json: bytes
    xml: bytes
    at: datetime
    """When the newest of them was published: the only date that a kit tells of itself."""


async def gather(raw: Any, agency: str, wanted: Sequence[str] | None) -> Gathered:  # noqa: ANN401  # asyncpg's connection, untyped
    """Collect the dataflows wanted, or all, with all that they refer to; raises DataflowUnknown."""
    known = await library.load(raw, agency)
    for name in wanted or ():
        found = known.find("dataflow", name)
        if found is None or found.version.is_draft:
            raise DataflowUnknown(id=name)
    every = graph.build(known)
    chosen = _chosen(every, agency, tuple(wanted or ()))
    if not any(each.node.type == "dataflow" for each in chosen):
        raise DataflowUnknown(id="*")
    members = await _members(raw, known, chosen)
    return await asyncio.to_thread(_written, known, every, chosen, members)


def _chosen(every: Graph, agency: str, wanted: tuple[str, ...]) -> list[Chosen]:
    flows = Query(
        types=frozenset({"dataflow"}),
        pattern=Pattern((agency,), wanted, _NEWEST),
        references=frozenset({"descendants"}),
        drafts=False,
    )
    chosen = selecting.select(every, flows)
    urns = {each.node.urn for each in chosen}
    maps = Query(frozenset({"representationmap"}), Pattern((agency,), (), _NEWEST), drafts=False)
    for each in selecting.select(every, maps):
        if set(each.node.children) <= urns:
            chosen.append(each)
    return chosen


async def _members(raw: Any, known: Catalogue, chosen: Iterable[Chosen]) -> Members:  # noqa: ANN401  # likewise
    sources = [each.node.source for each in chosen if each.node.source is not None]
    return Members(
        {
            each.number: await library.codes(raw, known, each)
            for each in sources
            if each.kind == "codelist"
        },
        {
            each.number: [tuple(row) for row in await raw.fetch(queries.MAPPINGS, each.number)]
            for each in sources
            if each.kind == "code_map"
        },
    )


def _written(
    known: Catalogue, every: Graph, chosen: Sequence[Chosen], members: Members
) -> Gathered:
    own = [
        each.node.source
        for each in chosen
        if each.node.source is not None and each.node.agency == known.agency
    ]
    flows = {each.reference for each in own if each.kind == "dataflow"}
    for indicator in known.listed("indicator", known.agency):
        told = _qualified(indicator, indicator.content)
        if told["dataflow"] in flows and not indicator.version.is_draft:
            own.append(indicator)
    own += citing.covered(known, own)
    told_: dict[str, list[Mapping[str, Any]]] = {name: [] for name in _LISTS.values()}
    for each in sorted(own, key=lambda one: (one.kind, one.id, one.version.order)):
        content = {**_qualified(each, each.content), **_held(each, members)}
        told_[_LISTS[each.kind]].append(content)
    at = max(each.node.changed_at for each in chosen).astimezone(UTC)
    header = structure_json.Header(
        id=f"KIT_{known.agency}",
        prepared=at.isoformat().replace("+00:00", "Z"),
        sender=known.agency,
        language="fr",
    )
    data = documents.data(chosen, every, members, "fr")
    return Gathered(
        KitStructures.model_validate({"agency": known.agency, **told_}),
        structure_messages.written(header, data, structure_messages.JSON_2_0),
        structure_messages.written(header, data, structure_messages.XML_2_1),
        at,
    )


def _held(source: Artefact, members: Members) -> Mapping[str, Any]:
    """Write the codes of a list, or the mappings of a map."""
    if source.kind == "codelist":
        return {
            "codes": [
                {
                    "id": code.id,
                    "name": {"fr": code.name.fr, "en": code.name.en},
                    "parent": code.parent,
                }
                for code in members.codes[source.number].values()
            ]
        }
    if source.kind == "code_map":
        return {
            "mappings": [
                {"source": one, "target": other, "weight": weight}
                for one, other, weight in members.mappings[source.number]
            ]
        }
    return {}


def _qualified(source: Artefact, content: Mapping[str, Any]) -> dict[str, Any]:
    """Say whose each structure is that is referred to: `CL_X(1.0.0)` is another one elsewhere."""

    def whole(reference: str) -> str:
        return reference if ":" in reference else f"{source.agency}:{reference}"

    for kind in citing.KINDS:
        if source.kind == kind:
            return citing.rewritten(kind, content, whole)
    found = dict(content)
    for name in ("source", "target") if source.kind == "code_map" else ():
        found[name] = whole(content[name])
    if source.kind == "data_structure":
        for name in ("dimensions", "attributes"):
            found[name] = [
                {**each, "codelist": each["codelist"] and whole(each["codelist"])}
                for each in content[name]
            ]
    if source.kind == "dataflow":
        found["structure"] = whole(content["structure"])
    if source.kind == "indicator":
        found["dataflow"] = whole(content["dataflow"])
    return found
