"""Statements of roll-ups."""

from typing import Final

_SHOWN: Final = """
SELECT r.id, r.tenant, r.version, r.dataflow, r.source, r.dimension, r.area, r.method,
       r.method_version, r.errors, r.least_coverage, r.silent_after_hours, r.parts::text AS parts,
       (to_jsonb(r) - '{tenant,updated_at}'::text[])::text AS item
  FROM observatory.rollup r"""
PAGE: Final = f"{_SHOWN} WHERE $1::text IS NULL OR r.id > $1 ORDER BY r.id LIMIT $2"
COUNT: Final = "SELECT count(*) FROM observatory.rollup"
ONE: Final = f"{_SHOWN} WHERE r.id = $1"
HOLD: Final = f"{_SHOWN} WHERE r.id = $1 FOR NO KEY UPDATE"
ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('observatory.rollup'))"
WRITE: Final = """
INSERT INTO observatory.rollup AS r
       (id, tenant, name, dataflow, source, dimension, area, method, method_version, errors,
        least_coverage, silent_after_hours, parts)
SELECT $1, $2, g.name, g.dataflow, g.source, g.dimension, g.area, g.method, g.method_version,
       g.errors, g.least_coverage, g.silent_after_hours, g.parts
  FROM jsonb_populate_record(NULL::observatory.rollup, $3::text::jsonb) g
    ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, dataflow = excluded.dataflow, source = excluded.source,
       dimension = excluded.dimension, area = excluded.area, method = excluded.method,
       method_version = excluded.method_version, errors = excluded.errors,
       least_coverage = excluded.least_coverage,
       silent_after_hours = excluded.silent_after_hours, parts = excluded.parts,
       version = r.version + 1, updated_at = now()
RETURNING version"""

DROP_SOURCES: Final = """
DELETE FROM observatory.rollup_source s
 WHERE s.rollup = $1 AND ($4 OR NOT EXISTS (
       SELECT FROM unnest($2::text[], $3::text[]) p (area, agency)
        WHERE p.area = s.area AND p.agency = s.agency))"""
ADD_SOURCES: Final = """
INSERT INTO observatory.rollup_source (rollup, area, agency)
SELECT $1, p.* FROM unnest($2::text[], $3::text[]) p
    ON CONFLICT (rollup, area) DO NOTHING"""
DROP_FIGURES: Final = """
DELETE FROM observatory.rollup_figure f
 WHERE f.rollup = $1 AND NOT EXISTS (
       SELECT FROM observatory.rollup_source s
        WHERE s.rollup = $1 AND s.area = f.area AND s.round > 0)"""

SOURCES: Final = "SELECT * FROM observatory.rollup_source WHERE rollup = ANY($1)"
DUE: Final = """
SELECT rollup, area FROM observatory.rollup_source
 WHERE asked_at < now() - $1::interval ORDER BY asked_at LIMIT 100"""
CLAIM: Final = """
UPDATE observatory.rollup_source SET asked_at = now()
 WHERE rollup = $1 AND area = $2 AND asked_at < now() - $3::interval
RETURNING *"""
"""No row while another instance has asked, or kept a page, within $3."""
ASK: Final = """
UPDATE observatory.rollup_source SET asked_at = '-infinity' WHERE rollup = $1 RETURNING area"""

BEGIN: Final = """
UPDATE observatory.rollup_source
   SET round = round + 1, as_of = $4, is_whole = $5, etag = $6, place = 0, asked_at = now(),
       failure = NULL
 WHERE rollup = $1 AND area = $2 AND round = $3 AND as_of IS NULL
RETURNING *"""
ADVANCE: Final = """
UPDATE observatory.rollup_source
   SET place = place + $5, asked_at = now(), failure = NULL, is_refused = is_refused AND NOT $6,
       since = CASE WHEN $6 THEN as_of ELSE since END,
       current_at = CASE WHEN $6 THEN now() ELSE current_at END,
       whole_at = CASE WHEN $6 AND is_whole THEN now() ELSE whole_at END,
       as_of = CASE WHEN $6 THEN NULL ELSE as_of END
 WHERE rollup = $1 AND area = $2 AND round = $3 AND place = $4 AND as_of IS NOT NULL
RETURNING *"""
"""No row when another instance has kept this page meanwhile; $6: nothing is left after it."""
SAME: Final = """
UPDATE observatory.rollup_source SET current_at = now(), failure = NULL
 WHERE rollup = $1 AND area = $2 AND round = $3 AND as_of IS NULL"""
ROUND: Final = "SELECT round FROM observatory.rollup_source WHERE rollup = $1 AND area = $2"
FAIL: Final = """
UPDATE observatory.rollup_source
   SET failure = $4, is_refused = is_refused OR $5,
       current_at = CASE WHEN $6 AND as_of IS NOT NULL AND place > 0 THEN NULL ELSE current_at END,
       as_of = CASE WHEN $5 OR $6 THEN NULL ELSE as_of END,
       since = CASE WHEN $5 OR $6 THEN NULL ELSE since END,
       etag = CASE WHEN $5 OR $6 THEN NULL ELSE etag END
 WHERE rollup = $1 AND area = $2 AND round = $3"""
"""What was refused, or is of a vintage that the node has no longer ($6), is read from the
beginning when it is asked again."""
ANSWERED: Final = """
UPDATE observatory.node SET answered = $2 WHERE agency = $1 AND answered IS DISTINCT FROM $2"""

KEEP: Final = """
INSERT INTO observatory.rollup_figure AS f
       (rollup, area, round, key, period, numerator, denominator, se, hidden)
SELECT $1, $2, $3, g.*
  FROM unnest($4::text[], $5::text[], $6::float8[], $7::float8[], $8::float4[], $9::bool[]) g
    ON CONFLICT (rollup, key, period, area) DO UPDATE
   SET round = excluded.round, numerator = excluded.numerator,
       denominator = excluded.denominator, se = excluded.se, hidden = excluded.hidden"""
LOSE: Final = """
DELETE FROM observatory.rollup_figure f
 USING unnest($3::text[], $4::text[]) g (key, period)
 WHERE f.rollup = $1 AND f.area = $2 AND f.key = g.key AND f.period = g.period"""
LOSE_OLD: Final = """
DELETE FROM observatory.rollup_figure WHERE rollup = $1 AND area = $2 AND round <> $3"""

CELLS: Final = """
SELECT f.key, f.period, sum(f.numerator) FILTER (WHERE f.counts) AS numerator,
       sum(f.denominator) FILTER (WHERE f.counts) AS denominator,
       sum((f.denominator * f.se) ^ 2) FILTER (WHERE f.counts) AS squares,
       sum(f.denominator * f.se) FILTER (WHERE f.counts) AS linear,
       coalesce(bool_or(f.se IS NULL) FILTER (WHERE f.counts), false) AS is_untold,
       count(*) FILTER (WHERE f.hidden) AS hidden,
       coalesce(sum(f.weight) FILTER (WHERE f.counts), 0) AS weight
  FROM (SELECT f.*, w.weight, NOT f.hidden AND w.area IS NOT NULL AS counts
          FROM observatory.rollup_figure f
          LEFT JOIN unnest($2::text[], $3::float8[]) w (area, weight) ON w.area = f.area
         WHERE f.rollup = $1
         ORDER BY f.key, f.period, f.area) f
 GROUP BY f.key, f.period"""
"""Sums of `formulas.pooling`, cell by cell, in one order of areas: equal figures, equal sums."""

PLACES: Final = """
SELECT DISTINCT key, period FROM observatory.rollup_figure
 WHERE rollup = $1 AND (key, period) > ($2, $3)
 ORDER BY key, period LIMIT $4"""
PLACES_COUNT: Final = """
SELECT count(*) FROM (SELECT DISTINCT key, period FROM observatory.rollup_figure
                       WHERE rollup = $1) c"""
FIGURES: Final = """
SELECT f.key, f.period, f.area, f.numerator, f.denominator, f.se, f.hidden
  FROM observatory.rollup_figure f
  JOIN unnest($2::text[], $3::text[]) g (key, period) USING (key, period)
 WHERE f.rollup = $1
 ORDER BY f.key, f.period, f.area"""

HIDE: Final = "SELECT observatory.hide_with_release($1)"
RUN: Final = """
INSERT INTO observatory.rollup_run (rollup, release, client, coverage, counts, definition, sources)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7::text::jsonb)
RETURNING number"""
_RUN: Final = """
SELECT number, rollup, release, at, coverage, counts::text AS counts,
       definition::text AS definition, sources::text AS sources
  FROM observatory.rollup_run"""
RUNS: Final = f"""{_RUN}
 WHERE rollup = $1 AND ($2::bigint IS NULL OR number < $2)
 ORDER BY number DESC LIMIT $3"""
RUNS_COUNT: Final = "SELECT count(*) FROM observatory.rollup_run WHERE rollup = $1"
ONE_RUN: Final = f"{_RUN} WHERE number = $1"
