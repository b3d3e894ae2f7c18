"""Named statements on announcements."""

from typing import Final

from platformkit.paris import day_in_sql

_INSTANT = "to_json({} AT TIME ZONE 'UTC') #>> '{{}}' || 'Z'"

_DOCUMENT: Final = f"""
SELECT a.id, a.tenant, a.flow, a.ordinal, a.scheduled_at, a.version, a.cancelled_at,
       f.id AS dataflow, r.published_at, d.recorded_at, d.dates::text AS dates,
       a.title::text AS title, a.period,
       json_build_object(
         'id', a.id, 'dataflow', f.id, 'agency', f.agency, 'ordinal', a.ordinal,
         'title', a.title, 'period', a.period,
         'state', CASE WHEN a.cancelled_at IS NOT NULL THEN 'cancelled'
                       WHEN r.published_at IS NOT NULL THEN 'published'
                       WHEN a.scheduled_at < statement_timestamp() THEN 'late'
                       ELSE 'announced' END,
         'scheduled_at', {_INSTANT.format("a.scheduled_at")},
         'published_at', {_INSTANT.format("r.published_at")},
         'punctuality', CASE WHEN r.published_at IS NOT NULL THEN json_build_object(
            'days', {day_in_sql("r.published_at")} - {day_in_sql("a.scheduled_at")},
            'days_from_first', {day_in_sql("r.published_at")} - {day_in_sql("d.first_at")}) END,
         'dates', d.dates, 'version', a.version)::text AS item
  FROM observatory.announcement a
  JOIN observatory.flow f ON f.number = a.flow
  LEFT JOIN observatory.release r
    ON r.flow = a.flow AND r.ordinal = a.ordinal AND a.cancelled_at IS NULL
   AND r.published_at <= statement_timestamp()
 CROSS JOIN LATERAL (
   SELECT json_agg(json_build_object(
            'scheduled_at', {_INSTANT.format("d.scheduled_at")}, 'reason', d.reason,
            'recorded_at', {_INSTANT.format("d.recorded_at")}) ORDER BY d.seq) AS dates,
          (array_agg(d.scheduled_at ORDER BY d.seq))[1] AS first_at,
          max(d.recorded_at) AS recorded_at
     FROM observatory.announced_date d WHERE d.announcement = a.id) d
"""  # noqa: S608  # our own pieces
ONE: Final = _DOCUMENT + " WHERE a.id = $1"
LOCK: Final = "SELECT FROM observatory.announcement WHERE id = $1 FOR UPDATE"
_ASKED: Final = """
 WHERE ($1::text IS NULL OR f.id = $1)
   AND ($2::timestamptz IS NULL OR a.scheduled_at >= $2)
   AND ($3::timestamptz IS NULL OR a.scheduled_at <= $3)
"""
LIST: Final = (
    _DOCUMENT
    + _ASKED
    + """
   AND ($4::timestamptz IS NULL OR (a.scheduled_at, a.id) > ($4, $5::uuid))
 ORDER BY a.scheduled_at, a.id LIMIT $6
"""
)
COUNT: Final = (
    """
SELECT count(*) FROM observatory.announcement a JOIN observatory.flow f ON f.number = a.flow
"""
    + _ASKED
)
RECENT: Final = (
    _DOCUMENT
    + """
 WHERE ($1::text IS NULL OR f.id = $1)
   AND a.scheduled_at >= statement_timestamp() - $2::text::interval
 ORDER BY a.scheduled_at, a.id LIMIT $3
"""
)
ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('observatory calendar'), $1)"
"""One announcement of a flow is made at a time: ordinals have no gap."""

NEXT: Final = """
SELECT 1 + greatest(
  (SELECT coalesce(max(ordinal), 0) FROM observatory.release
    WHERE flow = $1 AND published_at <= statement_timestamp()),
  (SELECT coalesce(max(ordinal), 0) FROM observatory.announcement
    WHERE flow = $1 AND cancelled_at IS NULL))
"""
"""Ordinal of the next release that nobody has announced; it tells nothing of one that waits."""

MADE: Final = """
INSERT INTO observatory.announcement (flow, ordinal, tenant, title, period, scheduled_at)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6) RETURNING id
"""
DATED: Final = """
INSERT INTO observatory.announced_date (announcement, scheduled_at, reason, client, subject)
VALUES ($1, $2, $3::text::jsonb, $4, $5)
"""
MOVED: Final = """
UPDATE observatory.announcement SET scheduled_at = $2, version = version + 1 WHERE id = $1
"""
CANCELLED: Final = """
UPDATE observatory.announcement SET cancelled_at = now(), version = version + 1 WHERE id = $1
"""
PROMISED: Final = """
SELECT scheduled_at FROM observatory.announcement
 WHERE flow = $1 AND ordinal = $2 AND cancelled_at IS NULL
   AND scheduled_at > coalesce($3::timestamptz, clock_timestamp())
"""
"""The announced instant of a release, where it is after the one given, or now."""
