"""Reads LHÉO 2.3 and 2.2 formation by formation, each judged by the grammar and the rules of §3.

A formation of 2.2 is one of 2.3 that lacks some elements; those that our own 2.2 export has put
into `extras` are taken back from there.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any, Final

import orjson
from lxml import etree

from training.imports import xml
from training.imports.findings import FileRefused, Finding
from training.imports.formats import Reading
from training.offers import parts, rules
from training.offers.facts import NEWEST, Walk
from training.offers.faults import Faults

NAMESPACES: Final = {
    NEWEST: "2.3",
    "http://lheo.gouv.fr/2.2": "2.2",
    "http://www.lheo.org/2.2": "2.2",
}
_IDS: Final = uuid.UUID("5b6a0c0e-6f3c-5f0e-9a55-0b8c6f1d2a31")
_DIGEST: Final = hashlib.sha1(_IDS.bytes, usedforsecurity=False)
_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_ID_ATTRIBUTES: Final = etree.XPath("descendant-or-self::*/@id", smart_strings=False)
_WEB: Final = re.compile(r"https?://[\x21-\x7e]{1,2000}")


def identity(*path: str) -> str:
    """Return the UUID of a formation, action or session: the same for the same business key."""
    digest = _DIGEST.copy()  # what uuid.uuid5 does, in a fifth of its time
    digest.update("\x1f".join(path).encode())
    made = digest.hexdigest()
    variant = _VARIANTS[made[16]]
    return f"{made[:8]}-{made[8:12]}-5{made[13:16]}-{variant}{made[17:20]}-{made[20:32]}"


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
        self._walk = Walk(namespace)
        self._ids: dict[str, int] = {}

    def __iter__(self) -> Iterator[Reading]:
        for line, element in self._elements:
            for known in _ID_ATTRIBUTES(element):
                self._unique(known, line)
            yield self._reading(element, Faults(line))

    def _reading(self, element: etree._Element, faults: Faults) -> Reading:
        facts = self._walk.facts(element, faults)
        key = _key(facts)
        if key is None and not faults.has_errors:
            faults.add("number-missing")
        code = faults.record = "/".join(key) if key else facts.get("number")
        if key and not faults.has_errors:
            identify(facts, key)
            for rule, where, more in rules.broken(facts):
                faults.add(rule, what=where, **more)
        if faults.has_errors or key is None:
            return Reading(code, faults.line, faults.findings())
        origin = {
            "kind": "provider_file",
            "name": f"LHÉO {self.version}",
            "url": _address(element.get("uri")),
            "dated_on": self.dated_on,
            "licence": None,
        }
        actions = parts.actions(facts)
        return Reading(
            code,
            faults.line,
            faults.findings(),
            orjson.dumps(facts),
            rules.summary(facts, actions),
            origin,
            actions,
            has_source=True,
        )

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


def _address(uri: str | None) -> str | None:
    """Keep the address of a formation on the Web, and no other kind."""
    return uri if uri and _WEB.fullmatch(uri) else None


def _key(facts: dict[str, Any]) -> tuple[str, str] | None:
    """Return the business key: the provider's SIRET and its number of the formation."""
    provider = facts.get("provider")
    siret = provider.get("siret") if isinstance(provider, dict) else None
    number = facts.get("number")
    return (siret, number) if siret and number else None


def identify(facts: dict[str, Any], key: tuple[str, str]) -> None:
    """Give everything its UUID; an action or session without a number has that of its place."""
    facts["id"] = identity(*key)
    for place, action in enumerate(facts["actions"], 1):
        number = action.setdefault("number", f"{place}")
        action["id"] = identity(*key, number)
        for position, session in enumerate(action["sessions"], 1):
            session["id"] = identity(*key, number, session.setdefault("number", f"{position}"))
