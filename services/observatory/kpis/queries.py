"""Statements of the followers and of what they counted."""

from typing import Final

ASK: Final = """
INSERT INTO observatory.followed_feed AS f (peer) VALUES ($1)
    ON CONFLICT (peer) DO UPDATE SET asked_at = now()
 WHERE f.asked_at < now() - $2::interval
RETURNING cursor"""
"""No row while another instance has asked, or kept a page, within $2."""

ADVANCE: Final = """
UPDATE observatory.followed_feed
   SET cursor = $3, asked_at = now(), changes = changes + $4,
       current_at = CASE WHEN $5 THEN now() ELSE current_at END
 WHERE peer = $1 AND cursor IS NOT DISTINCT FROM $2
RETURNING peer"""
"""No row when another instance has kept this page meanwhile; $5: nothing is left after it."""

KEEP: Final = """
INSERT INTO observatory.followed_thing AS t
       (peer, entity, entity_id, version, measure, amount, cohort, programme)
SELECT $1, e.* FROM unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::text[],
                           $8::text[]) e
    ON CONFLICT (peer, entity, entity_id) DO UPDATE
   SET version = excluded.version, measure = excluded.measure, amount = excluded.amount,
       cohort = excluded.cohort, programme = excluded.programme
 WHERE t.version <= excluded.version"""

BEGIN_ANEW: Final = """
UPDATE observatory.followed_feed SET cursor = NULL, current_at = NULL, changes = 0
 WHERE peer = $1 AND cursor = $2
RETURNING peer"""
FORGET: Final = "DELETE FROM observatory.followed_thing WHERE peer = $1"
RESET: Final = """
UPDATE observatory.followed_feed SET cursor = NULL, current_at = NULL, changes = 0
RETURNING peer"""
"""Of all feeds; a page that is being kept meanwhile finds another cursor, and is dropped."""

FEEDS: Final = "SELECT peer, current_at, changes FROM observatory.followed_feed"
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
