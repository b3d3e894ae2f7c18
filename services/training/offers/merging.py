"""How the staged formations of one run, `$1`, become the catalogue, set by set.

A formation whose digest is the same is left alone; one that a complete file of its provider lacks
is withdrawn: it stays, with its reason, and comes back when a file has it again.
"""

import uuid
from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from training.imports.formats import SAMPLE, Plan, Volume
from training.indexing import writing
from training.offers.reviewing import HELD

_COMPARED: Final = """
SELECT r.code, (r.derived->>'id')::uuid AS id,
       CASE WHEN f.id IS NULL THEN 'created'
            WHEN f.withdrawn_at IS NOT NULL THEN 'restored'
            WHEN f.fingerprint = r.fingerprint THEN 'unchanged'
            ELSE 'modified' END AS outcome
  FROM training.import_record r
  LEFT JOIN training.formation f ON f.id = (r.derived->>'id')::uuid
 WHERE r.run_id = $1 AND r.fingerprint <> ''"""

_PROVIDERS: Final = """
SELECT DISTINCT derived->>'provider'
  FROM training.import_record WHERE run_id = $1 AND fingerprint <> ''"""

_ABSENT: Final = f"""
SELECT f.id, f.provider_siret || '/' || f.number AS code
  FROM training.formation f
 WHERE f.withdrawn_at IS NULL AND NOT $2::boolean AND f.provider_siret IN ({_PROVIDERS})
   AND f.source_kind = 'provider_file'
   AND NOT EXISTS (SELECT FROM training.import_record r
                    WHERE r.run_id = $1 AND r.code = f.provider_siret || '/' || f.number)"""  # noqa: S608  # pieces of this file

_PLAN: Final = f"""
WITH found AS (SELECT code, outcome FROM ({_COMPARED}) compared
               UNION ALL SELECT code, 'absent' FROM ({_ABSENT}) absent)
SELECT outcome, count(*) AS number, (array_agg(code ORDER BY code))[1:{SAMPLE}] AS codes
  FROM found GROUP BY outcome"""  # noqa: S608  # likewise

_VOLUME: Final = f"""
SELECT (SELECT count(*) FROM training.import_record WHERE run_id = $1) AS found,
       (SELECT count(*) FROM training.formation
         WHERE withdrawn_at IS NULL AND provider_siret IN ({_PROVIDERS})
           AND source_kind = 'provider_file') AS held"""  # noqa: S608  # likewise

_CHANGED: Final = """
SELECT r.code, (r.derived->>'id')::uuid AS id
  FROM training.import_record r
 WHERE {staged} AND r.fingerprint <> ''
   AND NOT EXISTS (SELECT FROM training.formation f
                    WHERE f.id = (r.derived->>'id')::uuid AND f.fingerprint = r.fingerprint
                      AND f.withdrawn_at IS NULL)
   AND r.derived->>'provider' NOT IN ({held})
 ORDER BY r.code"""
"""What is to be written: neither `unchanged` nor what the review refuses, which may be yet to come.
Whatever the run has written is unchanged."""

_OF_RUN: Final = "r.run_id = $1"
_OF_SOME: Final = "r.run_id = $1 AND r.code = ANY($2::text[])"
_CHANGED_OF_RUN: Final = _CHANGED.format(staged=_OF_RUN, held=HELD.format(staged=_OF_RUN))
_CHANGED_OF_SOME: Final = _CHANGED.format(staged=_OF_SOME, held=HELD.format(staged=_OF_SOME))

_RESCORE: Final = """
UPDATE training.formation f SET quality = (r.derived->>'quality')::smallint
  FROM training.import_record r
 WHERE r.run_id = $1 AND f.id = (r.derived->>'id')::uuid AND f.fingerprint = r.fingerprint
   AND f.quality IS DISTINCT FROM (r.derived->>'quality')::smallint"""
"""The score of the same facts changes with its weights only: no version, no change in the feed."""

_DERIVED: Final = {
    "number": "text",
    "title": "text",
    "provider_name": "text",
    "certifications": "text[]",
    "rome": "text[]",
    "nsf": "text[]",
    "formacodes": "text[]",
    "departments": "text[]",
    "modes": "text[]",
    "starts_on": "date",
    "ends_on": "date",
    "quality": "smallint",
}
_SOURCE: Final = {
    "kind": "text",
    "name": "text",
    "url": "text",
    "dated_on": "date",
    "licence": "text",
}
_WRITTEN: Final = {
    "id": "(r.derived->>'id')::uuid",
    "provider_siret": "r.derived->>'provider'",
    **{column: f"d.{column}" for column in _DERIVED},
    "document": "r.document",
    **{f"source_{column}": f"s.{column}" for column in _SOURCE},
    "import_run_id": "r.run_id",
    "fingerprint": "r.fingerprint",
}
_KEYS: Final = ("id", "provider_siret", "number")
"""Never changed: the first is made of the others. PostgreSQL would lock whatever refers to them,
and an import and those who add to a formation, as its skills, would wait for each other."""


def _columns(columns: dict[str, str]) -> str:
    return ", ".join(f"{column} {kind}" for column, kind in columns.items())


_UPSERT: Final = f"""
INSERT INTO training.formation AS f ({", ".join(_WRITTEN)})
SELECT {", ".join(_WRITTEN.values())}
  FROM training.import_record r,
       jsonb_to_record(r.derived) AS d({_columns(_DERIVED)}),
       jsonb_to_record(r.origin) AS s({_columns(_SOURCE)})
 WHERE {_OF_SOME}
    ON CONFLICT (id) DO UPDATE
   SET {", ".join(f"{one} = excluded.{one}" for one in _WRITTEN if one not in _KEYS)},
       withdrawn_at = NULL, withdrawn_reason = NULL, version = f.version + 1, updated_at = now()"""  # noqa: S608  # likewise

_CLEAR: Final = "DELETE FROM training.action WHERE formation_id = ANY($1::uuid[])"
"""Sessions and places go with their actions."""

_ACTION: Final = {
    "id": "uuid",
    "number": "text",
    "mode": "text",
    "entries": "text",
    "audiences": "text[]",
    "funders": "text[]",
    "languages": "text[]",
    "price": "numeric",
    "hours": "integer",
    "seats": "integer",
}
_SESSION: Final = {
    "id": "uuid",
    "number": "text",
    "starts_on": "date",
    "ends_on": "date",
    "enrolment_starts_on": "date",
    "enrolment_ends_on": "date",
    "recruitment_state": "text",
    "blocs": "text[]",
}
_PLACE: Final = {
    "position": "smallint",
    "siret": "text",
    "name": "text",
    "postcode": "text",
    "city": "text",
    "department": "text",
    "commune": "text",
    "latitude": "float8",
    "longitude": "float8",
}

_ADD_ACTIONS: Final = f"""
INSERT INTO training.action (formation_id, {", ".join(_ACTION)}, position)
SELECT (r.derived->>'id')::uuid, a.*
  FROM training.import_record r,
       ROWS FROM (jsonb_to_recordset(r.parts) AS ({_columns(_ACTION)}))
         WITH ORDINALITY AS a
 WHERE {_OF_SOME}"""  # noqa: S608  # likewise

_ADD_SESSIONS: Final = f"""
INSERT INTO training.session (action_id, {", ".join(_SESSION)}, position)
SELECT a.id, s.*
  FROM training.import_record r,
       jsonb_to_recordset(r.parts) AS a(id uuid, sessions jsonb),
       ROWS FROM (jsonb_to_recordset(a.sessions) AS ({_columns(_SESSION)})) WITH ORDINALITY AS s
 WHERE {_OF_SOME}"""  # noqa: S608  # likewise

_ADD_PLACES: Final = f"""
INSERT INTO training.place (action_id, {", ".join(_PLACE)})
SELECT a.id, p.*
  FROM training.import_record r,
       jsonb_to_recordset(r.parts) AS a(id uuid, places jsonb),
       jsonb_to_recordset(a.places) AS p({_columns(_PLACE)})
 WHERE {_OF_SOME}"""  # noqa: S608  # likewise

_PUBLISH: Final = f"""
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'formation', f.id::text, CASE WHEN f.version = 1 THEN 'created' ELSE 'updated' END,
       f.version, r.document
  FROM training.import_record r
 CROSS JOIN LATERAL (SELECT id, version FROM training.formation
                      WHERE id = (r.derived->>'id')::uuid OFFSET 0) f
 WHERE {_OF_SOME}
 ORDER BY r.code"""  # noqa: S608  # likewise
"""The staged document goes to the catalogue and to the feed as it is, compressed once."""

_WITHDRAW: Final = f"""
WITH gone AS (
  UPDATE training.formation
     SET withdrawn_at = now(), withdrawn_reason = 'absent_from_file', version = version + 1,
         updated_at = now()
   WHERE id IN (SELECT id FROM ({_ABSENT}) absent)
  RETURNING id, version, withdrawn_at, provider_siret, number)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'formation', id::text, 'deleted', version,
       jsonb_build_object('reason', 'absent_from_file', 'withdrawn_at', withdrawn_at,
                          'provider', provider_siret, 'number', number)
  FROM gone
 ORDER BY provider_siret, number"""  # noqa: S608  # likewise


async def plan(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> Plan:  # noqa: FBT001  # the format's signature
    """Say what merging would change now."""
    found = {row["outcome"]: row for row in await connection.fetch(_PLAN, run, extract)}
    volume = await connection.fetchrow(_VOLUME, run)
    outcomes = ("created", "modified", "unchanged", "restored", "absent")
    return Plan(
        {one: found[one]["number"] if one in found else 0 for one in outcomes},
        {one: list(found[one]["codes"]) for one in outcomes if one in found and one != "unchanged"},
        [Volume("formation", volume["held"], volume["found"])],
    )


_COUNTED: Final = "SELECT training.gather_statistics()"
"""Of tables believed to be empty, as autovacuum notes that looks before anything is committed: all
indexes are as good then, and one was read from end to end to check the key of each action."""

_ABSENT_IDS: Final = f"SELECT id FROM ({_ABSENT}) absent"  # noqa: S608  # likewise
_BATCH: Final = 2_000


class Merging:
    """Writes what differs, withdraws what is absent, publishes both, and has all of it found."""

    def __init__(self, connection: asyncpg.Connection, run: uuid.UUID) -> None:
        self._connection, self._run = connection, run
        self._entering = writing.entering_formations(connection)
        self._batches = 0

    async def changed(self, codes: Sequence[str]) -> list[str]:
        """Return which of these staged formations would be written now."""
        rows = await self._connection.fetch(_CHANGED_OF_SOME, self._run, codes)
        return [row["code"] for row in rows]

    async def write(self, codes: Sequence[str]) -> None:
        """Write these, as far as they still differ."""
        await self._write(await self._connection.fetch(_CHANGED_OF_SOME, self._run, codes))

    async def finish(self, extract: bool) -> None:  # noqa: FBT001  # the format's signature
        """Write the rest and whatever is to be said once."""
        run = self._run
        absent = [row["id"] for row in await self._connection.fetch(_ABSENT_IDS, run, extract)]
        await writing.forget_formations(self._connection, absent)
        await self._connection.execute(_WITHDRAW, run, extract)
        rows = await self._connection.fetch(_CHANGED_OF_RUN, run)
        for first in range(0, len(rows), _BATCH):
            await self._write(rows[first : first + _BATCH])
        await self._connection.execute(_RESCORE, run)
        await self._entering.end()
        await writing.follow_quality(self._connection)

    async def _write(self, rows: Sequence[Any]) -> None:
        codes, ids = [row["code"] for row in rows], [row["id"] for row in rows]
        self._batches += 1
        if self._batches == 2:  # noqa: PLR2004  # by now there is something to count
            await self._connection.execute(_COUNTED)
        await self._connection.execute(_UPSERT, self._run, codes)
        await writing.forget_formations(self._connection, ids)
        await self._connection.execute(_CLEAR, ids)
        for statement in (_ADD_ACTIONS, _ADD_SESSIONS, _ADD_PLACES, _PUBLISH):
            await self._connection.execute(statement, self._run, codes)
        await self._entering.add(ids)
