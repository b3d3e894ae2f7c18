"""How the staged providers of one run, `$1`, become the table, set by set.

A provider whose digest is the same is left alone; one that a complete list lacks is withdrawn: its
declaration has lapsed. It stays, and comes back when a list has it again.
"""

import uuid
from typing import Final

import asyncpg

from training.imports.formats import SAMPLE, Plan, Volume

_ABSENT: Final = """
SELECT p.activity_number AS code FROM training.provider p
 WHERE p.withdrawn_at IS NULL AND NOT $2::boolean
   AND NOT EXISTS (SELECT FROM training.import_record r
                    WHERE r.run_id = $1 AND r.code = p.activity_number)"""

_PLAN: Final = f"""
WITH found AS (
  SELECT r.code, CASE WHEN p.activity_number IS NULL THEN 'created'
                      WHEN p.withdrawn_at IS NOT NULL THEN 'restored'
                      WHEN p.fingerprint = r.fingerprint THEN 'unchanged'
                      ELSE 'modified' END AS outcome
    FROM training.import_record r
    LEFT JOIN training.provider p ON p.activity_number = r.code
   WHERE r.run_id = $1 AND r.document <> 'null'
  UNION ALL SELECT code, 'absent' FROM ({_ABSENT}) absent)
SELECT outcome, count(*) AS number, (array_agg(code ORDER BY code))[1:{SAMPLE}] AS codes
  FROM found GROUP BY outcome"""  # noqa: S608  # pieces of this file

_VOLUME: Final = """
SELECT (SELECT count(*) FROM training.import_record WHERE run_id = $1) AS found,
       (SELECT count(*) FROM training.provider WHERE withdrawn_at IS NULL) AS held"""

_WITHDRAW: Final = f"""
WITH gone AS (
  UPDATE training.provider
     SET withdrawn_at = now(), version = version + 1, updated_at = now()
   WHERE activity_number IN (SELECT code FROM ({_ABSENT}) absent)
  RETURNING activity_number, version, withdrawn_at, siret)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'provider', activity_number, 'deleted', version,
       jsonb_build_object('reason', 'absent_from_list', 'withdrawn_at', withdrawn_at,
                          'siret', siret)
  FROM gone ORDER BY activity_number"""  # noqa: S608  # likewise

_SOURCE: Final = {"name": "text", "url": "text", "dated_on": "date", "licence": "text"}
_WRITTEN: Final = {
    "activity_number": "r.code",
    "siret": "r.document->>'siret'",
    "siren": "r.document->>'siren'",
    "name": "r.document->>'name'",
    "department": "r.document->'address'->>'department'",
    "qualiopi": "ARRAY(SELECT jsonb_array_elements_text(r.document->'qualiopi'))",
    "document": "r.document",
    "search_text": "r.derived->>'search_text'",
    **{f"source_{column}": f"s.{column}" for column in _SOURCE},
    "import_run_id": "r.run_id",
    "fingerprint": "r.fingerprint",
}

_UPSERT: Final = f"""
WITH written AS (
  INSERT INTO training.provider AS p ({", ".join(_WRITTEN)})
  SELECT {", ".join(_WRITTEN.values())}
    FROM training.import_record r,
         jsonb_to_record(r.origin)
           AS s({", ".join(f"{column} {kind}" for column, kind in _SOURCE.items())})
   WHERE r.run_id = $1 AND r.document <> 'null'
      ON CONFLICT (activity_number) DO UPDATE
     SET {", ".join(f"{one} = excluded.{one}" for one in _WRITTEN)},
         withdrawn_at = NULL, version = p.version + 1, updated_at = now()
   WHERE p.fingerprint <> excluded.fingerprint OR p.withdrawn_at IS NOT NULL
  RETURNING p.activity_number, p.version)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'provider', w.activity_number, CASE WHEN w.version = 1 THEN 'created' ELSE 'updated' END,
       w.version, r.document || jsonb_build_object('source', r.origin)
  FROM written w JOIN training.import_record r ON r.run_id = $1 AND r.code = w.activity_number
 ORDER BY w.activity_number"""  # noqa: S608  # likewise

_OUTCOMES: Final = ("created", "modified", "unchanged", "restored", "absent")


async def plan(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> Plan:  # noqa: FBT001  # the format's signature
    """Say what merging would change now."""
    found = {row["outcome"]: row for row in await connection.fetch(_PLAN, run, extract)}
    volume = await connection.fetchrow(_VOLUME, run)
    return Plan(
        {one: found[one]["number"] if one in found else 0 for one in _OUTCOMES},
        {one: found[one]["codes"] for one in _OUTCOMES if one in found and one != "unchanged"},
        [Volume("provider", volume["held"], volume["found"])],
    )


async def merge(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> None:  # noqa: FBT001  # likewise
    """Write what differs, withdraw what is absent, publish both."""
    await connection.execute(_WITHDRAW, run, extract)
    await connection.execute(_UPSERT, run)
