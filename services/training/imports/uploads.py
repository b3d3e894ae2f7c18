"""Takes a body of any size into a temporary file, within bounds, its gzip undone."""

import hashlib
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, Final

from platformkit.errors import BadRequest, TooLarge
from platformkit.i18n import Text

LARGEST_BYTES: Final = 256 << 20
"""Of an uploaded file, without Content-Encoding."""

PIECE_BYTES: Final = 1 << 20
_LARGEST_RATIO: Final = 200
_FREE_BYTES: Final = 10 << 20
"""Gzip may blow up a body to this size at any ratio."""

_GZIP_WINDOW: Final = 31


class ContentEncodingBroken(BadRequest):
    """The body is not, or not only, the gzip that its Content-Encoding announces."""

    code = "content-encoding-broken"
    title = Text("Compression endommagée", "Broken compression")
    detail = Text(
        "Le corps n’est pas un gzip entier et seul.", "The body is not one whole gzip and no more."
    )


@dataclass(frozen=True, slots=True)
class Received:
    """A body as it was stored; its digest is that of the bytes without Content-Encoding."""

    size: int
    sha256: str


async def receive(stream: AsyncIterator[bytes], into: IO[bytes], *, gzipped: bool) -> Received:
    """Write the body to the file and rewind it.

    Raises TooLarge beyond the limit (acceptance A7), ContentEncodingBroken for a gzip that is
    damaged, cut short, or followed by something else.
    """
    digest, size = hashlib.sha256(), 0
    async for piece in _unpacked(stream) if gzipped else stream:
        size += len(piece)
        if size > LARGEST_BYTES:
            raise TooLarge
        digest.update(piece)
        into.write(piece)
    into.seek(0)
    return Received(size, digest.hexdigest())


async def _unpacked(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    taken = given = 0
    try:
        async for arrived in stream:
            taken += len(arrived)
            pending = arrived
            while pending and not unpacker.eof:
                piece = unpacker.decompress(pending, PIECE_BYTES)
                pending = unpacker.unconsumed_tail
                given += len(piece)
                if given > _FREE_BYTES and given > _LARGEST_RATIO * taken:
                    raise TooLarge
                yield piece
            if pending or unpacker.unused_data:
                raise ContentEncodingBroken
    except zlib.error as damage:
        raise ContentEncodingBroken from damage
    if not unpacker.eof:
        raise ContentEncodingBroken
