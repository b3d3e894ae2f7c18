"""XML and ZIP of unknown origin (acceptance group A): read safely, or refused with their line."""

import io
import socket
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.conftest import SAMPLES, needs_samples
from training.imports import archives, delimited, xml
from training.imports.findings import FileRefused
from training.imports.texts import clean, is_mojibake

AUTHORED = SAMPLES / "authored"
LHEO = "{http://lheo.gouv.fr/2.3}lheo"


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Note every socket opened by Python; libxml2's own are closed by `no_network` and no DTD."""
    opened: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *where: opened.append(where))
    yield opened
    assert not opened


def texts(data: bytes, tag: str = "x") -> list[str | None]:
    return [element.text for _, element in xml.elements(io.BytesIO(data), tag)]


def refusal(read: Callable[[], object]) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read()
    return refused.value


DOCTYPES = {
    "harmless": b'<?xml version="1.0"?>\n<!DOCTYPE x>\n<x>a</x>',
    "external file": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "external address": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><x/>',
    "laughs": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 5000
    + b'"><!ENTITY c "'
    + b"&b;" * 5000
    + b'">]><x y="&c;">&c;</x>',
    "utf-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
}


@pytest.mark.parametrize("data", DOCTYPES.values(), ids=DOCTYPES)
def test_a1_a_doctype_is_refused_before_any_record(data: bytes) -> None:
    for read in (lambda: xml.check_head(io.BytesIO(data)), lambda: texts(data)):
        refused = refusal(read)
        assert refused.rule == "xml-doctype-forbidden"
        assert "root:" not in refused.detail.fr + refused.detail.en
    assert refusal(lambda: texts(DOCTYPES["harmless"])).line == 2


@needs_samples
@pytest.mark.parametrize("name", ["nasty-xxe-file", "nasty-xxe-http", "nasty-billion-laughs"])
def test_a1_the_samples_with_a_doctype_are_refused(name: str) -> None:
    data = (AUTHORED / f"{name}.xml").read_bytes()
    refused = refusal(lambda: xml.check_head(io.BytesIO(data)))
    assert (refused.rule, refused.line) == ("xml-doctype-forbidden", 2)


MALFORMED = {
    "empty": (b"", 1),
    "blank": (b"\n\n", 3),
    "no xml": (b"PDF", 1),
    "truncated": (b"<x>\n<y>\n</y>", 3),
    "deep": (b"<x>" * 300, 1),
    "bad bytes": (b'<?xml version="1.0" encoding="UTF-8"?>\n<x>\xe9t\xe9</x>', 2),
    "nul reference": (b"<x>\n&#0;</x>", 2),
    "unknown entity": (b"<x>\n\n&eacute;</x>", 3),
    "two roots": (b"<x/>\n<x/>", 2),
    "two attributes of a name": (b'<x a="1" a="2"/>', 1),
    "unknown encoding": (b'<?xml version="1.0" encoding="x-nope"?><x/>', 1),
}


@pytest.mark.parametrize(("data", "line"), MALFORMED.values(), ids=MALFORMED)
def test_a2_malformed_xml_is_refused_with_its_line(data: bytes, line: int) -> None:
    for read in (lambda: xml.check_head(io.BytesIO(data)), lambda: texts(data)):
        refused = refusal(read)
        assert (refused.rule, refused.line) == ("xml-malformed", line)


@needs_samples
@pytest.mark.parametrize(
    ("name", "line"), [("nasty-badbytes", 10), ("nasty-truncated", 30), ("nasty-empty", 1)]
)
def test_a2_the_malformed_samples_are_refused_with_their_line(name: str, line: int) -> None:
    data = (AUTHORED / f"{name}.xml").read_bytes()
    refused = refusal(lambda: xml.check_head(io.BytesIO(data)))
    assert (refused.rule, refused.line) == ("xml-malformed", line)


def test_a_fault_after_the_head_is_found_when_it_is_read() -> None:
    data = b"<x>" + b"<y>1234567</y>\n" * 200_000 + b"<y>"
    assert xml.check_head(io.BytesIO(data)) == "x"
    assert refusal(lambda: texts(data, "y")).line == 200_001


def test_lines_are_right_beyond_the_sixteen_bits_of_old_parsers() -> None:
    data = b"<x>\n" + b"<y>\n <z/></y>\n" * 50_000 + b"</x>"
    lines = [line for line, _ in xml.elements(io.BytesIO(data), "y")]
    [wrong] = [pair for pair in zip(lines, range(2, 100_002, 2), strict=True) if len({*pair}) > 1]
    assert wrong == (65_537, 65_536)  # the one across the limit


def test_what_never_becomes_a_record_does_not_fill_the_memory() -> None:
    data = b"<x>" + b"<z/>" * (xml.LARGEST_RECORD_BYTES // 4 + 10_000) + b"</x>"
    assert refusal(lambda: texts(data, "y")).rule == "xml-record-too-large"


def test_a_record_that_was_read_is_let_go() -> None:
    data = b"<x>" + b"<y>1</y> " * 100 + b"</x>"
    for _, element in xml.elements(io.BytesIO(data), "y"):
        older = list(element.itersiblings(preceding=True))
        assert [one.text for one in older] in ([], [None])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "iso8859-15", "windows-1252", "utf-16-le"]
)
def test_a6_declared_encodings_give_the_exact_characters(encoding: str) -> None:
    said = {"utf-8-sig": "utf-8", "iso8859-15": "ISO-8859-15"}.get(encoding, encoding)
    told = "é œ €" if encoding == "iso8859-15" else "é œ € ’"
    data = f'<?xml version="1.0" encoding="{said}"?><x>{told}</x>'.encode(encoding)
    assert xml.check_head(io.BytesIO(data)) == "x"
    assert texts(data) == [told]


@needs_samples
@pytest.mark.parametrize("name", ["odd-cp1252", "odd-utf8-bom", "lheo-2.3-ia-valid"])
def test_a6_the_odd_samples_are_read(name: str) -> None:
    data = (AUTHORED / f"{name}.xml").read_bytes()
    assert xml.check_head(io.BytesIO(data)) == LHEO
    [title] = texts(data, "{http://lheo.gouv.fr/2.3}intitule-formation")
    assert title is not None
    assert "�" not in title
    assert not is_mojibake(title)


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_a6_text_decoded_wrongly_is_suspected(wrong: str) -> None:
    for text in ("Intégrer l’IA", "cœur", "30 € par mois", "À distance", "25 °C"):
        assert is_mojibake(text.encode().decode(wrong, errors="replace")), text
        assert not is_mojibake(text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (" \r\n\t ", None),
        ("e\u0301te\u0301", "été"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  b \t c", "a b c"),
        ("a \n\n  b", "a\n\nb"),
        ("a\x00\x07\ufeffb\x85", "ab"),
        ("<b>gras</b> & co", "<b>gras</b> & co"),
    ],
)
def test_texts_are_cleaned(given: str | None, kept: str | None) -> None:
    assert clean(given) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    made.seek(0)
    return made


def encrypted() -> io.BytesIO:
    """Mark the member as encrypted, where it stands and in the directory."""
    data = bytearray(archive(("a", b"abc")).getvalue())
    for flags in (6, data.index(b"PK\x01\x02") + 8):
        data[flags] |= 1
    return io.BytesIO(bytes(data))


def changed(mark: bytes, at: int, new: bytes) -> io.BytesIO:
    """Overwrite some bytes of a sound archive, counted from a signature in it."""
    data = bytearray(archive(("a\xe9.csv", b"abc")).getvalue())
    start = data.index(mark) + at
    data[start : start + len(new)] = new
    return io.BytesIO(bytes(data))


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    return info


ARCHIVES = {
    "empty": archive(),
    "bomb": archive(("a", b"0" * 50_000_000)),
    "many": archive(*((f"{n}.csv", b"a") for n in range(101))),
    "nested": archive(("a.ZIP", b"a")),
    "outside": archive(("../a", b"a")),
    "absolute": archive(("/etc/passwd", b"a")),
    "windows": archive(("a\\..\\..\\b", b"a")),
    "drive": archive(("C:a", b"a")),
    "link": archive((link(), b"/etc/passwd")),
    "encrypted": encrypted(),
    "directory elsewhere": changed(b"PK\x05\x06", 16, b"\xff\x00"),
    "name of no encoding": changed(b"PK\x03\x04", 31, b"\xff"),
    "damaged": io.BytesIO(archive(("a", b"abc")).getvalue()[:-30]),
}


@pytest.mark.parametrize("made", ARCHIVES.values(), ids=ARCHIVES)
def test_a3_hostile_archives_are_refused(made: io.BytesIO) -> None:
    def read() -> None:
        with archives.opened(made) as opened:
            for name in opened.namelist():
                opened.read(name)

    refused = refusal(read)
    assert (refused.rule, refused.step) == ("archive-refused", 0)


def test_a_member_whose_bytes_were_changed_is_refused_when_read() -> None:
    data = bytearray(archive(("a", bytes(range(256)) * 20)).getvalue())
    data[100] ^= 1

    def read() -> None:
        with archives.opened(io.BytesIO(bytes(data))) as opened:
            opened.read("a")

    assert refusal(read).rule == "archive-refused"


def test_a_directory_of_countless_members_is_refused_before_it_is_held() -> None:
    one = archive((" ", b"")).getvalue()
    entry = one[one.index(b"PK\x01\x02") : one.index(b"PK\x05\x06")]
    number = 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, number * len(entry), 0, 0)
    made = io.BytesIO(entry * number + end)
    tracemalloc.start()
    try:
        refused = refusal(lambda: archives.opened(made).__enter__())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.rule == "archive-refused"
    assert peak < 2 << 20  # zipfile makes some 60 MB of it


class Endless(io.RawIOBase):
    """A file that repeats its bytes, and knows how many were taken."""

    def __init__(self, piece: bytes) -> None:
        self.piece, self.taken = piece, 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        start = self.taken % len(self.piece)
        self.taken += len(into)
        assert self.taken < 64 << 20, "a row of any length is held"
        into[:] = (self.piece * (len(into) // len(self.piece) + 2))[start:][: len(into)]
        return len(into)


@pytest.mark.parametrize("piece", [b"a", b"a;", b'"a\n";'])
def test_a_row_without_end_is_refused_before_it_is_held(piece: bytes) -> None:
    endless: Any = Endless
    refused = refusal(lambda: delimited.Table("x.csv", lambda: endless(piece)))
    assert refused.rule == "csv-malformed"


def test_two_members_of_a_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        made = archive(("a", b"1"), ("a", b"2"))
    assert refusal(lambda: archives.opened(made).__enter__()).rule == "archive-refused"


def test_a_sound_archive_is_opened_and_told_from_xml() -> None:
    made = archive(("a.xml", b"<x/>"))
    assert archives.is_archive(made)
    with archives.opened(made) as opened:
        assert opened.read("a.xml") == b"<x/>"
    assert not archives.is_archive(io.BytesIO(b"<x/>"))
