"""Which artefacts a structure query returns, and how much of each. Pure.

SDMX-REST 2.2.2, `structures.md`: `references` walks the graph, `detail` cuts what is found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from observatory.sdmx.graph import Graph, Node, scheme_of
from observatory.sdmx.identification import Pattern
from observatory.structures import versions

Detail = Literal[
    "full",
    "allstubs",
    "referencestubs",
    "allcompletestubs",
    "referencecompletestubs",
    "referencepartial",
    "raw",
]
Extent = Literal["full", "complete stub", "stub"]

WALKS: Final = frozenset(
    {
        "none",
        "parents",
        "parentsandsiblings",
        "ancestors",
        "children",
        "descendants",
        "all",
    }
)
_OF_ALL: Final[Mapping[Detail, Extent]] = {"allstubs": "stub", "allcompletestubs": "complete stub"}
_OF_REFERENCES: Final[Mapping[Detail, Extent]] = {
    "referencestubs": "stub",
    "referencecompletestubs": "complete stub",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A structure query; `types` and `references` are already known words."""

    types: frozenset[str] | None
    pattern: Pattern
    detail: Detail = "full"
    references: frozenset[str] = frozenset({"none"})
    as_of: datetime | None = None
    drafts: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """An artefact of the answer; of a scheme only `items`, where some are named."""

    node: Node
    extent: Extent
    items: frozenset[str] | None = None


def select(graph: Graph, query: Query) -> list[Chosen]:
    """Return the artefacts that match, then those that `references` adds; none is empty."""
    matching = list(_matching(graph, query))
    own = _OF_ALL.get(query.detail, "full")
    asked = frozenset(query.pattern.items) or None
    chosen = [Chosen(node, own, asked) for node in matching]
    others = _OF_REFERENCES.get(query.detail, own)
    known = {node.urn for node in matching}
    walk = _Walk(graph, matching)
    added = [each for way in sorted(query.references) for each in walk.along(way)]
    referenced = [
        graph.nodes[each]
        for each in dict.fromkeys(added)
        if each not in known and _is_visible(graph.nodes[each], query)
    ]
    used = _used(graph, [*matching, *referenced]) if query.detail == "referencepartial" else {}
    chosen += [Chosen(node, others, _part(node, used)) for node in referenced]
    return chosen


def _is_visible(node: Node, query: Query) -> bool:
    return (query.as_of is None or node.published_at <= query.as_of) and (
        query.drafts or not node.version.is_draft
    )


def _matching(graph: Graph, query: Query) -> Iterator[Node]:
    found: dict[tuple[str, str, str], list[Node]] = {}
    pattern = query.pattern
    for node in graph.nodes.values():
        if (
            (query.types is None or node.type in query.types)
            and (not pattern.agencies or node.agency in pattern.agencies)
            and (not pattern.ids or node.id in pattern.ids)
            and _is_visible(node, query)
        ):
            found.setdefault((node.type, node.agency, node.id), []).append(node)
    asked = ",".join(pattern.versions)
    for key in sorted(found):
        known = {node.version: node for node in found[key]}
        for version in versions.choose(asked, list(known)):
            yield known[version]


class _Walk:
    """Ways through the graph from the artefacts that match."""

    def __init__(self, graph: Graph, matching: Iterable[Node]) -> None:
        self._graph = graph
        self._start = [node.urn for node in matching]

    def along(self, reference: str) -> list[str]:
        """Return what a value of `references` adds; a type of artefact is meant at any distance."""
        start = self._start
        ways: Mapping[str, Callable[[], list[str]]] = {
            "none": list,
            "children": lambda: self._down(start),
            "descendants": lambda: self._closure(self._down),
            "parents": lambda: self._up(start),
            "ancestors": lambda: self._closure(self._up),
            "parentsandsiblings": self._with_siblings,
            "all": lambda: [*self._with_siblings(), *self._closure(self._down)],
        }
        if reference in ways:
            return ways[reference]()
        near = [*self._closure(self._up), *self._closure(self._down)]
        return [each for each in near if self._graph.nodes[each].type == reference]

    def _down(self, urns: Iterable[str]) -> list[str]:
        return [child for each in urns for child in self._graph.nodes[each].children]

    def _up(self, urns: Iterable[str]) -> list[str]:
        return [user for each in urns for user in self._graph.parents.get(each, ())]

    def _with_siblings(self) -> list[str]:
        users = self._up(self._start)
        return [*users, *self._down(users)]

    def _closure(self, step: Callable[[Iterable[str]], list[str]]) -> list[str]:
        seen: dict[str, None] = {}
        edge = self._start
        while edge:
            edge = [each for each in dict.fromkeys(step(edge)) if each not in seen]
            seen |= dict.fromkeys(edge)
        return list(seen)


def _used(graph: Graph, nodes: Iterable[Node]) -> dict[str, set[str]]:
    """Say which items of schemes the artefacts refer to: concepts of structures, agencies of all.

    Code lists have no entry: no constraint of ours restricts them, so all codes stay.
    """
    found: dict[str, set[str]] = {}
    for node in nodes:
        for child in node.children:
            if graph.nodes[child].type == "agencyscheme":
                found.setdefault(child, set()).add(node.agency.rpartition(".")[2])
        for concept in graph.concepts.get(node.urn, {}).values():
            found.setdefault(scheme_of(concept), set()).add(concept.rpartition(".")[2])
    return found


def _part(node: Node, used: Mapping[str, set[str]]) -> frozenset[str] | None:
    items = used.get(node.urn)
    if items is None or items >= {item.id for item in node.items}:
        return None
    return frozenset(items)
