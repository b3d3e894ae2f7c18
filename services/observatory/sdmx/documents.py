"""Artefacts in the words of SDMX-JSON 2.0, the form from which every message is written. Pure.

Names are in both languages, the one of the request first; `name` is that one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from observatory.sdmx.graph import Graph, Names, Node
from observatory.sdmx.selecting import Chosen
from observatory.structures.catalogue import MEASURE, TIME, Code
from platformkit.i18n import Language

Document = dict[str, Any]

COLLECTIONS: Final = {
    "agencyscheme": "agencySchemes",
    "codelist": "codelists",
    "conceptscheme": "conceptSchemes",
    "dataflow": "dataflows",
    "datastructure": "dataStructures",
    "representationmap": "representationMaps",
}
"""Members of `data` in a message, by type of artefact."""

_NUMERIC: Final = frozenset({"CI_LOW", "CI_HIGH", "SE", "NUMERATOR", "DENOMINATOR"})
_TOLD: Final = ("licence", "source", "theme", "accrual_periodicity")
"""What a dataflow tells of itself in annotations."""


@dataclass(frozen=True, slots=True)
class Members:
    """What artefacts hold beside their content: codes of lists, and (source, target, weight)."""

    codes: Mapping[int, Mapping[str, Code]] = field(default_factory=dict)
    mappings: Mapping[int, Sequence[tuple[str, str, float]]] = field(default_factory=dict)


def data(
    chosen: Iterable[Chosen], graph: Graph, members: Members, language: Language
) -> dict[str, list[Document]]:
    """Write the artefacts by collection; a scheme that has none of the items asked is left out."""
    writer = _Writer(graph, members, language)
    found: dict[str, list[Document]] = {}
    for each in chosen:
        document = writer.artefact(each)
        if document is not None:
            found.setdefault(COLLECTIONS[each.node.type], []).append(document)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Writer:
    graph: Graph
    members: Members
    language: Language

    def artefact(self, chosen: Chosen) -> Document | None:
        node = chosen.node
        document: Document = {
            "id": node.id,
            "agencyID": node.agency,
            "version": node.version_text,
            **self._texts("name", node.names),
            "links": [{"rel": "self", "type": node.type, "urn": node.urn}],
        }
        if chosen.extent != "stub":
            if node.descriptions is not None:
                document |= self._texts("description", node.descriptions)
            document |= self._annotations(node)
        if node.type == "representationmap":
            document |= self._ends(node)  # in stubs too: the schema of SDMX-ML 3.0 wants them
        if chosen.extent != "full":
            return document | {"isExternalReference": True}
        match node.type:
            case "codelist" | "conceptscheme" | "agencyscheme":
                return self._scheme(document, chosen)
            case "datastructure":
                return document | {"dataStructureComponents": self._components(node)}
            case "dataflow":
                return document | {"structure": self._child(node, "datastructure")}
            case _:
                return document | self._map(node)

    def _texts(self, name: str, texts: Names) -> Document:
        other: Language = "en" if self.language == "fr" else "fr"
        both = {self.language: texts[self.language], other: texts[other]}
        return {name: both[self.language], f"{name}s": both}

    def _annotations(self, node: Node) -> Document:
        content = node.source.content if node.source is not None and node.type == "dataflow" else {}
        told: list[Document] = [
            {"id": name.upper(), "type": name.upper(), "value": content[name]}
            for name in _TOLD
            if content.get(name)
        ]
        gone = None if node.source is None else node.source.deprecation
        if gone is not None:
            reason = self._texts("text", {"fr": gone.reason.fr, "en": gone.reason.en})
            title = {} if gone.replacement is None else {"title": gone.replacement}
            told.append({"id": "DEPRECATED", "type": "DEPRECATED", **title, **reason})
        return {"annotations": told} if told else {}

    def _scheme(self, document: Document, chosen: Chosen) -> Document | None:
        node = chosen.node
        every = self._codes(node) if node.type == "codelist" else self._items(node)
        kept = [each for each in every if chosen.items is None or each["id"] in chosen.items]
        if not kept:
            return None
        member = {"codelist": "codes", "conceptscheme": "concepts"}.get(node.type, "agencies")
        return document | {"isPartial": len(kept) < len(every), member: kept}

    def _codes(self, node: Node) -> list[Document]:
        assert node.source is not None  # noqa: S101  # every code list is published
        return [
            {
                "id": code.id,
                **self._texts("name", {"fr": code.name.fr, "en": code.name.en}),
                **({"parent": code.parent} if code.parent else {}),
            }
            for code in self.members.codes[node.source.number].values()
        ]

    def _items(self, node: Node) -> list[Document]:
        return [
            {
                "id": item.id,
                **self._texts("name", item.names),
                **(self._texts("description", item.descriptions) if item.descriptions else {}),
            }
            for item in node.items
        ]

    def _child(self, node: Node, type_: str) -> str:
        return next(each for each in node.children if self.graph.nodes[each].type == type_)

    def _components(self, node: Node) -> Document:
        assert node.source is not None  # noqa: S101  # every data structure is published
        content, concepts = node.source.content, self.graph.concepts[node.urn]
        found: Document = {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": [
                    {
                        "id": each["id"],
                        "position": place,
                        "conceptIdentity": concepts[each["id"]],
                        "localRepresentation": self._list(each["codelist"]),
                    }
                    for place, each in enumerate(content["dimensions"], start=1)
                ],
                "timeDimension": {
                    "id": TIME,
                    "conceptIdentity": concepts[TIME],
                    "localRepresentation": _typed("ObservationalTimePeriod"),
                },
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [
                    {
                        "id": MEASURE,
                        "usage": "optional",
                        "conceptIdentity": concepts[MEASURE],
                        "localRepresentation": _typed("Double"),
                    }
                ],
            },
        }
        attributes = [
            {
                "id": each["id"],
                "usage": "optional",
                "attributeRelationship": _relationship(each),
                "conceptIdentity": concepts[each["id"]],
                "localRepresentation": self._list(each["codelist"])
                if each["codelist"]
                else _typed("Double" if each["id"] in _NUMERIC else "String"),
            }
            for each in content["attributes"]
        ]
        if attributes:
            found["attributeList"] = {"id": "AttributeDescriptor", "attributes": attributes}
        return found

    def _list(self, reference: str) -> Document:
        return {"enumeration": self.graph.codelists[reference]}

    def _ends(self, node: Node) -> Document:
        assert node.source is not None  # noqa: S101  # every map is published
        content = node.source.content
        return {
            end: [{"codelist": self.graph.codelists[content[end]]}] for end in ("source", "target")
        }

    def _map(self, node: Node) -> Document:
        assert node.source is not None  # noqa: S101  # likewise
        return {
            "representationMappings": [
                {
                    "sourceValues": [{"value": value}],
                    "targetValues": [mapped],
                    "annotations": [{"id": "WEIGHT", "type": "WEIGHT", "value": repr(weight)}],
                }
                for value, mapped, weight in self.members.mappings[node.source.number]
            ],
        }


def _typed(kind: str) -> Document:
    return {"format": {"dataType": kind}}


def _relationship(attribute: Mapping[str, Any]) -> Document:
    """Say what the value of an attribute depends on."""
    match attribute["level"]:
        case "observation":
            return {"observation": {}}
        case "dimension":
            return {"dimensions": [attribute["dimension"]]}
        case _:
            return {"dataflow": {}}
