"""Turns the elements of a formation into facts, by the grammar, in one walk.

Most of a national file repeats itself: short values are read and judged once and remembered, so
that a regular element costs two looks into dictionaries; so are whole addresses and providers, by
their XML.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from training.certifications import sirets
from training.imports.texts import clean, is_mojibake
from training.offers import values
from training.offers.faults import Faults
from training.offers.grammar import CODED, LEAVES, NUMBERED, SEQUENCES, Leaf, Part

NEWEST: Final = "http://lheo.gouv.fr/2.3"
EXTRAS: Final = "lheo-2.3"
"""The `info` of the extras in which we write for 2.2 what only 2.3 has."""

_LAST_LINE_KEPT: Final = 65_535
_LONGEST_NUMBER: Final = 200
_REMEMBERED: Final = 1_000
"""Values of one kind of element, of at most so many characters:"""
_SHORT: Final = 60
_REPEATED: Final = {
    "domaine-formation",
    "contact-formation",
    "organisme-formation-responsable",
    "lieu-de-formation",
    "adresse-inscription",
    "adresse-information",
    "contact-session",
    "organisme-formateur",
    "organisme-financeur",
}
"""Elements that come many times in a file with the same content, of at most so many characters:"""
_SMALL: Final = 4_000
_NOTHING: Final = object()
_Seen = dict[str | None, Any]


@dataclass(slots=True)
class _Sequence:
    """An element with children, compiled for a file."""

    tag: str
    is_numbered: bool
    wrapped: str | None
    """The name of its one child, as which it is read."""

    required: tuple[Part, ...]
    last_required: int
    remembered: dict[str, Any] | None
    """Values without a fault, by the XML that they were read of."""
    steps: dict[str, "_Step"] = field(default_factory=dict)
    """By qualified tag."""


_Step = tuple[int, int, int, str, bool, _Seen | None, _Sequence | None, str]
"""A child: its place, that of the last required one before it, how often it may come; its name (the
empty one for what is not kept), whether it is a list; the values known of it, if it is a plain
text; its own children; its tag."""


class Walk:
    """Reads the formations of one file."""

    def __init__(self, namespace: str) -> None:
        self._extras = None if namespace == NEWEST else f"{{{namespace}}}extras"
        self._formation = _compiled({namespace, NEWEST})
        self._told: set[str] = set()
        self._faults = Faults(0)

    def facts(self, element: etree._Element, faults: Faults) -> Any:  # noqa: ANN401  # the facts by name
        """Return the facts of a formation; what is wrong with it goes to its faults."""
        self._faults = faults
        return self._sequence(self._formation, element)

    def _where(self, element: etree._Element) -> int:
        """Return the element's line; beyond what libxml2 counts, that of its formation."""
        line = element.sourceline
        return line if line is not None and line < _LAST_LINE_KEPT else self._faults.line

    def _sequence(self, known: _Sequence, element: etree._Element) -> Any:  # noqa: ANN401  # a wrapper is its child
        made: dict[str, Any] = {}
        if known.is_numbered:
            number = clean(element.get("numero"))
            if number is not None and len(number) <= _LONGEST_NUMBER:
                made["number"] = number
        children = element if self._extras is None else self._restored(known, element)
        if not self._fill(made, known, children):
            self._missing(known, element, children)
        if known.tag == "geolocalisation" and not all(made.values()):
            self._faults.add("coordinates-unreadable", self._where(element))
            return None
        return made if known.wrapped is None else made.get(known.wrapped)

    def _fill(
        self, made: dict[str, Any], known: _Sequence, children: Iterable[etree._Element]
    ) -> bool:
        """Keep the children, as many as may come, in their order; tell whether none is missed."""
        steps = known.steps
        last, count, has_gap = -1, 0, False
        for child in children:
            step = steps.get(child.tag)
            if step is None:
                self._unknown(child)
                continue
            place, needed, most, name, is_list, seen, _, _ = step
            if place == last:
                count += 1
            else:
                if place < last:
                    self._add("lheo-element-misplaced", child, _local(child))
                has_gap = has_gap or needed > last
                last, count = place, 1
            if count > most:
                if count == most + 1:
                    self._add("lheo-element-repeated", child, _local(child))
                continue
            value = _NOTHING if seen is None else seen.get(child.text, _NOTHING)
            if value is _NOTHING or len(child):
                value = self._value(step, child)
                if value is _NOTHING:
                    continue
            if is_list:
                made.setdefault(name, []).append(value)
            else:
                made[name] = value
        return not has_gap and known.last_required <= last

    def _value(self, step: _Step, child: etree._Element) -> Any:  # noqa: ANN401  # of any kind
        """Return the value of a child that is not known yet, or _NOTHING."""
        _, _, _, name, _, seen, sequence, tag = step
        if not name:
            self._tell_once("person-left-out")
            return _NOTHING
        if sequence is not None:
            value = self._repeated(sequence, child)
            return _NOTHING if value is None else value
        leaf, text = LEAVES[tag], child.text or ""
        try:
            value = values.read(leaf, tag, text)
        except values.Unreadable as refusal:
            self._add(str(refusal), child, tag)
            return _NOTHING
        if len(child):
            self._add("lheo-element-unknown", child, child[0].tag[:80])
        doubt = _doubt(leaf, value, text)
        if doubt is not None:
            self._add(doubt, child, tag)
        elif seen is not None and len(text) <= _SHORT and len(seen) < _REMEMBERED:
            seen[child.text] = value
        return _coded(tag, value, child) if tag in CODED else value

    def _repeated(self, known: _Sequence, element: etree._Element) -> Any:  # noqa: ANN401  # likewise
        """Return the value of an element: the one that the same XML had before, if it had one."""
        if known.remembered is None:
            return self._sequence(known, element)
        written = etree.tostring(element, encoding="unicode", with_tail=False)
        value = known.remembered.get(written, _NOTHING)
        if value is _NOTHING:
            before = self._faults.noted
            value = self._sequence(known, element)
            is_sound = self._faults.noted == before
            if is_sound and len(written) <= _SMALL and len(known.remembered) < _REMEMBERED:
                known.remembered[written] = value
        return value

    def _add(self, rule: str, element: etree._Element, what: str) -> None:
        self._faults.add(rule, self._where(element), what=what)

    def _unknown(self, child: etree._Element) -> None:
        name = _local(child)
        if name == "extras":
            self._tell_once("extras-left-out")
        else:
            self._add("lheo-element-unknown", child, name[:80])

    def _missing(
        self, known: _Sequence, element: etree._Element, children: Iterable[etree._Element]
    ) -> None:
        found = {_local(child) for child in children}
        for part in known.required:
            if part.tag not in found:
                self._add("lheo-element-missing", element, part.tag)

    def _restored(self, known: _Sequence, element: etree._Element) -> Iterable[etree._Element]:
        """Return the children, those of our own extras in the places that they have in 2.3."""
        if element.find(self._extras) is None:
            return list(element)
        direct: list[etree._Element] = []
        restored = False
        for child in element:
            if child.tag != self._extras:
                direct.append(child)
            elif child.get("info") == EXTRAS:
                restored = True
                direct += [one for extra in child for one in extra]
            else:
                self._tell_once("extras-left-out")
        if restored:
            steps = known.steps
            direct.sort(key=lambda one: steps[one.tag][0] if one.tag in steps else -1)
        return direct

    def _tell_once(self, rule: str) -> None:
        if rule not in self._told:
            self._told.add(rule)
            self._faults.add(rule)


def _compiled(namespaces: Iterable[str]) -> _Sequence:
    """Lay the grammar out for a file with elements of these namespaces."""
    made = {
        tag: _Sequence(
            tag,
            tag in NUMBERED,
            node.wrapper.name if node.wrapper else None,
            node.required,
            max((one.place for one in node.required), default=-1),
            {} if tag in _REPEATED else None,
        )
        for tag, node in SEQUENCES.items()
    }
    seen: dict[str, _Seen] = {tag: {} for tag in LEAVES if tag not in CODED}
    for tag, node in SEQUENCES.items():
        needed = -1
        for part in node.parts.values():
            is_kept = part.name is not None
            step = (
                part.place,
                needed,
                sys.maxsize if part.most is None else part.most,
                part.name or "",
                part.is_list,
                seen.get(part.tag) if is_kept else None,
                made.get(part.tag) if is_kept else None,
                part.tag,
            )
            for namespace in namespaces:
                made[tag].steps[f"{{{namespace}}}{part.tag}"] = step
            needed = part.place if part.least else needed
    return made["formation"]


def _local(element: etree._Element) -> str:
    return str(element.tag.rpartition("}")[2])


def _doubt(leaf: Leaf, value: Any, text: str) -> str | None:  # noqa: ANN401  # of any kind
    """Return the rule that a value breaks although it could be read."""
    if leaf.kind == "text" and is_mojibake(text):
        return "text-mojibake-suspected"
    if leaf.kind == "siret" and not sirets.is_valid(value):
        return "siret-checksum"
    if leaf.kind == "price" and value["amount"] is None:
        return "price-unparsed"
    return None


def _coded(tag: str, code: str, child: etree._Element) -> dict[str, Any]:
    """Keep the version of the nomenclature beside the code, and which one is the main one."""
    made: dict[str, Any] = {"code": code}
    version = clean(child.get("ref"))
    if version is not None:
        made["version"] = version[:50]
    mark = CODED[tag]
    if mark and child.get("tag") == "principal":
        made[mark] = True
    return made
