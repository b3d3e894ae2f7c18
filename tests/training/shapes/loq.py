"""Makes SHACL of the compact form of the LOQ profile, and validates documents with it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyshacl import validate
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, Namespace

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "rdf": str(RDF),
    "rov": "http://www.w3.org/ns/regorg#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
ELM = Namespace(PREFIXES["elm"])


def iri(name: str) -> URIRef:
    prefix, _, rest = name.partition(":")
    return URIRef(PREFIXES[prefix] + rest)


def _kind(graph: Graph, node: BNode, kind: str) -> None:
    if kind == "text":
        graph.add((node, SH.datatype, RDF.langString))
    elif kind == "literal":
        graph.add((node, SH.nodeKind, SH.Literal))
    elif kind == "iri":
        graph.add((node, SH.nodeKind, SH.IRI))
    elif kind.startswith("xsd:"):
        graph.add((node, SH.datatype, iri(kind)))
    else:
        graph.add((node, SH["class"], iri(kind)))


def _property(graph: Graph, line: str) -> BNode:
    path, kinds, *rest = line.split()
    node = BNode()
    graph.add((node, SH.path, iri(path)))
    alternatives = kinds.split("|")
    if len(alternatives) == 1:
        _kind(graph, node, kinds)
    else:
        options = [BNode() for _ in alternatives]
        for option, kind in zip(options, alternatives, strict=True):
            _kind(graph, option, kind)
        head = BNode()
        Collection(graph, head, list(options))
        graph.add((node, SH["or"], head))
    for predicate, bound in zip((SH.minCount, SH.maxCount), rest, strict=False):
        if bound not in {"*", "0"}:
            graph.add((node, predicate, Literal(int(bound))))
    if "!" in rest:
        graph.add((node, SH.uniqueLang, Literal(True)))  # noqa: FBT003  # a literal
    return node


@lru_cache(maxsize=1)
def shapes() -> Graph:
    graph = Graph()
    shape = BNode()
    for line in (Path(__file__).parent / "loq.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        if line.startswith(" "):
            graph.add((shape, SH.property, _property(graph, line)))
            continue
        shape = BNode()
        graph.add((shape, RDF.type, SH.NodeShape))
        graph.add((shape, SH.targetClass, iri(line.lstrip("~"))))
        if not line.startswith("~"):
            graph.add((shape, SH.closed, Literal(True)))  # noqa: FBT003  # likewise
            ignored = BNode()
            Collection(graph, ignored, [RDF.type])
            graph.add((shape, SH.ignoredProperties, ignored))
    return graph


def graph_of(document: dict[str, Any]) -> Graph:
    """Read JSON-LD; whatever would have to be fetched is refused."""
    contexts = document["@context"]
    for one in contexts if isinstance(contexts, list) else [contexts]:
        assert isinstance(one, dict), f"{one} would be fetched"
    return Graph().parse(data=json.dumps(document), format="json-ld")


def faults(data: Graph) -> list[str]:
    """Return what the profile has against a graph: class, property and constraint."""
    _, found, _ = validate(data, shacl_graph=shapes())
    assert isinstance(found, Graph)
    said = set()
    for result in found.subjects(RDF.type, SH.ValidationResult):
        focus, path = found.value(result, SH.focusNode), found.value(result, SH.resultPath)
        kind = data.value(focus, RDF.type)
        constraint = found.value(result, SH.sourceConstraintComponent)
        said.add(" ".join(str(one).rpartition("#")[2] for one in (kind, path, constraint)))
    return sorted(said)
