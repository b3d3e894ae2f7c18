"""Everything of one company as one JSON document, written while it is read.

One snapshot, a hundred rows at a time; each record is canonical JSON (RFC 8785), so that the
SHA-256 of a part, in the manifest, can be computed again from the document however it was stored.
"""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import asyncpg
import orjson
import rfc8785

from diagnostic.protection import queries
from platformkit.reads import ReadPool

FORMAT = "vigie.organisation-export/1"
_AT_ONCE = 100


async def document(
    reads: ReadPool, organisation_id: uuid.UUID, now: datetime
) -> AsyncIterator[bytes]:
    """Write the document piece by piece; the manifest of its parts comes last."""
    head = {"format": FORMAT, "organisation_id": str(organisation_id), "exported_at": now}
    yield orjson.dumps(head)[:-1] + b',"parts":{'
    manifest = {}
    async with (
        reads.connection("organisation export") as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        for number, (name, statement) in enumerate(queries.parts().items()):
            yield b"%b%b:[" % (b"," if number else b"", orjson.dumps(name))
            digest, count = hashlib.sha256(b"["), 0
            async for records in _records(connection, statement, organisation_id):
                piece = b"%b%b" % (b"," if count else b"", b",".join(records))
                digest.update(piece)
                count += len(records)
                yield piece
            digest.update(b"]")
            manifest[name] = {"records": count, "sha256": digest.hexdigest()}
            yield b"]"
    yield b'},"manifest":' + orjson.dumps(manifest) + b"}"


async def _records(
    connection: asyncpg.Connection, statement: str, organisation_id: uuid.UUID
) -> AsyncIterator[Sequence[bytes]]:
    """Read the rows of a part by a cursor, and write each as canonical JSON off the event loop."""
    cursor = await connection.cursor(statement, organisation_id)
    while rows := await cursor.fetch(_AT_ONCE):
        yield await asyncio.to_thread(_canonical, rows)


def _canonical(rows: Sequence[asyncpg.Record]) -> list[bytes]:
    return [rfc8785.dumps(orjson.loads(row[0])) for row in rows]
