"""The statements of the log of changes."""

from typing import Final

DAYS: Final = 30
"""How long the log keeps an entry."""

ASK: Final = """
INSERT INTO gateway.feed AS f (service) VALUES ($1)
    ON CONFLICT (service) DO UPDATE SET asked_at = now()
 WHERE f.asked_at < now() - $2::interval
RETURNING cursor, read_at"""
"""No row while another gateway has asked within $2."""

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('gateway.feed_entry'))"
"""Held until the commit, so that positions become visible in their order."""

ADVANCE: Final = """
UPDATE gateway.feed SET cursor = $3, read_at = now()
 WHERE service = $1 AND cursor IS NOT DISTINCT FROM $2
RETURNING service"""
"""No row when another gateway has read this page meanwhile."""

ADD: Final = """
INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)
SELECT $1, e.entity, e.entity_id, e.kind, e.version, e.at
  FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[])
       WITH ORDINALITY AS e (entity, entity_id, kind, version, at, number)
 ORDER BY e.number"""

LOSE: Final = "UPDATE gateway.feed SET cursor = NULL WHERE service = $1 AND cursor = $2"

LAST: Final = "SELECT coalesce(max(position), 0) FROM gateway.feed_entry"

AFTER: Final = """
SELECT position, service, entity, entity_id, kind, version, at
  FROM gateway.feed_entry
 WHERE position > $1
 ORDER BY position
 LIMIT $2"""

KNOWN: Final = """
SELECT (SELECT coalesce(max(forgotten), 0) FROM gateway.feed) AS forgotten,
       (SELECT coalesce(max(position), 0) FROM gateway.feed_entry) AS last"""
"""Everything after `forgotten` up to `last` can be read."""

FORGET: Final = f"""
WITH gone AS (
  DELETE FROM gateway.feed_entry WHERE read_at < $1::timestamptz - interval '{DAYS} days'
  RETURNING service, position)
UPDATE gateway.feed f SET forgotten = g.position
  FROM (SELECT service, max(position) AS position FROM gone GROUP BY service) g
 WHERE f.service = g.service AND f.forgotten < g.position"""  # noqa: S608  # our own number
