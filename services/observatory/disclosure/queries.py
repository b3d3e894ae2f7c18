"""Named statements of disclosure control; those on `confidential` run under its own role only."""

from typing import Final

RELEASE: Final = """
SELECT r.id, r.flow, r.ordinal, r.state, r.published_at <= statement_timestamp() AS is_public,
       f.agency, f.id AS dataflow
  FROM observatory.release r JOIN observatory.flow f ON f.number = r.flow
 WHERE r.id = $1
"""
CHANGED_PERIODS: Final = """
SELECT DISTINCT p.text
  FROM observatory.obs o JOIN observatory.period p ON p.number = o.period_id
 WHERE o.flow = $1 AND (o.rel_from = $2 OR o.rel_to = $2)
"""
PERIODS: Final = """
SELECT DISTINCT p.text
  FROM observatory.obs o JOIN observatory.period p ON p.number = o.period_id
 WHERE o.flow = $1 AND o.rel_from <= $2
"""
VERSIONS: Final = """
SELECT array_remove(ARRAY[s.d1, s.d2, s.d3, s.d4, s.d5, s.d6, s.d7, s.d8], '') AS codes,
       p.text AS period, o.value, o.rel_from, o.rel_to
  FROM observatory.obs o
  JOIN observatory.series s ON s.flow = o.flow AND s.series_id = o.series_id
  JOIN observatory.period p ON p.number = o.period_id
 WHERE o.flow = $1 AND o.rel_from <= $2 AND NOT o.deleted AND p.text = ANY($3::text[])
"""
SERIES: Final = """
SELECT series_id, array_remove(ARRAY[d1, d2, d3, d4, d5, d6, d7, d8], '') AS codes
  FROM observatory.series WHERE flow = $1
"""
PERIOD_NUMBERS: Final = "SELECT text, number FROM observatory.period WHERE text = ANY($1::text[])"
HIDDEN: Final = """
SELECT array_remove(ARRAY[s.d1, s.d2, s.d3, s.d4, s.d5, s.d6, s.d7, s.d8], '') AS codes,
       p.text AS period
  FROM observatory.suppression m
  JOIN observatory.series s ON s.flow = m.flow AND s.series_id = m.series_id
  JOIN observatory.period p ON p.number = m.period_id
 WHERE m.flow = $1
"""
FORGET_MASK: Final = """
DELETE FROM observatory.suppression m
 WHERE m.flow = $1 AND m.since >= $2
   AND NOT EXISTS (SELECT FROM observatory.release r
                    WHERE r.flow = m.flow AND r.ordinal = m.since
                      AND r.published_at <= statement_timestamp())
"""
HIDE: Final = """
INSERT INTO observatory.suppression (series_id, period_id, flow, conf, since)
SELECT series, period, $3, $4, $5 FROM unnest($1::int[], $2::int[]) AS h (series, period)
ON CONFLICT (series_id, period_id) DO NOTHING
"""
RUN: Final = """
INSERT INTO observatory.disclosure_run
       (release, flow, since, state, policy, source, newly_hidden, counts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb) RETURNING number
"""

FORGET_CONTRIBUTIONS: Final = "DELETE FROM confidential.contribution WHERE release = $1"
CONTRIBUTIONS: Final = """
SELECT r.ordinal, c.period, c.codes, c.unit, c.amount, c.weight
  FROM confidential.contribution c JOIN observatory.release r ON r.id = c.release
 WHERE r.flow = $1 AND r.ordinal <= $2 AND c.period = ANY($3::text[])
"""

_DOCUMENT: Final = """
SELECT d.number,
       json_build_object('number', d.number, 'release', d.release, 'dataflow', f.id,
                         'ordinal', d.since,
                         'at', to_json(d.at AT TIME ZONE 'UTC') #>> '{}' || 'Z',
                         'state', d.state, 'policy', d.policy, 'source', d.source,
                         'newly_hidden', d.newly_hidden, 'counts', d.counts)::text AS item
  FROM observatory.disclosure_run d
  JOIN observatory.release r ON r.id = d.release
  JOIN observatory.flow f ON f.number = d.flow
"""
RUNS: Final = (
    _DOCUMENT
    + """
 WHERE r.tenant = $1 AND ($2::uuid IS NULL OR r.id = $2) AND ($3::bigint IS NULL OR d.number < $3)
 ORDER BY d.number DESC LIMIT $4
"""
)
RUNS_COUNT: Final = """
SELECT count(*) FROM observatory.disclosure_run d
  JOIN observatory.release r ON r.id = d.release
 WHERE r.tenant = $1 AND ($2::uuid IS NULL OR r.id = $2)
"""
