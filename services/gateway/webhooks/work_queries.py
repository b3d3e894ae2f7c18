"""The statements by which webhooks are delivered; all of a webhook happens under its row's lock."""

from typing import Final

DUE: Final = """
SELECT w.id
  FROM gateway.webhook w JOIN gateway.client c USING (client_id)
 WHERE w.status = 'active' AND c.disabled_at IS NULL AND coalesce(c.expires_at > $1, true)
   AND coalesce(w.held_until <= $1, true)
   AND (w.due_at <= $1
        OR NOT w.is_full AND w.position < (SELECT max(position) FROM gateway.feed_entry))
 ORDER BY w.due_at
 LIMIT $2"""
"""$1 now."""

LOCK: Final = """
SELECT w.tenant, w.url, w.events, w.position, w.held_until, w.failing_since, w.secret,
       CASE WHEN w.second_secret_until > $2 THEN w.second_secret END AS second_secret, c.scopes,
       w.status = 'active' AND c.disabled_at IS NULL AND coalesce(c.expires_at > $2, true)
         AS is_active
  FROM gateway.webhook w JOIN gateway.client c USING (client_id)
 WHERE w.id = $1
   FOR NO KEY UPDATE OF w"""

RECORD: Final = """
UPDATE gateway.webhook_delivery d
   SET state = o.state, next_at = coalesce(o.next_at, d.next_at), leased_until = NULL,
       ended_at = CASE WHEN o.state <> 'pending' THEN $6::timestamptz END, log = d.log || o.attempt
  FROM unnest($1::bigint[], $2::int[], $3::text[], $4::timestamptz[], $5::jsonb[])
       AS o (id, attempts, state, next_at, attempt)
 WHERE d.id = o.id AND d.state = 'pending' AND (d.attempts = o.attempts OR o.state = 'delivered')"""
"""$1 to $5 the outcomes, $6 now. One that comes after its lease counts if it is an acceptance."""

WAITING: Final = """
SELECT count(*) FROM gateway.webhook_delivery WHERE webhook_id = $1 AND state = 'pending'"""

PLAN: Final = """
INSERT INTO gateway.webhook_delivery (webhook_id, position, event, type, subject, body, next_at)
SELECT $1::uuid, e.*, $7::timestamptz
  FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[])
       AS e (position, event, type, subject, body)
    ON CONFLICT (webhook_id, position) DO NOTHING"""

_HEADS: Final = """
WITH head AS (
  SELECT DISTINCT ON (subject) id, position, next_at, leased_until
    FROM gateway.webhook_delivery
   WHERE webhook_id = $1 AND state = 'pending'
   ORDER BY subject, position)"""
"""Of each subject the earliest event that is not yet over: no later one is sent before."""

CLAIM: Final = f"""
{_HEADS}
UPDATE gateway.webhook_delivery d
   SET leased_until = $2::timestamptz + $4, attempts = attempts + 1,
       begun_at = coalesce(begun_at, $2)
 WHERE id IN (
       SELECT id FROM head
        WHERE next_at <= $2 AND coalesce(leased_until <= $2, true)
        ORDER BY position NULLS FIRST
        LIMIT greatest(0, $3 - (SELECT count(*) FROM head WHERE leased_until > $2)))
RETURNING id, event, body, attempts, begun_at"""  # noqa: S608  # our own text
"""$1 webhook, $2 now, $3 how many may be under way at once in all gateways, $4 how long a lease."""

NEXT: Final = f"""
{_HEADS}
SELECT CASE WHEN count(*) FILTER (WHERE leased_until > $2) >= $3
            THEN min(leased_until) FILTER (WHERE leased_until > $2)
            ELSE min(greatest(next_at, leased_until)) END
  FROM head"""  # noqa: S608  # likewise

SETTLE: Final = """
UPDATE gateway.webhook
   SET position = $2, is_full = $3, due_at = $4, held_until = $5, failing_since = $6,
       accepted_at = coalesce($7, accepted_at)
 WHERE id = $1"""

DISABLE: Final = """
UPDATE gateway.webhook
   SET status = 'disabled', reason = $2, version = version + 1, changed_at = now()
 WHERE id = $1"""

BEHIND: Final = """
UPDATE gateway.webhook
   SET status = 'disabled', reason = 'behind', version = version + 1, changed_at = now()
 WHERE status = 'active' AND position < (SELECT max(forgotten) FROM gateway.feed)"""
"""The log no longer has what they would read next: better to say so than to skip it."""

FORGET: Final = """
DELETE FROM gateway.webhook_delivery
 WHERE state <> 'pending' AND ended_at < $1::timestamptz - interval '7 days'
   AND (state = 'delivered' OR ended_at < $1::timestamptz - interval '30 days')"""
