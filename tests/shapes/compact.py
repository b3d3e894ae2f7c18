"""Makes SHACL of the compact form of a profile, and validates documents with it."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pyshacl import validate
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH


class Profile:
    """The shapes of a file beside this, and the prefixes that it uses."""

    def __init__(self, name: str, prefixes: Mapping[str, str]) -> None:
        self._file = Path(__file__).parent / f"{name}.txt"
        self._prefixes = prefixes

    def iri(self, name: str) -> URIRef:
        prefix, _, rest = name.partition(":")
        return URIRef(self._prefixes[prefix] + rest)

    def _kind(self, graph: Graph, node: BNode, kind: str) -> None:
        if kind == "text":
            graph.add((node, SH.datatype, RDF.langString))
        elif kind == "literal":
            graph.add((node, SH.nodeKind, SH.Literal))
        elif kind == "iri":
            graph.add((node, SH.nodeKind, SH.IRI))
        elif kind.startswith("xsd:"):
            graph.add((node, SH.datatype, self.iri(kind)))
        else:
            graph.add((node, SH["class"], self.iri(kind)))

    def _property(self, graph: Graph, line: str) -> BNode:
        path, kinds, *rest = line.split()
        node = BNode()
        graph.add((node, SH.path, self.iri(path)))
        alternatives = kinds.split("|")
        if len(alternatives) == 1:
            self._kind(graph, node, kinds)
        else:
            options = [BNode() for _ in alternatives]
            for option, kind in zip(options, alternatives, strict=True):
                self._kind(graph, option, kind)
            head = BNode()
            Collection(graph, head, list(options))
            graph.add((node, SH["or"], head))
        for predicate, bound in zip((SH.minCount, SH.maxCount), rest, strict=False):
            if bound not in {"*", "0"}:
                graph.add((node, predicate, Literal(int(bound))))
        if "!" in rest:
            graph.add((node, SH.uniqueLang, Literal(True)))  # noqa: FBT003  # a literal
        return node

    @cached_property
    def shapes(self) -> Graph:
        graph = Graph()
        shape = BNode()
        for line in self._file.read_text().splitlines():
            if line.startswith("#"):
                continue
            if line.startswith(" "):
                graph.add((shape, SH.property, self._property(graph, line)))
                continue
            shape = BNode()
            graph.add((shape, RDF.type, SH.NodeShape))
            graph.add((shape, SH.targetClass, self.iri(line.lstrip("~"))))
            if not line.startswith("~"):
                graph.add((shape, SH.closed, Literal(True)))  # noqa: FBT003  # likewise
                ignored = BNode()
                Collection(graph, ignored, [RDF.type])
                graph.add((shape, SH.ignoredProperties, ignored))
        return graph

    def faults(self, data: Graph) -> list[str]:
        """Return what the profile has against a graph: class, property and constraint."""
        _, found, _ = validate(data, shacl_graph=self.shapes)
        assert isinstance(found, Graph)
        said = set()
        for result in found.subjects(RDF.type, SH.ValidationResult):
            focus, path = found.value(result, SH.focusNode), found.value(result, SH.resultPath)
            kind = data.value(focus, RDF.type)
            constraint = found.value(result, SH.sourceConstraintComponent)
            said.add(" ".join(str(one).rpartition("#")[2] for one in (kind, path, constraint)))
        return sorted(said)


def graph_of(document: dict[str, Any]) -> Graph:
    """Read JSON-LD; whatever would have to be fetched is refused."""
    contexts = document["@context"]
    for one in contexts if isinstance(contexts, list) else [contexts]:
        assert isinstance(one, dict), f"{one} would be fetched"
    return Graph().parse(data=json.dumps(document), format="json-ld")
