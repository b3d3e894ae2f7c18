"""The one form that the archive of a kit may have, byte for byte. Pure.

A zip (APPNOTE 6.3.10) whose members are stored, in the order given, without date, comment or extra
field: any program opens it, equal files make equal bytes with whatever library, and nothing can
grow when it is unpacked. As headers follow from names, sizes and checksums, a reader compares them
with what they must be instead of trusting what they say.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

MANIFEST: Final = "MANIFEST.json"
SIGNATURE: Final = "MANIFEST.sig"

_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END: Final = struct.Struct("<4sHHHHLLH")
_NEEDS: Final = 20
_MADE_BY: Final = 3 << 8 | _NEEDS
"""Unix, so that the mode below is one."""

_REGULAR: Final = 0o100644 << 16
_NO_TIME, _NO_DAY = 0, 1 << 5 | 1
"""1 January 1980, the first day that a zip can tell."""

HEADER_BYTES: Final = _LOCAL.size


class Member(NamedTuple):
    """A file of the archive: its name, its bytes by number and CRC-32."""

    path: str
    size: int
    crc32: int


def member(path: str, content: bytes) -> Member:
    """Describe a file."""
    return Member(path, len(content), zlib.crc32(content))


def local_header(one: Member) -> bytes:
    """Write what stands before the bytes of a member."""
    name = one.path.encode()
    return (
        _LOCAL.pack(
            *(b"PK\x03\x04", _NEEDS, 0, 0, _NO_TIME, _NO_DAY),
            *(one.crc32, one.size, one.size, len(name), 0),
        )
        + name
    )


def directory(members: Sequence[Member]) -> Iterator[tuple[str, bytes]]:
    """Yield what stands behind the last member: an entry per path, then the end, which has none."""
    at = length = 0
    for one in members:
        name = one.path.encode()
        entry = (
            _CENTRAL.pack(
                *(b"PK\x01\x02", _MADE_BY, _NEEDS, 0, 0, _NO_TIME, _NO_DAY),
                *(one.crc32, one.size, one.size, len(name), 0, 0, 0, 0, _REGULAR, at),
            )
            + name
        )
        yield one.path, entry
        length += len(entry)
        at += HEADER_BYTES + len(name) + one.size
    count = len(members)
    yield "", _END.pack(b"PK\x05\x06", 0, 0, count, count, length, at, 0)


def first_header(header: bytes, path: str) -> Member | None:
    """Read the header of a member of which only the name is known; None for any other form.

    `header` is as long as the one of that name.
    """
    found = _LOCAL.unpack(header[:HEADER_BYTES])
    one = Member(path, size=found[8], crc32=found[6])
    return one if local_header(one) == header else None


def pieces(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Write an archive of files in their order."""
    members = []
    for path, content in files:
        one = member(path, content)
        members.append(one)
        yield local_header(one)
        yield content
    for _, entry in directory(members):
        yield entry
