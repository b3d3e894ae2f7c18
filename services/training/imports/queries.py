"""The statements of the imports: those of the routes, and those of the engine at work."""

from typing import Final

_RUN: Final = """json_build_object(
  'id', r.id, 'format', r.format, 'mode', r.mode, 'force', r.force, 'extract', r.extract,
  'dated_on', r.dated_on, 'licence', r.licence, 'filename', r.filename,
  'media_type', r.media_type, 'size', r.size, 'sha256', r.sha256,
  'state', r.state, 'step', r.step, 'records', r.records, 'errors', r.errors,
  'warnings', r.warnings, 'created_at', r.created_at, 'finished_at', r.finished_at)"""

RUN: Final = f"""
SELECT {_RUN}::text AS document, r.certificate::text AS certificate, r.state
  FROM training.import_run r WHERE r.id = $1 AND r.tenant = $2"""  # noqa: S608  # pieces of this file

RUNS: Final = f"""
SELECT r.created_at, r.id, {_RUN}::text AS item
  FROM training.import_run r
 WHERE r.tenant = $1
   AND ($2::text IS NULL OR (r.created_at, r.id) < ($2::text::timestamptz, $3::text::uuid))
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT $4"""  # noqa: S608  # likewise
RUNS_COUNT: Final = "SELECT count(*) FROM training.import_run WHERE tenant = $1"

ANOMALIES: Final = """
SELECT a.position, json_build_object(
         'position', a.position, 'step', a.step, 'severity', a.severity, 'rule', a.rule,
         'record', a.record, 'line', a.line,
         'detail', json_build_object('fr', a.detail_fr, 'en', a.detail_en))::text AS item
  FROM training.import_anomaly a
 WHERE a.run_id = $1 AND a.position > $2 AND ($3::text IS NULL OR a.severity = $3)
 ORDER BY a.position
 LIMIT $4"""
ANOMALIES_COUNT: Final = """
SELECT count(*) FROM training.import_anomaly a
 WHERE a.run_id = $1 AND ($2::text IS NULL OR a.severity = $2)"""

SUBMIT: Final = """
INSERT INTO training.import_run (tenant, client, idempotency_key, format, mode, force, extract,
                                 dated_on, licence, filename, media_type, size, sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (tenant, client, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
RETURNING id"""

BY_KEY: Final = """
SELECT id, format, mode, force, extract, dated_on, licence, sha256
  FROM training.import_run WHERE tenant = $1 AND client = $2 AND idempotency_key = $3"""

IS_FULL: Final = """
SELECT count(*) >= $4 AND NOT EXISTS (
         SELECT FROM training.import_run
          WHERE tenant = $1 AND client = $2 AND idempotency_key = $3)
  FROM training.import_run WHERE tenant = $1 AND state IN ('queued', 'running')"""
"""$1–$3 as in BY_KEY, whose run is given again; $4 the bound."""

_LOCK: Final = "hashtext('training.import'), hashtext($1::uuid::text)"
LOCK: Final = f"SELECT pg_try_advisory_lock({_LOCK})"
"""Held by the connection that works on a run: it ends with the process, however that ends."""

UNLOCK: Final = f"SELECT pg_advisory_unlock({_LOCK})"

WAITING: Final = """
SELECT r.id FROM training.import_run r
 WHERE r.state IN ('queued', 'running')
   AND NOT EXISTS (
     SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid = (hashtext('training.import')::bigint & 4294967295)::oid
        AND l.objid = (hashtext(r.id::text)::bigint & 4294967295)::oid)
 ORDER BY r.created_at, r.id
 LIMIT 1"""
"""The oldest run that nobody works on: sent and not begun, or left by a process that died."""

BEGIN: Final = """
UPDATE training.import_run
   SET state = 'running', attempts = attempts + 1, step = 0, records = 0, errors = 0, warnings = 0
 WHERE id = $1 AND state IN ('queued', 'running')
RETURNING *"""

CLEAR: Final = (
    "DELETE FROM training.import_record WHERE run_id = $1",
    "DELETE FROM training.import_anomaly WHERE run_id = $1",
)

REFUSE: Final = """
UPDATE training.import_record SET document = 'null', fingerprint = ''
 WHERE run_id = $1 AND code = ANY($2::text[]) AND document <> 'null'
RETURNING code"""
"""What only the whole file shows to be wrong came, and cannot be stored."""

FILE: Final = """
SELECT bytes FROM training.import_file_part WHERE run_id = $1 ORDER BY position"""

PROGRESS: Final = """
UPDATE training.import_run SET step = $2, records = $3, errors = $4, warnings = $5 WHERE id = $1"""

IN_BULK: Final = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"
"""The statistics of what was just written are those of an empty table: a nested loop over a whole
directory, which they make look cheap, takes minutes. Nor is any statement worth compiling: where
PostgreSQL can, it would for half a second each. One import at a time has room to sort and hash."""

ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('training.merge'))"
"""One merge at a time; whoever reads waits for nobody."""

FINISH: Final = """
UPDATE training.import_run
   SET state = $2, step = $3, records = $4, errors = $5, warnings = $6, certificate = $7::jsonb,
       finished_at = now()
 WHERE id = $1"""

FORGET: Final = (
    "DELETE FROM training.import_file_part WHERE run_id = $1",
    "DELETE FROM training.import_record WHERE run_id = $1",
)
