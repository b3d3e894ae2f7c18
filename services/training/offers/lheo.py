"""Reads LHÉO 2.3 and 2.2 formation by formation, each judged by the grammar and the rules of §3.

A formation of 2.2 is one of 2.3 that lacks some elements; those that our own 2.2 export has put
into `extras` are taken back from there.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import IO, Any, Final

import orjson
from lxml import etree

from training.certifications import sirets
from training.imports import xml
from training.imports.findings import FileRefused, Finding
from training.imports.formats import Reading
from training.imports.texts import clean, is_mojibake
from training.offers import rules, values
from training.offers.faults import Faults
from training.offers.grammar import CODED, LEAVES, NUMBERED, SEQUENCES, Leaf, Node, Part

NAMESPACES: Final = {
    "http://lheo.gouv.fr/2.3": "2.3",
    "http://lheo.gouv.fr/2.2": "2.2",
    "http://www.lheo.org/2.2": "2.2",
}
EXTRAS: Final = "lheo-2.3"
"""The `info` of the extras in which we write for 2.2 what only 2.3 has."""

_IDS: Final = uuid.UUID("5b6a0c0e-6f3c-5f0e-9a55-0b8c6f1d2a31")
_ID_ATTRIBUTES: Final = etree.XPath("descendant-or-self::*/@id")
_WEB: Final = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_LAST_LINE_KEPT: Final = 65_535
_LONGEST_NUMBER: Final = 200


def identity(*path: str) -> str:
    """Return the UUID of a formation, action or session: the same for the same business key."""
    return str(uuid.uuid5(_IDS, "\x1f".join(path)))


class Lheo:
    """An opened file; its version is the namespace of its root."""

    def __init__(self, file: IO[bytes], root: str, dated_on: date | None) -> None:
        namespace = root.partition("}")[0][1:]
        self.version: str | None = NAMESPACES[namespace]
        self.is_known_version = True
        self.dated_on = dated_on
        self.parts: Sequence[str] = ["lheo.xml"]
        self.remarks: Sequence[Finding] = ()
        self._elements = xml.elements(file, f"{{{namespace}}}formation")
        self._ids: dict[str, int] = {}
        self._told: set[str] = set()

    def __iter__(self) -> Iterator[Reading]:
        for line, element in self._elements:
            for known in _ID_ATTRIBUTES(element):
                self._unique(str(known), line)
            yield _Formation(element, line, self._told).reading(self.version, self.dated_on)

    def _unique(self, known: str, line: int) -> None:
        """Refuse the file that gives an id twice: no schema of a single record sees that."""
        first = self._ids.get(known)
        if first is not None:
            raise FileRefused(
                "xml-id-repeated",
                f"L’attribut id « {known[:80]} » est déjà dans la formation de la ligne {first}.",
                f"The id “{known[:80]}” is already in the formation of line {first}.",
                step=2,
                line=line,
            )
        self._ids[known] = line


class _Formation:
    """One formation on its way from elements to facts."""

    def __init__(self, element: etree._Element, line: int, told: set[str]) -> None:
        self._element, self._line, self._told = element, line, told
        self._faults = Faults(line)

    def reading(self, version: str | None, dated_on: date | None) -> Reading:
        facts = self._sequence("formation", self._element)
        faults = self._faults
        key = _key(facts)
        if key is None and not faults.has_errors:
            faults.add("number-missing")
        code = faults.record = "/".join(key) if key else facts.get("number")
        if key and not faults.has_errors:
            _identify(facts, key)
            for rule, where, more in rules.broken(facts):
                faults.add(rule, self._line, what=where, **more)
        if faults.has_errors or key is None:
            return Reading(code, self._line, faults.findings())
        origin = {
            "kind": "provider_file",
            "name": f"LHÉO {version}",
            "url": _address(self._element.get("uri")),
            "dated_on": dated_on,
            "licence": None,
        }
        return Reading(
            code, self._line, faults.findings(), orjson.dumps(facts), rules.summary(facts), origin
        )

    def _where(self, element: etree._Element) -> int:
        """Return the element's line; beyond what libxml2 counts, that of its formation."""
        line = element.sourceline
        return line if line is not None and line < _LAST_LINE_KEPT else self._line

    def _sequence(self, tag: str, element: etree._Element) -> Any:  # noqa: ANN401  # a wrapper is its child
        known = SEQUENCES[tag]
        made: dict[str, Any] = {}
        if tag in NUMBERED:
            number = clean(element.get("numero"))
            if number is not None and len(number) <= _LONGEST_NUMBER:
                made["number"] = number
        self._fill(made, known, element)
        if tag == "geolocalisation" and not all(made.values()):
            self._faults.add("coordinates-unreadable", self._where(element))
            return None
        if known.wrapper is not None:
            return made.get(known.wrapper.name or "")
        return made

    def _fill(self, made: dict[str, Any], known: Node, element: etree._Element) -> None:
        """Keep the children, as many as may come, in the order in which they must."""
        counts: dict[str, int] = {}
        last = 0
        for child, name in self._children(element, known.parts):
            part = known.parts.get(name)
            if part is None:
                self._faults.add("lheo-element-unknown", self._where(child), what=name[:80])
                continue
            if part.place < last:
                self._faults.add("lheo-element-misplaced", self._where(child), what=name)
            last = part.place
            counts[name] = count = counts.get(name, 0) + 1
            if part.most is None or count <= part.most:
                self._keep(made, part, child)
            elif count == part.most + 1:
                self._faults.add("lheo-element-repeated", self._where(child), what=name)
        for part in known.required:
            if part.tag not in counts:
                self._faults.add("lheo-element-missing", self._where(element), what=part.tag)

    def _children(
        self, element: etree._Element, parts: Mapping[str, Part]
    ) -> list[tuple[etree._Element, str]]:
        """Return the children with their local names, those of our own extras in their places."""
        found = [(child, child.tag.rpartition("}")[2]) for child in element]
        if all(name != "extras" for _, name in found):
            return found
        direct: list[tuple[etree._Element, str]] = []
        restored = False
        for child, name in found:
            if name != "extras":
                direct.append((child, name))
            elif child.get("info") == EXTRAS:
                restored = True
                direct += [(one, one.tag.rpartition("}")[2]) for extra in child for one in extra]
            else:
                self._tell_once("extras-left-out")
        if restored:
            direct.sort(key=lambda one: parts[one[1]].place if one[1] in parts else -1)
        return direct

    def _keep(self, made: dict[str, Any], part: Part, child: etree._Element) -> None:
        if part.name is None:
            self._tell_once("person-left-out")
            return
        leaf = LEAVES.get(part.tag)
        if leaf is None:
            value = self._sequence(part.tag, child)
            if value is None:
                return
        else:
            try:
                value = values.read(leaf, part.tag, child.text or "")
            except values.Unreadable as refusal:
                self._faults.add(str(refusal), self._where(child), what=part.tag)
                return
            self._doubt(leaf, value, child, part.tag)
            if part.tag in CODED:
                value = _coded(part.tag, value, child)
        if part.is_list:
            made.setdefault(part.name, []).append(value)
        else:
            made[part.name] = value

    def _doubt(self, leaf: Leaf, value: Any, child: etree._Element, tag: str) -> None:  # noqa: ANN401  # of any kind
        """Note what is odd about a value that could be read."""
        if len(child):
            self._faults.add("lheo-element-unknown", self._where(child), what=child[0].tag[:80])
        if leaf.kind == "text" and is_mojibake(child.text or ""):
            self._faults.add("text-mojibake-suspected", self._where(child), what=tag)
        elif leaf.kind == "siret" and not sirets.is_valid(value):
            self._faults.add("siret-checksum", self._where(child), what=tag)
        elif leaf.kind == "price" and value["amount"] is None:
            self._faults.add("price-unparsed", self._where(child), what=tag)

    def _tell_once(self, rule: str) -> None:
        if rule not in self._told:
            self._told.add(rule)
            self._faults.add(rule)


def _address(uri: str | None) -> str | None:
    """Keep the address of a formation on the Web, and no other kind."""
    return uri if uri and _WEB.fullmatch(uri) else None


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


def _key(facts: dict[str, Any]) -> tuple[str, str] | None:
    """Return the business key: the provider's SIRET and its number of the formation."""
    provider = facts.get("provider")
    siret = provider.get("siret") if isinstance(provider, dict) else None
    number = facts.get("number")
    return (siret, number) if siret and number else None


def _identify(facts: dict[str, Any], key: tuple[str, str]) -> None:
    """Give everything its UUID; an action or session without a number has that of its place."""
    facts["id"] = identity(*key)
    for place, action in enumerate(facts["actions"], 1):
        number = action.setdefault("number", f"{place}")
        action["id"] = identity(*key, number)
        for position, session in enumerate(action["sessions"], 1):
            session["id"] = identity(*key, number, session.setdefault("number", f"{position}"))
