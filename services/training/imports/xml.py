"""Reads XML of unknown origin: record by record, no DTD, no entity, no socket, bounded memory.

Any DOCTYPE is refused, so that there is no entity but the five of XML. libxml2 bounds the rest as
long as `huge_tree` stays off: depth (256), texts (10 MB), amplification by entities.
"""

from collections.abc import Iterator
from typing import IO, Final

from lxml import etree

from training.imports.findings import FileRefused

HEAD_BYTES: Final = 1 << 20
"""How much of a file `check_head` reads."""

LARGEST_RECORD_BYTES: Final = 16 << 20
"""Of XML between the ends of two records: what is not yet a record stays in memory."""

_LAST_LINE_KEPT: Final = 65_535

_OPTIONS: Final = {
    "resolve_entities": "internal",  # False would drop an undeclared one without a word
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def check_head(file: IO[bytes]) -> str:
    """Return the root's qualified tag after one pass over the first MiB; the file is rewound.

    Raises FileRefused for a DOCTYPE and for any fault of syntax in that MiB, which is all of most
    files that people try.
    """
    head = _take(file, HEAD_BYTES)
    complete = len(head) < HEAD_BYTES
    file.seek(0)
    parser = etree.XMLPullParser(events=("start",), **_OPTIONS)
    root = None
    try:
        parser.feed(head)
        root = _root(parser, head)
        if complete:
            parser.close()
            root = root or _root(parser, head)
    except etree.XMLSyntaxError as fault:
        raise _refusal(fault, head) from fault
    if root is None:
        raise FileRefused(
            "xml-malformed",
            "Aucun élément racine dans le premier mébioctet.",
            "No root element in the first mebibyte.",
            line=1,
        )
    return root


def elements(file: IO[bytes], *tags: str) -> Iterator[tuple[int, etree._Element]]:
    """Yield line and element, for these qualified tags, once it is whole; the next one empties it.

    Raises FileRefused with the line at the first fault of syntax.
    """
    metered = _Metered(file)
    events = etree.iterparse(metered, events=("end",), tag=tags, **_OPTIONS)
    try:
        for _, element in events:
            metered.since_record = 0
            if element.getroottree().docinfo.doctype:
                raise _doctype(metered.head)
            before = element.getprevious()
            yield _line(element, before), element
            element.clear(keep_tail=True)  # the tail knows the line of what comes next
            while before is not None:
                older = before.getprevious()
                before.getparent().remove(before)
                before = older
    except etree.XMLSyntaxError as fault:
        raise _refusal(fault, metered.head) from fault


def _line(element: etree._Element, before: etree._Element | None) -> int:
    """Return the line where an element begins.

    libxml2 keeps 16 bits of it. Beyond, it answers with the line of the nearest text: for an
    emptied element the one after it, which ends where ours begins. The one record that lies across
    the limit is told by its first child.
    """
    line: int = element.sourceline
    if before is not None and before.sourceline >= _LAST_LINE_KEPT:
        line = before.sourceline
    return line


class _Metered:
    """Passes a file's bytes on while records keep coming, and remembers how it began."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.head = b""
        self.since_record = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.head = self.head or piece
        self.since_record += len(piece)
        if self.since_record > LARGEST_RECORD_BYTES:
            raise FileRefused(
                "xml-record-too-large",
                "Plus de 16 Mio sans qu’un enregistrement se termine.",
                "More than 16 MiB without the end of a record.",
            )
        return piece


def _take(file: IO[bytes], size: int) -> bytes:
    """Read up to `size` bytes, however small the pieces in which a file gives them."""
    pieces = []
    while size and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _root(parser: etree.XMLPullParser, head: bytes) -> str | None:
    """Return the tag of the first element that the parser has met; none may follow a DOCTYPE."""
    for _, element in parser.read_events():
        if element.getroottree().docinfo.doctype:
            raise _doctype(head)
        return str(element.tag)
    return None


def _doctype(head: bytes) -> FileRefused:
    """Say where the DOCTYPE is, in whatever Unicode encoding the file is written."""
    before, _, _ = head.replace(b"\x00", b"").partition(b"<!DOCTYPE")
    return FileRefused(
        "xml-doctype-forbidden",
        "Le fichier contient une déclaration DOCTYPE ; aucun format que nous lisons n’en a besoin.",
        "The file holds a DOCTYPE declaration; no format that we read needs one.",
        line=before.count(b"\n") + 1,
    )


def _refusal(fault: etree.XMLSyntaxError, head: bytes) -> FileRefused:
    """Keep libxml2's place and number of the fault, and none of its words: they quote the file."""
    if b"<!DOCTYPE" in head.replace(b"\x00", b"")[:HEAD_BYTES]:
        return _doctype(head)  # what a DTD has made of the file is of no interest
    line, column = fault.position
    return FileRefused(
        "xml-malformed",
        f"XML mal formé à la ligne {line}, colonne {column} (libxml2, erreur {fault.code}).",
        f"Malformed XML at line {line}, column {column} (libxml2, error {fault.code}).",
        line=max(line, 1),
        column=column,
    )
