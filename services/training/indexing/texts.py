"""Writes the words of entries, some at a time: put together here while PostgreSQL has others."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final

import asyncpg

from training.indexing.words import Known, Vocabulary

_BATCH: Final = 2_000

_Columns = list[Sequence[Any]]

_WRITE: Final = """
INSERT INTO training.search_text (slot, title, subject, words)
SELECT e.slot, made.title, made.subject, made.words
  FROM (SELECT id, title, subject, title || subject || content AS words
          FROM (SELECT id, title::tsvector, subject::tsvector, content::tsvector
                  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
                       g(id, title, subject, content) OFFSET 0) read OFFSET 0) made
  JOIN training.search_entry e ON e.{column} = made.id"""
"""However many entries a formation has, its vectors are read once."""


async def write(
    connection: asyncpg.Connection,
    ids: Sequence[uuid.UUID],
    column: str,
    said: str,
    vocabulary: Vocabulary,
    note: Callable[[Sequence[Any]], None],
) -> None:
    """Write what `said` gives for the ids into the entries that have them in this column.

    Its rows are shown to `note`, for what else they say.
    """
    statement = _WRITE.format(column=column)
    making: asyncio.Task[_Columns] | None = None
    for first in range(0, len(ids), _BATCH):
        rows = await connection.fetch(said, ids[first : first + _BATCH])
        known = await vocabulary.learn(
            row[name] for row in rows for name in ("title", "subject", "content")
        )
        note(rows)
        ready = await making if making else None
        making = asyncio.create_task(asyncio.to_thread(_vectors, vocabulary, known, rows))
        if ready:
            await connection.execute(statement, *ready)
    if making:
        await connection.execute(statement, *await making)


def _vectors(vocabulary: Vocabulary, known: Known, rows: Sequence[Any]) -> _Columns:
    """Return the columns: ids, titles, subjects, contents."""
    return [
        [row["id"] for row in rows],
        [vocabulary.vector(known, row["title"], row["title_codes"]) for row in rows],
        [vocabulary.vector(known, row["subject"], row["subject_codes"]) for row in rows],
        [vocabulary.vector(known, row["content"]) for row in rows],
    ]
