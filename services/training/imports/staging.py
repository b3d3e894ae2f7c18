"""What a record is staged as."""

import hashlib
import uuid
from typing import Any, Final

import orjson

from training.imports.formats import Reading

Row = tuple[Any, ...]
COLUMNS: Final = ("run_id", "code", "line", "fingerprint", "document", "derived", "origin", "parts")


def staged(run: uuid.UUID, reading: Reading, licence: str | None = None) -> Row:
    """Return the row of a record, in the order of COLUMNS.

    The licence that the sender states is that of a record whose source states none; another one
    makes another record of equal facts.
    """
    document, origin, digest = reading.document, reading.origin, hashlib.sha256()
    if licence is not None and origin.get("licence") is None:
        origin = {**origin, "licence": licence}
        digest.update(licence.encode())
    digest.update(document or b"")
    source = orjson.dumps(origin).decode()
    text = document.decode() if document else "null"
    if document and reading.has_source:
        text = f'{text[:-1]},"source":{source}}}'
    return (
        run,
        reading.code,
        reading.line,
        digest.hexdigest() if document else "",
        text,
        orjson.dumps(reading.derived).decode(),
        source,
        None if reading.parts is None else orjson.dumps(reading.parts).decode(),
    )
