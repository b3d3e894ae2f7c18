"""Writes releases as Atom (RFC 4287), in pages that name the next (RFC 5005 §3). Pure."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lxml import etree
from lxml.builder import ElementMaker

from platformkit.i18n import Language, Text

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_SEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_atom = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM, "os": _SEARCH})
_search = ElementMaker(namespace=_SEARCH)

TITLE: Final = Text("Livraisons de l’observatoire de l’IA", "Releases of the AI observatory")
_RELEASED: Final = Text("{name} : livraison {ordinal}", "{name}: release {ordinal}")
_WITHDRAWN: Final = Text(
    "{name} : livraison {ordinal} retirée", "{name}: release {ordinal} withdrawn"
)
_CHANGED: Final = Text(
    "{added} ajoutées, {revised} révisées, {deleted} supprimées",
    "{added} added, {revised} revised, {deleted} deleted",
)
_REASONS: Final = {
    "data": Text("données", "data"),
    "method": Text("méthode", "method"),
    "classification": Text("nomenclature", "classification"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A release: what changed in how many observations, why, and why it was withdrawn if it was."""

    id: uuid.UUID
    dataflow: str
    name: Text
    ordinal: int
    published_at: datetime
    updated_at: datetime
    notes: Text
    withdrawal: Text | None
    reason: str
    diff: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the feed and what it tells of are found, and where its pages are."""

    base: str
    here: str
    first: str
    following: str | None


def feed(
    items: Sequence[Item],
    place: Place,
    publisher: Text,
    language: Language,
    total: int | None,
) -> bytes:
    """Write a page of the feed in a language."""

    def said(words: Text, **facts: object) -> str:
        return (words.en if language == "en" else words.fr).format(**facts)

    updated = max((each.updated_at for each in items), default=_BEGINNING)
    links = {"self": place.here, "first": place.first, "next": place.following}
    root = _atom.feed(
        _atom.id(f"{place.base}/releases.atom"),
        _atom.title(said(TITLE)),
        _atom.updated(updated.isoformat()),
        _atom.author(_atom.name(said(publisher))),
        *(_atom.link(rel=rel, href=to, type=MEDIA_TYPE) for rel, to in links.items() if to),
        **{_XML: language},
    )
    if total is not None:
        root.append(_search.totalResults(str(total)))
    for each in items:
        heading = _RELEASED if each.withdrawal is None else _WITHDRAWN
        address = f"{place.base}/releases/{each.id}"
        told = [said(each.notes), said(_CHANGED, **each.diff)]
        if each.withdrawal is not None:
            told.insert(0, said(each.withdrawal))
        root.append(
            _atom.entry(
                _atom.id(each.id.urn),
                _atom.title(said(heading, name=said(each.name), ordinal=each.ordinal)),
                _atom.published(each.published_at.isoformat()),
                _atom.updated(each.updated_at.isoformat()),
                _atom.summary("\n".join(told), type="text"),
                _atom.category(
                    term=each.dataflow, scheme=f"{place.base}/dataflows", label=said(each.name)
                ),
                _atom.category(
                    term=each.reason,
                    scheme=f"{place.base}/releases#reason",
                    label=said(_REASONS[each.reason]),
                ),
                _atom.link(rel="alternate", href=address),
                _atom.link(
                    rel="related",
                    href=f"{place.base}/dataflows/{each.dataflow}/dcat",
                    type="application/ld+json",
                ),
                _atom.link(
                    rel="enclosure",
                    href=f"{address}/data.parquet",
                    type="application/vnd.apache.parquet",
                ),
            )
        )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
