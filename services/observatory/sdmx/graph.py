"""Our structures as SDMX artefacts that refer to each other. Pure.

What SDMX has and we keep otherwise is derived here: the agency schemes, and a concept scheme for
the components of a data structure whose concepts nobody has published. A derived artefact changes
only with what it is derived from.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from observatory.sdmx.artefact_types import CLASSES
from observatory.structures.catalogue import MEASURE, TIME, Artefact, Catalogue
from observatory.structures.versions import Version
from platformkit.i18n import Text

_KINDS: Final = {
    "codelist": "codelist",
    "concept_scheme": "conceptscheme",
    "dataflow": "dataflow",
    "data_structure": "datastructure",
    "code_map": "representationmap",
}
_TOP: Final = "SDMX"
"""Maintains the scheme of agencies that have none above them."""

TIME_NAME: Final = Text("Période", "Time period")

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A concept or an agency of a scheme."""

    id: str
    names: Names
    descriptions: Names | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """An artefact; `digest` changes with what is told of it, `children` are what it refers to."""

    type: str
    agency: str
    id: str
    version: Version
    names: Names
    digest: str
    published_at: datetime
    changed_at: datetime
    children: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    source: Artefact | None = None
    descriptions: Names | None = None

    @property
    def version_text(self) -> str:
        """Write the version; the one of agency schemes is fixed, and has two parts."""
        return "1.0" if self.type == "agencyscheme" else str(self.version)

    @property
    def urn(self) -> str:
        """Write the URN."""
        return urn(CLASSES[self.type], self.agency, self.id, self.version_text)


def urn(class_: str, agency: str, name: str, version: str) -> str:
    """Write the URN of a maintainable artefact."""
    return f"urn:sdmx:org.sdmx.infomodel.{class_}={agency}:{name}({version})"


def item_urn(class_: str, scheme: Node, name: str) -> str:
    """Write the URN of an item of a scheme."""
    return f"{urn(class_, scheme.agency, scheme.id, scheme.version_text)}.{name}"


def scheme_of(concept: str) -> str:
    """Return the URN of the scheme that the URN of a concept names."""
    return concept.rpartition(".")[0].replace(".Concept=", ".ConceptScheme=")


@dataclass(frozen=True, slots=True)
class Graph:
    """All artefacts by URN, who refers to them, and the concepts of each data structure."""

    nodes: Mapping[str, Node]
    concepts: Mapping[str, Mapping[str, str]]
    """By URN of the data structure and id of the component: the URN of the concept."""

    codelists: Mapping[str, str]
    """URNs of the code lists that data structures and maps refer to, by how they write it."""

    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def build(catalogue: Catalogue) -> Graph:
    """Derive the artefacts of a catalogue."""
    published = [
        each
        for versions in catalogue.artefacts.values()
        for each in versions
        if each.kind in _KINDS and each.published_at is not None
    ]
    nodes: dict[str, Node] = {}
    concepts: dict[str, dict[str, str]] = {}
    schemes = [_scheme(each) for each in published if each.kind == "concept_scheme"]
    for each in published:
        if each.kind == "data_structure":
            known, derived = _concepts(each, schemes)
            concepts[each.urn] = known
            if derived is not None:
                nodes[derived.urn] = derived
    agencies = {node.agency: node for node in _agency_schemes(catalogue, published)}
    nodes |= {node.urn: node for node in agencies.values()}
    for each in published:
        children = [_agency_scheme_of(each.agency), *_references(catalogue, each, concepts)]
        node = _node(each, tuple(dict.fromkeys(children)))
        nodes[node.urn] = node
    lists = {
        reference: _resolved(catalogue, "codelist", reference)
        for each in published
        for reference in _lists(each)
    }
    return Graph(nodes, concepts, lists, _parents(nodes.values()))


def _node(source: Artefact, children: tuple[str, ...]) -> Node:
    assert source.published_at is not None  # noqa: S101  # `build` takes no other
    content = source.content
    gone = source.deprecation
    return Node(
        type=_KINDS[source.kind],
        agency=source.agency,
        id=source.id,
        version=source.version,
        names=content["name"],
        digest=source.sha256 if gone is None else f"{source.sha256} until {gone.at}",
        published_at=source.published_at,
        changed_at=source.published_at if gone is None else gone.at,
        children=children,
        items=tuple(
            Item(one["id"], one["name"], one.get("description"))
            for one in content.get("concepts", ())
        ),
        source=source,
        descriptions=content.get("description"),
    )


def _scheme(source: Artefact) -> Node:
    return _node(source, ())


def _references(
    catalogue: Catalogue, source: Artefact, concepts: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield the URNs of what an artefact refers to, in the order of its parts."""
    content = source.content
    match source.kind:
        case "dataflow":
            yield _resolved(catalogue, "data_structure", content["structure"])
        case "data_structure":
            for concept in concepts[source.urn].values():
                yield scheme_of(concept)
    for reference in _lists(source):
        yield _resolved(catalogue, "codelist", reference)


def _lists(source: Artefact) -> list[str]:
    content = source.content
    match source.kind:
        case "code_map":
            return [content["source"], content["target"]]
        case "data_structure":
            parts = (*content["dimensions"], *content["attributes"])
            return [part["codelist"] for part in parts if part["codelist"]]
    return []


def _resolved(catalogue: Catalogue, kind: str, reference: str) -> str:
    found = catalogue.resolve(kind, reference)
    if found is None:  # publishing refuses what does not resolve
        raise LookupError(reference)
    return found.urn


def components(content: Mapping[str, Any]) -> list[tuple[str, Names]]:
    """List the components of a data structure with their names, in the order of SDMX."""
    return [
        *((each["id"], each["name"]) for each in content["dimensions"]),
        (TIME, {"fr": TIME_NAME.fr, "en": TIME_NAME.en}),
        (MEASURE, content["measure"]),
        *((each["id"], each["name"]) for each in content["attributes"]),
    ]


def _concepts(structure: Artefact, schemes: Sequence[Node]) -> tuple[dict[str, str], Node | None]:
    """Find the concept of each component, and derive a scheme of those that have none.

    A published concept is meant when it has the id and the names of the component and is of a
    stable scheme of the same agency that was there before the structure; later schemes change
    nothing.
    """
    before = [
        each
        for each in schemes
        if each.agency == structure.agency
        and not each.version.is_draft
        and each.source is not None
        and each.source.number < structure.number
    ]
    before.sort(key=lambda each: each.version.order, reverse=True)
    found: dict[str, str] = {}
    missing: list[Item] = []
    for name, names in components(structure.content):
        for scheme in before:
            if any(item.id == name and item.names == names for item in scheme.items):
                found[name] = item_urn("conceptscheme.Concept", scheme, name)
                break
        else:
            missing.append(Item(name, names))
    if not missing:
        return found, None
    own = _node(structure, (_agency_scheme_of(structure.agency),))
    derived = Node(
        type="conceptscheme",
        agency=own.agency,
        id=f"{own.id}_CONCEPTS",
        version=own.version,
        names={"fr": f"Concepts : {own.names['fr']}", "en": f"Concepts: {own.names['en']}"},
        digest=own.digest,
        published_at=own.published_at,
        changed_at=own.published_at,
        children=own.children,
        items=tuple(missing),
    )
    found |= {item.id: item_urn("conceptscheme.Concept", derived, item.id) for item in missing}
    return found, derived


def _agency_scheme_of(agency: str) -> str:
    return urn(CLASSES["agencyscheme"], agency.rpartition(".")[0] or _TOP, "AGENCIES", "1.0")


def _agency_schemes(catalogue: Catalogue, published: Sequence[Artefact]) -> Iterator[Node]:
    """Make the scheme of each agency that has agencies below it, from those that publish here."""
    first: dict[str, datetime] = {}
    for each in published:
        if each.published_at is not None:
            known = first.get(each.agency, each.published_at)
            first[each.agency] = min(known, each.published_at)
    below: dict[str, list[str]] = {}
    for agency in sorted(first):
        below.setdefault(agency.rpartition(".")[0] or _TOP, []).append(agency)
    for above, agencies in below.items():
        items = tuple(_agency(each, catalogue.agencies.get(each)) for each in agencies)
        said = repr([(item.id, sorted(item.names.items())) for item in items])
        yield Node(
            type="agencyscheme",
            agency=above,
            id="AGENCIES",
            version=Version(1, 0, 0),
            names={"fr": "Agences", "en": "Agencies"},
            digest=hashlib.sha256(said.encode()).hexdigest(),
            published_at=min(first[each] for each in agencies),
            changed_at=min(first[each] for each in agencies),
            items=items,
        )


def _agency(agency: str, name: Text | None) -> Item:
    told = {"fr": agency, "en": agency} if name is None else {"fr": name.fr, "en": name.en}
    return Item(agency.rpartition(".")[2], told)


def _parents(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in nodes:
        for child in node.children:
            found.setdefault(child, []).append(node.urn)
    return {child: tuple(users) for child, users in found.items()}
