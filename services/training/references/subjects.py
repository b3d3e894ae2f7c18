"""Subjects of training: NSF and Formacode, from the dictionaries of LHÉO or Centre Inffo's CSV."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import IO, Final

from lxml import etree

from training.imports import delimited, xml
from training.imports.delimited import Table
from training.imports.findings import FileRefused
from training.imports.formats import Told
from training.references.concepts import Concept, ConceptReader, Release, needed, stated_version

LARGEST_DICTIONARY: Final = 16 << 20

_GML: Final = "{http://www.gelaba.org/gml/1.1}"
_DECLARATION: Final = re.compile(rb'<!DOCTYPE\s+dict\s+SYSTEM\s+"gml\.dtd"\s*>')
"""What LHÉO's dictionaries begin with. It names a DTD and declares nothing, so it is blanked
before reading; every other DOCTYPE is refused as everywhere."""

_DECREE: Final = date(1994, 6, 21)
_KINDS: Final[Mapping[str, str]] = {
    "DOM": "subject",
    "DIP": "diploma",
    "PUB": "audience",
    "PAY$DOM": "place",
}
_CODE, _LABEL, _TYPE, _FIELD, _ABOVE = 0, 2, 3, 4, 6
_MARKS: Final = 4
"""Columns of a Formacode row that says no place in the tree."""


@contextmanager
def opened_nsf(file: IO[bytes], told: Told) -> Iterator[ConceptReader]:
    """Open `lheo-dict-NSF.xml`; the nomenclature is that of the decree 94-522, unless said."""
    _, entries = _dictionary(file, "dict-NSF")
    released_on = told.dated_on or _DECREE
    release = Release(
        "nsf",
        str(released_on.year),
        released_on,
        "Nomenclature des spécialités de formation",
        "Décret 94-522 du 21 juin 1994",
        None,
    )
    concepts = (
        Concept(code=code, line=line, kind="specialty", label_fr=label)
        for line, code, label, _ in entries
    )
    yield ConceptReader(release, ["lheo-dict-NSF.xml"], concepts)


@contextmanager
def opened_formacode(file: IO[bytes], told: Told) -> Iterator[ConceptReader]:
    """Open `lheo-dict-FORMACODE.xml`, or the table without header of later editions."""
    first = file.read(200).lstrip(b"\xef\xbb\xbf \r\n\t")
    file.seek(0)
    if first.startswith(b"<"):
        title, entries = _dictionary(file, "dict-FORMACODE")
        edition = re.match(r"Formacode (\d{1,2})", title)
        released_on = needed(told.dated_on)
        version = edition[1] if edition else released_on.isoformat()
        yield ConceptReader(
            _formacode(version, released_on), ["lheo-dict-FORMACODE.xml"], _described(entries)
        )
        return
    with delimited.opened(file, told) as tables:
        table = next((one for one in tables if _is_formacode(one.header)), None)
        if table is None:
            raise _mismatch("un Formacode", "a Formacode")
        released_on = needed(told.dated_on)
        version = stated_version([table.name], released_on.isoformat())
        yield ConceptReader(_formacode(version, released_on), [table.name], _listed(table))


def _formacode(version: str, released_on: date) -> Release:
    return Release("formacode", version, released_on, "Formacode", "Centre Inffo", None)


def _is_formacode(row: list[str]) -> bool:
    return len(row) >= _MARKS and re.fullmatch(r"[0-9]{5}", row[_CODE]) is not None


def _described(entries: Iterator[tuple[int, str, str, Mapping[str, str]]]) -> Iterator[Concept]:
    fields = _Fields()
    for line, code, label, properties in entries:
        field = properties.get("cinfo:hierarchie", "")
        yield from fields.new(field, line)
        above = properties.get("cinfo:filsde") or field
        yield Concept(code=code, line=line, kind="subject", label_fr=label, broader=_code(above))


def _listed(table: Table) -> Iterator[Concept]:
    fields = _Fields()
    for line, row in table.lines():
        if len(row) < _MARKS:
            raise delimited.broken(table.name, line)
        code, label, kind = row[_CODE], row[_LABEL], _KINDS.get(row[_TYPE], "subject")
        field, above = (row[_FIELD], row[_ABOVE]) if len(row) > _ABOVE else ("", "")
        yield from fields.new(field, line)
        yield Concept(
            code=code, line=line, kind=kind, label_fr=label, broader=_code(above or field)
        )


def _code(term: str) -> str | None:
    """Return the code of a term as Formacode quotes it, `11022 RECHERCHE OPERATIONNELLE`."""
    return term.partition(" ")[0] or None


class _Fields:
    """The semantic fields, which have no entry of their own: each is made where first quoted."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def new(self, term: str, line: int) -> Iterator[Concept]:
        code, _, label = term.partition(" ")
        if code and code not in self._seen:
            self._seen.add(code)
            yield Concept(code=code, line=line, kind="field", label_fr=label)


def _dictionary(
    file: IO[bytes], name: str
) -> tuple[str, Iterator[tuple[int, str, str, Mapping[str, str]]]]:
    """Open a dictionary of LHÉO: its title, then line, code, label and properties per entry."""
    data = file.read(LARGEST_DICTIONARY + 1)
    if len(data) > LARGEST_DICTIONARY:
        raise FileRefused(
            "reference-too-large",
            "Un dictionnaire a au plus 16 Mio.",
            "A dictionary has at most 16 MiB.",
            step=0,
        )
    found = _DECLARATION.search(data, 0, 1000)
    if found:
        data = data[: found.start()] + b" " * len(found[0]) + data[found.end() :]
    if xml.check_head(io.BytesIO(data)) != f"{_GML}dict":
        raise _mismatch("un dictionnaire de LHÉO", "a dictionary of LHÉO")
    elements = xml.elements(io.BytesIO(data), f"{_GML}fullname", f"{_GML}entry")
    _, title = next(elements, (0, None))
    if title is None or title.tag != f"{_GML}fullname" or title.getparent().get("name") != name:
        raise _mismatch(f"le dictionnaire {name}", f"the dictionary {name}")
    return title.text or "", _entries(elements)


def _entries(
    elements: Iterator[tuple[int, etree._Element]],
) -> Iterator[tuple[int, str, str, Mapping[str, str]]]:
    for line, entry in elements:
        key, value = entry.find(f"{_GML}key"), entry.find(f"{_GML}value")
        properties = {
            one.get("name", ""): one.get("value", "") for one in entry.iter(f"{_GML}property")
        }
        yield (
            line,
            "" if key is None else key.get("val", ""),
            "" if value is None else value.get("val", ""),
            properties,
        )


def _mismatch(fr: str, en: str) -> FileRefused:
    return FileRefused(
        "import-format-mismatch",
        f"Ce fichier n’est pas {fr}.",
        f"This file is not {en}.",
        step=2,
        line=1,
    )
