"""Statements of the followers and of what they counted."""

from typing import Final

ASK: Final = """
INSERT INTO observatory.followed_feed AS f (peer) VALUES ($1)
    ON CONFLICT (peer) DO UPDATE SET asked_at = now()
 WHERE f.asked_at < now() - $2::interval
RETURNING recounting, cursor, recount_cursor"""
"""No row while another instance has asked, or kept a page, within $2."""

ADVANCE: Final = """
UPDATE observatory.followed_feed
   SET cursor = $3, asked_at = now(), changes = changes + $4,
       current_at = CASE WHEN $5 THEN now() ELSE current_at END
 WHERE peer = $1 AND cursor IS NOT DISTINCT FROM $2
RETURNING peer"""
"""No row when another instance has kept this page meanwhile; $5: nothing is left after it."""

ADVANCE_RECOUNT: Final = """
UPDATE observatory.followed_feed
   SET recount_cursor = $3, asked_at = now(), recount_changes = recount_changes + $4,
       current_at = CASE WHEN $5 THEN now() ELSE current_at END
 WHERE peer = $1 AND recounting AND recount_cursor IS NOT DISTINCT FROM $2
RETURNING peer"""

_KEEP: Final = """
INSERT INTO observatory.{table} AS t
       (peer, entity, entity_id, version, measure, amount, cohort, programme)
SELECT $1, e.* FROM unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::text[],
                           $8::text[]) e
    ON CONFLICT (peer, entity, entity_id) DO UPDATE
   SET version = excluded.version, measure = excluded.measure, amount = excluded.amount,
       cohort = excluded.cohort, programme = excluded.programme
 WHERE t.version <= excluded.version"""

KEEP: Final = _KEEP.format(table="followed_thing")
KEEP_RECOUNTED: Final = _KEEP.format(table="recounted_thing")

BEGIN_ANEW: Final = """
UPDATE observatory.followed_feed SET recounting = true, recount_cursor = NULL, recount_changes = 0
 WHERE peer = $1 AND CASE WHEN recounting THEN recount_cursor ELSE cursor END = $2
RETURNING peer"""
RECOUNT: Final = """
UPDATE observatory.followed_feed SET recounting = true, recount_cursor = NULL, recount_changes = 0
RETURNING peer"""
"""Of all feeds; a page of another recount that is being kept finds another cursor, is dropped."""

FORGET_RECOUNTED: Final = "DELETE FROM observatory.recounted_thing WHERE peer = $1"
COMPARE_WHOLE: Final = "SET LOCAL enable_nestloop = off"
"""What has just been written has no statistics: the planner would look up thing by thing."""

SHOW: Final = (
    """
DELETE FROM observatory.followed_thing t
 WHERE t.peer = $1 AND NOT EXISTS (
       SELECT FROM observatory.recounted_thing n
        WHERE (n.peer, n.entity, n.entity_id) = (t.peer, t.entity, t.entity_id)
              AND (n.version, n.measure, n.amount, n.cohort, n.programme)
                  IS NOT DISTINCT FROM (t.version, t.measure, t.amount, t.cohort, t.programme))""",
    """
INSERT INTO observatory.followed_thing
       (peer, entity, entity_id, version, measure, amount, cohort, programme)
SELECT peer, entity, entity_id, version, measure, amount, cohort, programme
  FROM observatory.recounted_thing n
 WHERE n.peer = $1 AND NOT EXISTS (
       SELECT FROM observatory.followed_thing t
        WHERE (t.peer, t.entity, t.entity_id) = (n.peer, n.entity, n.entity_id))""",
    """
UPDATE observatory.followed_feed
   SET cursor = recount_cursor, changes = recount_changes,
       recounting = false, recount_cursor = NULL, recount_changes = 0
 WHERE peer = $1""",
    FORGET_RECOUNTED,
)
"""Show what was counted again; what is the same stays."""

FEEDS: Final = "SELECT peer, current_at, changes, recounting FROM observatory.followed_feed"
COUNTS: Final = """
WITH told AS (
    SELECT t.peer, t.measure, t.amount, coalesce(t.programme, k.programme) = $1 AS is_ours
      FROM observatory.followed_thing t
      LEFT JOIN observatory.followed_thing k
        ON k.peer = 'diagnostic' AND k.entity = 'cohort' AND k.cohort = t.cohort
           AND t.entity = 'enrolment'
     WHERE t.measure IS NOT NULL)
SELECT peer, measure, count(*) AS things, sum(amount)::bigint AS amount,
       count(*) FILTER (WHERE is_ours) AS own_things,
       coalesce(sum(amount) FILTER (WHERE is_ours), 0)::bigint AS own_amount
  FROM told GROUP BY peer, measure"""
"""Of all programmes, and of $1; an enrolment is of the programme of its cohort."""

TARGETS: Final = """
SELECT kpi, target, due_on, version FROM observatory.kpi_target WHERE programme = $1"""
HOLD_TARGET: Final = """
SELECT version FROM observatory.kpi_target WHERE programme = $1 AND kpi = $2
   FOR NO KEY UPDATE"""
AIM: Final = """
INSERT INTO observatory.kpi_target AS t (programme, kpi, target, due_on) VALUES ($1, $2, $3, $4)
    ON CONFLICT (programme, kpi) DO UPDATE
   SET target = excluded.target, due_on = excluded.due_on, version = t.version + 1
RETURNING version"""
