"""Takes a body of any size into a temporary file, within bounds, its gzip undone."""

import hashlib
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, Final

from platformkit.errors import TooLarge

LARGEST_BYTES: Final = 256 << 20
"""Of an uploaded file, without Content-Encoding."""

PIECE_BYTES: Final = 1 << 20
_LARGEST_RATIO: Final = 200
_FREE_BYTES: Final = 10 << 20
"""Gzip may blow up a body to this size at any ratio."""

_GZIP_WINDOW: Final = 31


@dataclass(frozen=True, slots=True)
class Received:
    """A body as it was stored; its digest is that of the bytes without Content-Encoding."""

    size: int
    sha256: str


async def receive(stream: AsyncIterator[bytes], into: IO[bytes], *, gzipped: bool) -> Received:
    """Write the body to the file and rewind it; raises TooLarge beyond the limit (acceptance A7).

    A gzip that is cut short or damaged gives what could be read: the file's own syntax decides.
    """
    digest, size, taken = hashlib.sha256(), 0, 0
    unpacker = zlib.decompressobj(_GZIP_WINDOW) if gzipped else None
    async for arrived in stream:
        taken += len(arrived)
        pending = arrived
        while pending:
            if unpacker is None:
                piece, pending = pending, b""
            else:
                try:
                    piece = unpacker.decompress(pending, PIECE_BYTES)
                except zlib.error:
                    piece, pending = b"", b""
                else:
                    pending = unpacker.unconsumed_tail
            size += len(piece)
            ratio_broken = size > _FREE_BYTES and size > _LARGEST_RATIO * taken
            if size > LARGEST_BYTES or ratio_broken:
                raise TooLarge
            digest.update(piece)
            into.write(piece)
    into.seek(0)
    return Received(size, digest.hexdigest())
