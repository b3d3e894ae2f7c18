"""The statements of the catalogue."""

from typing import Final

SHOWN: Final = """
SELECT f.number, n.release, n.ordinal, n.method, n.notes::text AS notes, n.series,
       o.published_at AS issued_at, greatest(n.published_at, n.withdrawn_at) AS modified_at,
       n.withdrawn_at IS NOT NULL AS is_withdrawn, a.first AS first_on, z.last AS last_on
  FROM unnest($1::smallint[]) WITH ORDINALITY AS f(number, place)
 CROSS JOIN LATERAL (
   SELECT r.id AS release, r.ordinal, r.published_at, r.withdrawn_at, r.method, r.notes,
          r.n_series AS series, r.first_period, r.last_period
     FROM observatory.release r
    WHERE r.flow = f.number AND r.published_at <= statement_timestamp()
    ORDER BY r.ordinal DESC LIMIT 1) n
  JOIN observatory.release o ON o.flow = f.number AND o.ordinal = 1
  LEFT JOIN observatory.period a ON a.number = n.first_period
  LEFT JOIN observatory.period z ON z.number = n.last_period
 ORDER BY f.place LIMIT $2
"""
"""The newest release that can be seen of each of these flows, in their order; a flow that has none
is not there."""

COUNT: Final = """
SELECT count(*) FROM unnest($1::smallint[]) AS f(number)
 WHERE EXISTS (SELECT FROM observatory.release r
                WHERE r.flow = f.number AND r.published_at <= statement_timestamp())
"""
