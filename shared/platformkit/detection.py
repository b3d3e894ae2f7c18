"""Whether a file is what it is said to be, by its content; nothing of it is unpacked or run."""

import io
import zipfile
from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

EXTENSIONS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpeg",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    f"{_OPEN}text": "odt",
    f"{_OPEN}spreadsheet": "ods",
    "text/plain": "txt",
    "text/csv": "csv",
}
"""The media types taken, each with the extension of its files."""

_MAIN_PART: Mapping[str, str] = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
_MACROS = ("vbaproject.bin", "basic/", "scripts/")
_MOST_MEMBERS = 5_000
_LONGEST_DIRECTORY = 1_000_000
_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535
_LARGE = b"PK\x06\x07"
_LARGE_LENGTH = 20
"""Of what may stand before the end record to tell another length and number (§4.3.15): an archive
of more than 4 GB needs it, none of ours does."""


def is_what_it_says(content: bytes, media_type: str) -> bool:
    """Tell whether the content is of this type, and free of macros where it could have some."""
    kind = EXTENSIONS[media_type]
    if kind in {"txt", "csv"}:
        return _is_text(content)
    if kind in _MAIN_PART:
        names = _members(content)
        return {"[Content_Types].xml", _MAIN_PART[kind]} <= names and not _has_macros(names)
    if kind in {"odt", "ods"}:
        return _is_open_document(content, media_type) and not _has_macros(_members(content))
    return media_type in _signatures(content)


def _is_text(content: bytes) -> bool:
    """UTF-8 without control signs, no markup (what begins with < may be a page), no other type."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    printable = text.translate({ord(sign): None for sign in "\t\n\r\f"})
    if text.lstrip().startswith("<") or any(sign < " " for sign in printable):
        return False
    return not _signatures(content) & EXTENSIONS.keys()


def _signatures(content: bytes) -> set[str]:
    """Give the media types whose signature the content begins with."""
    import puremagic  # noqa: PLC0415  # reads its table of signatures, and few requests need it

    try:
        return {found.mime_type for found in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):  # nothing known, or too short
        return set()


def _is_open_document(content: bytes, media_type: str) -> bool:
    """Begins with its type, stored uncompressed (OpenDocument 1.3, part 2, §3.3)."""
    expected = b"mimetype" + media_type.encode()
    stored = content[8:10] == b"\x00\x00"
    return content.startswith(b"PK\x03\x04") and stored and content[30:].startswith(expected)


def _has_macros(names: set[str]) -> bool:
    lowered = [name.lower() for name in names]
    return any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in lowered)


def _members(content: bytes) -> set[str]:
    """Read the names in an archive's directory, when that is of a sane length; else none.

    The end record says how long the directory is (APPNOTE.TXT 6.3.10, §4.3.16).
    """
    at = content.rfind(_END, max(0, len(content) - _END_LENGTH - _LONGEST_COMMENT))
    record = content[at : at + _END_LENGTH]
    if at < 0 or len(record) < _END_LENGTH or content.startswith(_LARGE, at - _LARGE_LENGTH):
        return set()
    members = int.from_bytes(record[10:12], "little")
    length = int.from_bytes(record[12:16], "little")
    if members > _MOST_MEMBERS or length > _LONGEST_DIRECTORY:
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()
