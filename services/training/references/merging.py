"""How staged concepts become a version of their scheme: set by set, published as they are written.

Statements work on the rows of one run, `$1`, all of the same scheme `$2` and version `$3`. A
concept whose digest the version already has is left alone; other versions are not touched.
"""

import uuid
from typing import Any, Final

import asyncpg

from training.imports.formats import SAMPLE, Plan, Volume

_RELEASE: Final = """
SELECT derived->>'scheme' AS scheme, derived->>'version' AS version
  FROM training.import_record WHERE run_id = $1 LIMIT 1"""

_HELD: Final = "c.scheme = $2::text AND c.version = $3::text"

_ABSENT: Final = f"""
SELECT c.code FROM training.reference_concept c
 WHERE {_HELD} AND c.withdrawn_at IS NULL
   AND NOT EXISTS (SELECT FROM training.import_record r WHERE r.run_id = $1 AND r.code = c.code)"""  # noqa: S608  # pieces of this file

_PLAN: Final = f"""
WITH found AS (
  SELECT r.code, CASE WHEN c.code IS NULL THEN 'created'
                      WHEN c.withdrawn_at IS NOT NULL THEN 'restored'
                      WHEN c.fingerprint = r.fingerprint THEN 'unchanged'
                      ELSE 'modified' END AS outcome
    FROM training.import_record r
    LEFT JOIN training.reference_concept c ON {_HELD} AND c.code = r.code
   WHERE r.run_id = $1 AND r.document <> 'null'
  UNION ALL SELECT code, 'absent' FROM ({_ABSENT}) absent WHERE NOT $4::boolean)
SELECT outcome, count(*) AS number, (array_agg(code ORDER BY code))[1:{SAMPLE}] AS codes
  FROM found GROUP BY outcome"""  # noqa: S608  # likewise

_VOLUMES: Final = f"""
SELECT (SELECT count(*) FROM training.reference_concept c
         WHERE {_HELD} AND c.withdrawn_at IS NULL) AS held,
       (SELECT count(*) FROM training.import_record WHERE run_id = $1) AS found"""  # noqa: S608  # likewise

_OF_RELEASE: Final = ("released_on", "title", "producer", "licence")
_RELEASED: Final = f"""
WITH written AS (
  INSERT INTO training.reference_version AS v (scheme, version, {", ".join(_OF_RELEASE)})
  SELECT $2, $3, s.*
    FROM (SELECT origin FROM training.import_record WHERE run_id = $1 LIMIT 1) given,
         jsonb_to_record(given.origin)
           AS s(released_on date, title text, producer text, licence text)
      ON CONFLICT (scheme, version) DO UPDATE
     SET {", ".join(f"{one} = excluded.{one}" for one in _OF_RELEASE)}, revision = v.revision + 1
   WHERE ({", ".join(f"v.{one}" for one in _OF_RELEASE)})
         IS DISTINCT FROM ({", ".join(f"excluded.{one}" for one in _OF_RELEASE)})
  RETURNING *)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'reference-version', scheme || '/' || version,
       CASE WHEN revision = 1 THEN 'created' ELSE 'updated' END, revision,
       jsonb_build_object('scheme', scheme, 'version', version, 'released_on', released_on,
                          'title', title, 'producer', producer, 'licence', licence)
  FROM written"""  # noqa: S608  # likewise

_WITHDRAW: Final = f"""
WITH gone AS (
  UPDATE training.reference_concept c SET withdrawn_at = now(), revision = revision + 1
   WHERE {_HELD} AND c.code IN ({_ABSENT})
  RETURNING c.code, c.revision, c.replaced_by)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'reference', concat_ws('/', $2, $3, code), 'deleted', revision,
       jsonb_build_object('reason', 'absent-from-source', 'replaced_by', replaced_by)
  FROM gone ORDER BY code"""  # noqa: S608  # likewise
"""The source gave the version anew, without these codes: a tombstone each, and 410 from then on."""

_COLUMNS: Final = {
    "kind": "text",
    "label_fr": "text",
    "label_en": "text",
    "broader": "text",
    "replaced_by": "text[]",
    "valid_from": "date",
    "valid_to": "date",
    "uri": "text",
}
_WRITTEN: Final = (*_COLUMNS, "search_text", "fingerprint")

_UPSERT: Final = f"""
WITH written AS (
  INSERT INTO training.reference_concept AS c (scheme, version, code, {", ".join(_WRITTEN)})
  SELECT $2, $3, r.code, d.*, r.derived->>'search_text', r.fingerprint
    FROM training.import_record r,
         jsonb_to_record(r.document)
           AS d({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
   WHERE r.run_id = $1 AND r.document <> 'null'
      ON CONFLICT (scheme, version, code) DO UPDATE
     SET {", ".join(f"{one} = excluded.{one}" for one in _WRITTEN)},
         withdrawn_at = NULL, revision = c.revision + 1
   WHERE c.fingerprint <> excluded.fingerprint OR c.withdrawn_at IS NOT NULL
  RETURNING c.code, c.revision)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'reference', concat_ws('/', $2, $3, w.code),
       CASE WHEN w.revision = 1 THEN 'created' ELSE 'updated' END, w.revision,
       r.document || jsonb_build_object('scheme', $2, 'version', $3)
  FROM written w JOIN training.import_record r ON r.run_id = $1 AND r.code = w.code
 ORDER BY w.code"""  # noqa: S608  # likewise

_COUNTED: Final = """
UPDATE training.reference_version v
   SET concepts = (SELECT count(*) FROM training.reference_concept c
                    WHERE c.scheme = $1 AND c.version = $2 AND c.withdrawn_at IS NULL)
 WHERE v.scheme = $1 AND v.version = $2"""
"""$1 scheme, $2 version."""

_NEWEST_ROME: Final = """
INSERT INTO training.rome AS k (code, label, parent_code, release, released_on)
SELECT c.code, c.label_fr, c.broader, c.version, v.released_on
  FROM training.reference_concept c JOIN training.reference_version v USING (scheme, version)
 WHERE c.scheme = 'rome' AND c.withdrawn_at IS NULL
   AND c.version = (SELECT version FROM training.reference_version WHERE scheme = 'rome'
                     ORDER BY released_on DESC, version DESC LIMIT 1)
    ON CONFLICT (code) DO UPDATE
   SET label = excluded.label, parent_code = excluded.parent_code, release = excluded.release,
       released_on = excluded.released_on
 WHERE (k.label, k.parent_code, k.release, k.released_on)
       IS DISTINCT FROM
       (excluded.label, excluded.parent_code, excluded.release, excluded.released_on)"""
"""A job that left ROME keeps its last label there: certifications still quote it."""

_BY_HASH: Final = "SET LOCAL enable_nestloop = off"
"""Staged rows have no statistics and a new version neither: the planner would guess a handful."""

_OUTCOMES: Final = ("created", "modified", "unchanged", "restored", "absent")


async def _release(connection: asyncpg.Connection, run: uuid.UUID) -> Any:  # noqa: ANN401  # an asyncpg record
    """Return scheme and version of what was staged; None when every record was refused."""
    return await connection.fetchrow(_RELEASE, run)


async def plan(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> Plan:  # noqa: FBT001  # the format's signature
    """Say what merging would change now."""
    release = await _release(connection, run)
    if release is None:
        return Plan(dict.fromkeys(_OUTCOMES, 0), {})
    await connection.execute(_BY_HASH)
    found = {row["outcome"]: row for row in await connection.fetch(_PLAN, run, *release, extract)}
    volume = await connection.fetchrow(_VOLUMES, run, *release)
    return Plan(
        {one: found[one]["number"] if one in found else 0 for one in _OUTCOMES},
        {one: found[one]["codes"] for one in _OUTCOMES if one in found and one != "unchanged"},
        [Volume(" ".join(release), volume["held"], volume["found"])],
    )


async def merge(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> None:  # noqa: FBT001  # likewise
    """Write what differs, withdraw what is absent, publish both."""
    release = await _release(connection, run)
    if release is None:
        return
    await connection.execute(_BY_HASH)
    await connection.execute(_RELEASED, run, *release)
    if not extract:
        await connection.execute(_WITHDRAW, run, *release)
    await connection.execute(_UPSERT, run, *release)
    await connection.execute(_COUNTED, *release)
    if release["scheme"] == "rome":
        await connection.execute(_NEWEST_ROME)
    await connection.execute("SET LOCAL enable_nestloop = on")
