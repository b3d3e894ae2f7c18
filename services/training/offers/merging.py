"""How the staged formations of one run, `$1`, become the catalogue, set by set.

A formation whose digest is the same is left alone; one that a complete file of its provider lacks
is withdrawn: it stays, with its reason, and comes back when a file has it again.
"""

import uuid
from typing import Final

import asyncpg

from training.imports.formats import SAMPLE, Plan, Volume
from training.indexing import writing

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

_RESCORE: Final = """
UPDATE training.formation f SET quality = (r.derived->>'quality')::smallint
  FROM training.import_record r
 WHERE r.run_id = $1 AND f.id = (r.derived->>'id')::uuid AND f.fingerprint = r.fingerprint
   AND f.quality IS DISTINCT FROM (r.derived->>'quality')::smallint"""
"""The score of the same facts changes with its weights only: no version, no change in the feed."""

_FORGET: Final = (
    "DELETE FROM training.import_record WHERE run_id = $1 AND fingerprint = ''",
    """
DELETE FROM training.import_record r USING training.formation f
 WHERE r.run_id = $1 AND f.id = (r.derived->>'id')::uuid AND f.fingerprint = r.fingerprint
   AND f.withdrawn_at IS NULL""",
)
"""What cannot be stored and what is `unchanged`; the rest is written."""

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


def _columns(columns: dict[str, str]) -> str:
    return ", ".join(f"{column} {kind}" for column, kind in columns.items())


_UPSERT: Final = f"""
INSERT INTO training.formation AS f ({", ".join(_WRITTEN)})
SELECT {", ".join(_WRITTEN.values())}
  FROM training.import_record r,
       jsonb_to_record(r.derived) AS d({_columns(_DERIVED)}),
       jsonb_to_record(r.origin) AS s({_columns(_SOURCE)})
 WHERE r.run_id = $1
    ON CONFLICT (id) DO UPDATE
   SET {", ".join(f"{one} = excluded.{one}" for one in _WRITTEN)},
       withdrawn_at = NULL, withdrawn_reason = NULL, version = f.version + 1, updated_at = now()"""  # noqa: S608  # likewise

_CLEAR: Final = """
DELETE FROM training.action a USING training.import_record r
 WHERE r.run_id = $1 AND a.formation_id = (r.derived->>'id')::uuid"""
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
       ROWS FROM (jsonb_to_recordset(r.derived->'actions') AS ({_columns(_ACTION)}))
         WITH ORDINALITY AS a
 WHERE r.run_id = $1"""  # noqa: S608  # likewise

_ADD_SESSIONS: Final = f"""
INSERT INTO training.session (action_id, {", ".join(_SESSION)}, position)
SELECT a.id, s.*
  FROM training.import_record r,
       jsonb_to_recordset(r.derived->'actions') AS a(id uuid, sessions jsonb),
       ROWS FROM (jsonb_to_recordset(a.sessions) AS ({_columns(_SESSION)})) WITH ORDINALITY AS s
 WHERE r.run_id = $1"""  # noqa: S608  # likewise

_ADD_PLACES: Final = f"""
INSERT INTO training.place (action_id, {", ".join(_PLACE)})
SELECT a.id, p.*
  FROM training.import_record r,
       jsonb_to_recordset(r.derived->'actions') AS a(id uuid, places jsonb),
       jsonb_to_recordset(a.places) AS p({_columns(_PLACE)})
 WHERE r.run_id = $1"""  # noqa: S608  # likewise

_PUBLISH: Final = """
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'formation', f.id::text, CASE WHEN f.version = 1 THEN 'created' ELSE 'updated' END,
       f.version, r.document
  FROM training.import_record r JOIN training.formation f ON f.id = (r.derived->>'id')::uuid
 WHERE r.run_id = $1
 ORDER BY r.code"""
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


_ABSENT_IDS: Final = f"SELECT id FROM ({_ABSENT}) absent"  # noqa: S608  # likewise
_STAGED_IDS: Final = (
    "SELECT (derived->>'id')::uuid AS id FROM training.import_record WHERE run_id = $1"
)


async def merge(connection: asyncpg.Connection, run: uuid.UUID, extract: bool) -> None:  # noqa: FBT001  # likewise
    """Write what differs, withdraw what is absent, publish both, and have all of it found."""
    absent = [row["id"] for row in await connection.fetch(_ABSENT_IDS, run, extract)]
    await writing.forget_formations(connection, absent)
    await connection.execute(_WITHDRAW, run, extract)
    for statement in (_RESCORE, *_FORGET, _UPSERT):
        await connection.execute(statement, run)
    written = [row["id"] for row in await connection.fetch(_STAGED_IDS, run)]
    await writing.forget_formations(connection, written)
    for statement in (_CLEAR, _ADD_ACTIONS, _ADD_SESSIONS, _ADD_PLACES, _PUBLISH):
        await connection.execute(statement, run)
    await writing.enter_formations(connection, written)
    await writing.follow_quality(connection)
