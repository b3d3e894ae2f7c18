"""What a file is, told by its content: every type, and everything that only looks like it."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.detection import EXTENSIONS, is_what_it_says
from tests.diagnostic.files import EXE, OFFICE, OPEN, PDF, SOUND, TYPES, archive

DOCX, ODT = f"{OFFICE}wordprocessingml.document", f"{OPEN}text"


def test_there_is_a_sound_file_of_each_type() -> None:
    assert SOUND.keys() == EXTENSIONS.keys()


@pytest.mark.parametrize("said", SOUND)
@pytest.mark.parametrize("really", SOUND)
def test_a_file_is_of_its_own_type_and_no_other(said: str, really: str) -> None:
    texts = {"text/plain", "text/csv"}
    assert is_what_it_says(SOUND[really], said) is (said == really or {said, really} <= texts)


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("application/pdf", EXE),  # X5: .exe renamed .pdf
        ("application/pdf", b"MZ" + PDF),
        ("application/pdf", b"\n\n" + PDF),
        ("image/png", b"GIF89a" + bytes(40)),
        ("text/plain", EXE),
        ("text/plain", b"a\x00b"),
        ("text/plain", b"caf\xe9"),
        ("text/plain", b"\x1b[2J"),
        ("text/plain", b" \n<!DOCTYPE html><script>alert(1)</script>"),
        ("text/csv", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"),
        (DOCX, archive("word/document.xml")),
        (DOCX, archive(TYPES, "word/document.xml", "word/vbaProject.bin")),
        (DOCX, archive(TYPES, "word/document.xml", "word/VBAPROJECT.BIN")),
        (DOCX, SOUND[DOCX][:-30]),
        (DOCX, b"PK\x05\x06" + bytes(18)),
        (DOCX, b"PK\x05\x06"),
        (DOCX, archive(TYPES, "word/document.xml", *(f"x{n}" for n in range(5_000)))),
        (ODT, archive("Basic/Standard/script-lb.xml", mimetype=ODT)),
        (ODT, archive("Scripts/python/x.py", mimetype=ODT)),
        (ODT, archive("content.xml")),
    ],
)
def test_what_only_looks_like_it_is_not(said: str, content: bytes) -> None:
    assert is_what_it_says(content, said) is False


def test_an_open_document_stores_its_type_uncompressed() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", ODT)
    assert is_what_it_says(file.getvalue(), ODT) is False


def test_a_directory_too_long_is_not_read() -> None:
    whole = archive(TYPES, "word/document.xml")
    end = whole.rindex(b"PK\x05\x06")
    long = whole[: end + 12] + (2_000_000).to_bytes(4, "little") + whole[end + 16 :]
    assert is_what_it_says(long, DOCX) is False


def test_a_second_end_record_does_not_tell_another_length_of_the_directory() -> None:
    whole = archive(TYPES, "word/document.xml")
    end = whole.rindex(b"PK\x05\x06")
    start = int.from_bytes(whole[end + 16 : end + 20], "little")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, end - start, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    large = whole[:end] + record + locator + whole[end:]
    assert len(zipfile.ZipFile(io.BytesIO(large)).namelist()) == 2  # what zipfile goes by
    assert is_what_it_says(large, DOCX) is False


@given(st.binary(max_size=400), st.sampled_from(sorted(EXTENSIONS)))
def test_no_bytes_whatever_break_the_detection(content: bytes, said: str) -> None:
    for one in (content, b"PK\x03\x04" + content, content + b"PK\x05\x06" + content):
        assert is_what_it_says(one, said) in {True, False}
