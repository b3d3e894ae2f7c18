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
 WHERE r.run_id = $1 AND r.document <> 'null'"""

_PROVIDERS: Final = """
SELECT DISTINCT derived->>'provider'
  FROM training.import_record WHERE run_id = $1 AND document <> 'null'"""

_ABSENT: Final = f"""
SELECT f.id, f.provider_siret || '/' || f.number AS code
  FROM training.formation f
 WHERE f.withdrawn_at IS NULL AND NOT $2::boolean AND f.provider_siret IN ({_PROVIDERS})
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
         WHERE withdrawn_at IS NULL AND provider_siret IN ({_PROVIDERS})) AS held"""  # noqa: S608  # likewise

_RESCORE: Final = """
UPDATE training.formation f SET quality = (r.derived->>'quality')::smallint
  FROM training.import_record r
 WHERE r.run_id = $1 AND f.id = (r.derived->>'id')::uuid AND f.fingerprint = r.fingerprint
   AND f.quality IS DISTINCT FROM (r.derived->>'quality')::smallint"""
"""The score of the same facts changes with its weights only: no version, no change in the feed."""

_FORGET: Final = (
    "DELETE FROM training.import_record WHERE run_id = $1 AND document = 'null'",
    """
DELETE FROM training.import_record r USING training.formation f
 WHERE r.run_id = $1 AND f.id = (r.derived->>'id')::uuid AND f.fingerprint = r.fingerprint
   AND f.withdrawn_at IS NULL""",
)
"""What cannot be stored and what is `unchanged`; the rest is written."""

_DERIVED: Final = {
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
    "number": "r.document->>'number'",
    "title": "r.document->>'title'",
    "provider_name": "r.document->'provider'->>'name'",
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

_ACTIONS: Final = """
  FROM training.import_record r,
       jsonb_array_elements(r.document->'actions') WITH ORDINALITY AS a(action, place)"""

_ADD_ACTIONS: Final = f"""
INSERT INTO training.action (id, formation_id, number, position, mode, entries, audiences, funders,
                             languages, price, hours)
SELECT (action->>'id')::uuid, (r.document->>'id')::uuid, action->>'number', a.place - 1,
       action->>'mode', action->>'entries',
       ARRAY(SELECT x->>'code' FROM jsonb_array_elements(action->'audiences') x),
       ARRAY(SELECT x->>'code' FROM jsonb_array_elements(action->'funders') x),
       ARRAY(SELECT lower(x) FROM jsonb_array_elements_text(action->'languages') x),
       (action->'price'->>'amount')::numeric, (action->>'hours')::int{_ACTIONS}
 WHERE r.run_id = $1"""  # noqa: S608  # likewise

_ADD_SESSIONS: Final = f"""
INSERT INTO training.session (id, action_id, number, position, starts_on, ends_on,
                              enrolment_starts_on, enrolment_ends_on, recruitment_state, blocs)
SELECT (session->>'id')::uuid, (action->>'id')::uuid, session->>'number', s.place - 1,
       (session->'period'->>'start')::date, (session->'period'->>'end')::date,
       (session->'enrolment_period'->>'start')::date, (session->'enrolment_period'->>'end')::date,
       session->>'recruitment_state',
       ARRAY(SELECT coalesce(bloc_set->'certifications'->>'rncp',
                             bloc_set->'certifications'->>'rs', '') || '/' || (bloc->>'code')
               FROM jsonb_array_elements(session->'bloc_sets') bloc_set,
                    jsonb_array_elements(bloc_set->'blocs') bloc){_ACTIONS},
       jsonb_array_elements(action->'sessions') WITH ORDINALITY AS s(session, place)
 WHERE r.run_id = $1"""  # noqa: S608  # likewise

_ADD_PLACES: Final = f"""
INSERT INTO training.place (action_id, position, siret, name, postcode, city, department, commune,
                            latitude, longitude)
SELECT (action->>'id')::uuid, p.place - 1, site->>'siret', address->>'name', address->>'postcode',
       address->>'city',
       coalesce(address->>'department',
                left(address->>'postcode',
                     CASE WHEN address->>'postcode' ~ '^9[78]' THEN 3 ELSE 2 END)),
       address->>'commune', (address->'coordinates'->>'latitude')::float8,
       (address->'coordinates'->>'longitude')::float8{_ACTIONS},
       jsonb_array_elements(action->'places') WITH ORDINALITY AS p(site, place),
       LATERAL (SELECT site->'details'->'address') AS l(address)
 WHERE r.run_id = $1 AND address IS NOT NULL"""  # likewise

_PUBLISH: Final = """
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'formation', f.id::text, CASE WHEN f.version = 1 THEN 'created' ELSE 'updated' END,
       f.version, r.document || jsonb_build_object('source', r.origin)
  FROM training.import_record r JOIN training.formation f ON f.id = (r.derived->>'id')::uuid
 WHERE r.run_id = $1
 ORDER BY r.code"""

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
