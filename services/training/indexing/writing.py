"""Writes the index of what changed, set by set, in the transaction of the change.

One writer at a time, until its transaction ends: slots are shared. The bits of a slot that was
left stay until it is taken again; nothing is found by them, as every search begins with periods.
"""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import asyncpg

from training.indexing import certifications, marks, offers, phrases, texts
from training.indexing.words import Vocabulary

RULES: Final = 4
"""Counted up whenever entries are made otherwise: the bootstrap then writes the index anew."""

_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('training.search'))"
_CHANGING: Final = "UPDATE training.search_index SET version = gen_random_uuid()"
"""What readers keep of the index is outdated with the transaction that does this."""

_FORGET: Final = """
WITH gone AS (DELETE FROM training.search_entry e USING unnest($1::uuid[]) one
               WHERE e.{column} = one RETURNING e.slot),
     texts AS (DELETE FROM training.search_text t USING gone WHERE t.slot = gone.slot),
     periods AS (DELETE FROM training.search_period p USING gone WHERE p.slot = gone.slot),
     places AS (DELETE FROM training.search_place p USING gone WHERE p.slot = gone.slot),
     facts AS (DELETE FROM training.search_fact f USING gone WHERE f.slot = gone.slot)
SELECT count(*) FROM gone"""
_FORGET_CERTIFICATIONS: Final = _FORGET.format(column="certification_id")
_FORGET_FORMATIONS: Final = _FORGET.format(column="formation_id")

_ROOM: Final = """
UPDATE training.search_index i SET capacity = (needed.slots / 4096 + 1) * 4096
  FROM (SELECT max(slot) * 5 / 4 AS slots FROM training.search_entry) needed
 WHERE i.capacity <= (SELECT max(slot) FROM training.search_entry)
RETURNING i.capacity"""
_LENGTHEN: Final = """
UPDATE training.search_value
   SET bits = bits || repeat('0', $1::int - length(bits))::bit varying WHERE length(bits) < $1"""

_UNMARK: Final = """
UPDATE training.search_value v SET bits = v.bits & ~ mask.bits
  FROM (SELECT training.search_bits(array_agg(e.slot), (SELECT capacity FROM training.search_index))
               AS bits
          FROM training.search_entry e JOIN unnest($1::uuid[]) one ON e.{column} = one) mask
 WHERE bit_count(v.bits & mask.bits) > 0"""

_QUALITY: Final = """
UPDATE training.search_entry e SET quality = f.quality
  FROM training.formation f WHERE f.id = e.formation_id AND f.quality <> e.quality"""

_WORDS: Final = r"""
INSERT INTO training.search_word (word)
SELECT DISTINCT word
  FROM (SELECT DISTINCT piece
          FROM (SELECT DISTINCT label FROM ({labels}) labels) said,
               string_to_table(translate(label, E'\t\n\r\u00a0\u202f', '     '), ' ') piece) pieces,
       unnest(tsvector_to_array(
         to_tsvector('pg_catalog.simple',
                     public.unaccent(training.search_spelt(piece))))) word
 WHERE length(word) BETWEEN 4 AND 40 AND word ~ '^[a-z]+$'
 ORDER BY word
    ON CONFLICT DO NOTHING"""
"""Read piece by piece, most of which many labels have: no word goes across a blank (`words`)."""


async def follow_quality(connection: asyncpg.Connection) -> None:
    """Take over the scores of offers whose weights have changed and nothing else."""
    await connection.execute(_QUALITY)


async def forget_certifications(connection: asyncpg.Connection, ids: Sequence[uuid.UUID]) -> None:
    """Take certifications out of the index: they are withdrawn, or written anew."""
    await _begin(connection)
    await connection.execute(_FORGET_CERTIFICATIONS, ids)


async def forget_formations(connection: asyncpg.Connection, ids: Sequence[uuid.UUID]) -> None:
    """Take the offers of formations out of the index, before their actions are deleted."""
    await _begin(connection)
    await connection.execute(_FORGET_FORMATIONS, ids)


async def _begin(connection: asyncpg.Connection) -> None:
    await connection.execute(_ALONE)
    await connection.execute(_CHANGING)


class Entering:
    """Entries of one kind that are being written, some at a time; their bits come at the end."""

    def __init__(self, connection: asyncpg.Connection, column: str, of: Any) -> None:  # noqa: ANN401  # the module of a kind
        self._connection, self._column, self._of = connection, column, of
        self._vocabulary, self._marks = Vocabulary(connection), marks.Marks()
        self._ids: list[uuid.UUID] = []

    async def add(self, ids: Sequence[uuid.UUID]) -> None:
        """Enter things by what the catalogue now says of them; no entry has these ids any more."""
        if not ids:
            return
        self._ids += ids
        for statement in self._of.MADE:
            await self._connection.execute(statement, ids)
        said, note = self._of.SAID, partial(self._marks.note, said=self._of.says)
        await texts.write(self._connection, ids, self._column, said, self._vocabulary, note)
        await marks.read(self._connection, ids, self._of.FACTS, self._marks)

    async def end(self) -> None:
        """Mark all that were added."""
        if not self._ids:
            return
        capacity = await self._connection.fetchval(_ROOM)
        if capacity is not None:
            await self._connection.execute(_LENGTHEN, capacity)
        await self._connection.execute(_UNMARK.format(column=self._column), self._ids)
        room = await self._connection.fetchval("SELECT capacity FROM training.search_index")
        await marks.write(self._connection, self._marks, room)
        await self._connection.execute(_WORDS.format(labels=self._of.LABELS), self._ids)


def entering_formations(connection: asyncpg.Connection) -> Entering:
    """Begin to enter the actions of formations."""
    return Entering(connection, "formation_id", offers)


async def enter_certifications(connection: asyncpg.Connection, ids: Sequence[uuid.UUID]) -> None:
    """Write the entries of certifications from what the catalogue now says of them."""
    await forget_certifications(connection, ids)
    entering = Entering(connection, "certification_id", certifications)
    await entering.add(ids)
    await entering.end()


async def enter_formations(connection: asyncpg.Connection, ids: Sequence[uuid.UUID]) -> None:
    """Write the entries of the actions of formations from what the catalogue now says of them."""
    await forget_formations(connection, ids)
    entering = entering_formations(connection)
    await entering.add(ids)
    await entering.end()


_QUOTING: Final = """
SELECT DISTINCT f.id
  FROM training.formation f
 CROSS JOIN LATERAL unnest(f.certifications) quoted(code)
  JOIN training.certification c ON c.code = quoted.code
  JOIN unnest($1::uuid[]) one ON one = c.id
 WHERE f.withdrawn_at IS NULL"""


async def follow_certifications(connection: asyncpg.Connection, ids: Sequence[uuid.UUID]) -> None:
    """Write certifications into the index, and the offers that say their titles and levels."""
    await enter_certifications(connection, ids)
    quoting = [row["id"] for row in await connection.fetch(_QUOTING, ids)]
    await enter_formations(connection, quoting)


async def follow_numbers(connection: asyncpg.Connection, numbers: Sequence[str]) -> None:
    """Do the same for certifications by their numbers."""
    sql = "SELECT id FROM training.certification WHERE code = ANY($1::text[])"
    ids = [row["id"] for row in await connection.fetch(sql, numbers)]
    await follow_certifications(connection, ids)


_EVERY: Final = (
    ("certification", "withdrawn_on", enter_certifications),
    ("formation", "withdrawn_at", enter_formations),
)
_BATCH: Final = 5_000


async def renew(connection: asyncpg.Connection) -> int:
    """Write the whole index anew where it was written by other rules; return how many entries."""
    await connection.execute(_ALONE)
    if await connection.fetchval("SELECT rules FROM training.search_index") == RULES:
        return 0
    await connection.execute(_CHANGING)
    for table in ("entry", "text", "period", "place", "fact", "value", "word"):
        await connection.execute(f"DELETE FROM training.search_{table}")  # noqa: S608  # our own names
    await phrases.write(connection)
    for table, gone, enter in _EVERY:
        sql = f"SELECT id FROM training.{table} WHERE {gone} IS NULL ORDER BY id"  # noqa: S608  # likewise
        ids = [row["id"] for row in await connection.fetch(sql)]
        for first in range(0, len(ids), _BATCH):
            await enter(connection, ids[first : first + _BATCH])
    await connection.execute("UPDATE training.search_index SET rules = $1", RULES)
    entries: int = await connection.fetchval("SELECT count(*) FROM training.search_entry")
    return entries
