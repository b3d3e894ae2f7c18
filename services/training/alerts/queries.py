"""The statements of saved searches."""

from typing import Final

TURN: Final = "SELECT pg_try_advisory_xact_lock(hashtext('training.alerts'))"
"""One asks at a time; whoever saves a search holds it shared, so that no change comes between."""

SHARE: Final = "SELECT pg_advisory_xact_lock_shared(hashtext('training.alerts'))"

CURSOR: Final = "SELECT xid, seq FROM training.alert_cursor"

CHANGED: Final = """
SELECT c.xid::text::bigint AS xid, c.seq, c.entity, c.entity_id
  FROM training.change c
 WHERE (c.xid, c.seq) > ($1::text::xid8, $2) AND c.xid < pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY c.xid, c.seq
 LIMIT $3"""

ADVANCE: Final = "UPDATE training.alert_cursor SET xid = $1, seq = $2"

SKIP: Final = """
UPDATE training.alert_cursor a SET xid = h.xid, seq = h.seq
  FROM (SELECT c.xid::text::bigint AS xid, c.seq FROM training.change c
         WHERE c.xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY c.xid DESC, c.seq DESC LIMIT 1) h"""
"""To the last change: nobody follows anything."""

THINGS: Final = """
SELECT c.id FROM training.certification c WHERE c.code = ANY($1::text[])
UNION
SELECT f.id FROM training.formation f
 WHERE f.certifications && $1::text[] AND f.withdrawn_at IS NULL
UNION
SELECT unnest($2::uuid[])"""
"""What changed: certifications $1, the formations that quote them, formations $2."""

FOLLOWED: Final = """
SELECT s.id, s.asked::text AS asked FROM training.saved_search s
 WHERE $1::uuid IS NULL OR s.id > $1
 ORDER BY s.id
 LIMIT $2"""

END: Final = """
DELETE FROM training.saved_search_match m
 WHERE m.search_id = $1 AND m.thing_id = ANY($2::uuid[]) AND m.entry_id <> ALL($3::uuid[])"""
"""What no longer matches: were it to match again, it would be new again."""

BEGIN: Final = """
WITH held AS (SELECT s.id, s.version FROM training.saved_search s WHERE s.id = $1
                 FOR NO KEY UPDATE),
     fresh AS (
  INSERT INTO training.saved_search_match (search_id, entry_id, kind, thing_id, number)
  SELECT held.id, g.entry_id, g.kind, g.thing_id, held.version + 1
    FROM held, unnest($2::uuid[], $3::text[], $4::uuid[]) g(entry_id, kind, thing_id)
      ON CONFLICT DO NOTHING
  RETURNING search_id)
UPDATE training.saved_search s SET version = version + 1
 WHERE s.id = $1 AND EXISTS (SELECT FROM fresh)
RETURNING s.version"""
"""What matches from now on; a row with the new version where anything is new."""

MATCHES: Final = """
SELECT m.number, m.entry_id, m.kind, m.matched_at,
       coalesce(f.title, c.title) AS title, f.id AS formation, c.code AS certification
  FROM training.saved_search_match m
  LEFT JOIN training.formation f ON m.kind = 'offer' AND f.id = m.thing_id
  LEFT JOIN training.certification c ON m.kind = 'certification' AND c.id = m.thing_id
 WHERE m.search_id = $1 AND m.number IS NOT NULL AND (m.number, m.entry_id) > ($2, $3::uuid)
 ORDER BY m.number, m.entry_id
 LIMIT $4"""

LIST: Final = """
SELECT s.id, s.label, s.query, s.created_at, s.version
  FROM training.saved_search s
 WHERE s.tenant = $1 AND ($2::timestamptz IS NULL OR (s.created_at, s.id) < ($2, $3::uuid))
 ORDER BY s.created_at DESC, s.id DESC
 LIMIT $4"""

COUNT: Final = "SELECT count(*) FROM training.saved_search WHERE tenant = $1"

ONE: Final = """
SELECT s.id, s.label, s.query, s.created_at, s.version
  FROM training.saved_search s WHERE s.id = $1 AND s.tenant = $2"""
