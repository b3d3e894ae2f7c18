"""Opens ZIP files of unknown origin; no more is unpacked than their directory announces."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from training.imports.findings import FileRefused

MAGIC: Final = b"PK\x03\x04"
LARGEST_COUNT: Final = 100
LARGEST_BYTES: Final = 4 << 30
"""Of all members together, unpacked; the real RNCP flux has some 1.5 GB."""

LARGEST_RATIO: Final = 200
"""Unpacked bytes per packed byte; XML and CSV of directories have 5 to 25."""

LARGEST_DIRECTORY: Final = 1 << 20
"""Bytes that list the members: room for a hundred of them with long names."""

_FREE_BYTES: Final = 1 << 20
"""A file this small may have any ratio."""

_DAMAGES: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    UnicodeDecodeError,  # a name that says to be UTF-8
    zlib.error,
)
_NESTED: Final = re.compile(r"\.(zip|gz|bz2|xz|7z|rar|tar|tgz|zst)$", re.IGNORECASE)
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1


def is_archive(file: IO[bytes]) -> bool:
    """Tell whether a file begins as a ZIP does; it is rewound."""
    magic = file.read(len(MAGIC))
    file.seek(0)
    return magic == MAGIC


class _Listed:
    """Passes a file on, but for a directory of any size: zipfile holds it whole before we judge."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.is_open = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # of whatever file it is
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        if not self.is_open and size > LARGEST_DIRECTORY:
            raise _refused(f"plus de {LARGEST_COUNT} fichiers", f"more than {LARGEST_COUNT} files")
        return self._file.read(size)


@contextmanager
def opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory keeps within the limits; raises FileRefused, also later on.

    zipfile never gives more of a member than its directory announces, so judging the directory is
    judging what will be unpacked; a member that is damaged is a FileRefused when it is read.
    """
    try:
        listed = _Listed(file)
        with zipfile.ZipFile(listed) as archive:
            listed.is_open = True
            _check(archive.infolist(), _size(file))
            yield archive
    except _DAMAGES as damage:
        raise _refused("endommagée", "damaged") from damage


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(member.file_size for member in members)
    names = [member.filename for member in members]
    if not members:
        raise _refused("vide", "empty")
    if len(members) > LARGEST_COUNT:
        raise _refused(f"plus de {LARGEST_COUNT} fichiers", f"more than {LARGEST_COUNT} files")
    if total > LARGEST_BYTES or (total > _FREE_BYTES and total > LARGEST_RATIO * size):
        raise _refused("trop volumineuse une fois décompressée", "too large once unpacked")
    if len(set(names)) < len(names):
        raise _refused("deux fichiers du même nom", "two files of the same name")
    for member in members:
        _check_member(member)


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.header_offset < 0:
        raise _refused("endommagée", "damaged")
    parts = re.split(r"[\\/]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        raise _refused("chemin hors de l’archive", "path outside of the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refused("lien symbolique", "symbolic link")
    if member.flag_bits & _ENCRYPTED:
        raise _refused("fichier chiffré", "encrypted file")
    if member.compress_type not in _METHODS:
        raise _refused("compression inconnue", "unknown compression")
    if _NESTED.search(name):
        raise _refused("archive dans l’archive", "archive inside the archive")
    if member.file_size > _FREE_BYTES and member.file_size > LARGEST_RATIO * member.compress_size:
        raise _refused("trop volumineuse une fois décompressée", "too large once unpacked")


def _size(file: IO[bytes]) -> int:
    place = file.tell()
    size = file.seek(0, 2)
    file.seek(place)
    return size


def _refused(fr: str, en: str) -> FileRefused:
    return FileRefused(
        "archive-refused", f"Archive refusée : {fr}.", f"Archive refused: {en}.", step=0
    )
