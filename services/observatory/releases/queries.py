"""Named statements on releases."""

from observatory.observations.queries import MASK_REVISION

_PROTECTED = """
EXISTS (SELECT FROM observatory.artefact e
         WHERE e.kind = 'dataflow' AND e.agency = f.agency AND e.id = f.id
           AND split_part(e.version, '.', 1)::int = f.major
           AND jsonb_typeof(e.content -> 'protection') = 'object')"""
_DOCUMENT = (
    """
SELECT r.id, r.flow, r.ordinal, r.state, r.tenant, r.published_at, r.method, r.withdrawn_at,
       r.published_at <= statement_timestamp() AS is_public,
       coalesce(r.published_at, r.created_at) AS place,
       f.agency, f.id AS dataflow,
       json_build_object(
         'id', r.id, 'dataflow', f.id, 'agency', f.agency, 'ordinal', r.ordinal,
         'state', CASE WHEN r.state <> 'published' THEN r.state
                       WHEN r.published_at > statement_timestamp() THEN 'embargoed'
                       WHEN r.withdrawn_at IS NOT NULL THEN 'withdrawn'
                       WHEN EXISTS (SELECT FROM observatory.release l
                                     WHERE l.flow = r.flow AND l.ordinal > r.ordinal
                                       AND l.published_at <= statement_timestamp())
                       THEN 'superseded'
                       ELSE 'published' END,
         'published_at', to_json(r.published_at AT TIME ZONE 'UTC') #>> '{}' || 'Z',
         'withdrawn_at', to_json(r.withdrawn_at AT TIME ZONE 'UTC') #>> '{}' || 'Z',
         'created_at', to_json(r.created_at AT TIME ZONE 'UTC') #>> '{}' || 'Z',
         'notes', r.notes, 'reason', r.reason, 'outcome', r.outcome, 'method', r.method,
         'formula', r.formula, 'source', r.source, 'origins', r.origins,
         'structure', r.structure,
         'sha256', CASE WHEN NOT k.is_protected THEN r.file_sha256 END, 'rows', r.file_rows,
         'diff', CASE WHEN k.is_protected THEN r.diff || '{"max_delta": null}' ELSE r.diff END,
         'observations', r.n_obs, 'series', r.n_series,
         'first_period', a.text, 'last_period', z.text,
         'bulk', CASE WHEN r.published_at <= statement_timestamp()
                      THEN 'releases/' || r.id || '/data.parquet' END)::text AS item
  FROM observatory.release r
  JOIN observatory.flow f ON f.number = r.flow
  LEFT JOIN observatory.period a ON a.number = r.first_period
  LEFT JOIN observatory.period z ON z.number = r.last_period
  CROSS JOIN LATERAL (SELECT """  # noqa: S608  # our own expression
    + _PROTECTED
    + """ AS is_protected) k
"""
)
"""A release as it is told; of a protected flow nothing on which guesses of a hidden cell, also of
one that is hidden later, could be tried."""

ONE = _DOCUMENT + " WHERE r.id = $1"
OF_FLOW = _DOCUMENT + " WHERE r.flow = $1 AND r.ordinal = $2"
SEVERAL = (
    _DOCUMENT + " JOIN unnest($1::int[], $2::int[]) g (flow, ordinal)"
    " ON g.flow = r.flow AND g.ordinal = r.ordinal"
)
LOCKED = ONE + " FOR UPDATE OF r"
PUBLISHED = (
    _DOCUMENT
    + """
 WHERE r.published_at <= statement_timestamp() AND ($1::text IS NULL OR f.id = $1)
   AND ($2::timestamptz IS NULL OR (r.published_at, r.id) < ($2, $3::uuid))
 ORDER BY r.published_at DESC, r.id DESC LIMIT $4
"""
)
PUBLISHED_COUNT = """
SELECT count(*) FROM observatory.release r JOIN observatory.flow f ON f.number = r.flow
 WHERE r.published_at <= statement_timestamp() AND ($1::text IS NULL OR f.id = $1)
"""
PENDING = (
    _DOCUMENT
    + """
 WHERE r.tenant = $1 AND (r.published_at IS NULL OR r.published_at > statement_timestamp())
   AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2, $3::uuid))
 ORDER BY r.created_at DESC, r.id DESC LIMIT $4
"""
)
PENDING_COUNT = """
SELECT count(*) FROM observatory.release
 WHERE tenant = $1 AND (published_at IS NULL OR published_at > statement_timestamp())
"""

ALONE = "SELECT pg_advisory_xact_lock(hashtext('observatory flow'), $1)"
"""One release of a flow is worked on at a time."""

EASE = "SELECT set_config('work_mem', '256MB', true), set_config('jit', 'off', true)"
"""For the one load that runs at a time."""

GATHER = "SELECT observatory.gather_statistics($1)"
"""Without statistics the planner takes a flow of millions for an empty one, until autovacuum."""

DRAFT = """
INSERT INTO observatory.release
  (flow, tenant, client, structure, notes, reason, method, source, formula, origins)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9::text::jsonb, $10::text::jsonb)
RETURNING id
"""
DEED = """
INSERT INTO observatory.release_deed (release, deed, client, subject) VALUES ($1, $2, $3, $4)
"""
PROTECTED = (
    "SELECT EXISTS (SELECT FROM observatory.flow f WHERE f.number = $1 AND " + _PROTECTED + ")"  # noqa: S608  # likewise
)
JUDGED = """
SELECT deed FROM observatory.release_deed
 WHERE release = $1 AND deed IN ('loaded', 'cleared', 'refused') ORDER BY seq DESC LIMIT 1
"""
LAST = """
SELECT id, ordinal, published_at, published_at <= statement_timestamp() AS is_public
  FROM observatory.release WHERE flow = $1 AND ordinal IS NOT NULL AND id <> $2
 ORDER BY ordinal DESC LIMIT 1
"""
SAME_METHOD = """
SELECT coalesce(array_agg(ordinal), '{}') FROM observatory.release
 WHERE flow = $1 AND ordinal < $2 AND method = $3
"""
LOADED = """
UPDATE observatory.release
   SET ordinal = $2, state = 'validated', structure = $3, file_sha256 = $4, file_rows = $5,
       diff = $6::text::jsonb, n_obs = $7, n_series = $8, first_period = $9, last_period = $10,
       present = $11::text::jsonb
 WHERE id = $1
"""
UNCHANGED = """
UPDATE observatory.release
   SET ordinal = NULL, state = 'draft', published_at = NULL, file_sha256 = $2, file_rows = $3,
       diff = $4::text::jsonb, n_obs = NULL, n_series = NULL, first_period = NULL,
       last_period = NULL, present = NULL
 WHERE id = $1
"""
PUBLISH = """
UPDATE observatory.release
   SET state = 'published', published_at = coalesce($2, clock_timestamp())
 WHERE id = $1 RETURNING published_at
"""
REJECT = """
UPDATE observatory.release
   SET state = 'rejected', ordinal = NULL, published_at = NULL, outcome = $2::text::jsonb
 WHERE id = $1
"""
WITHDRAW = """
UPDATE observatory.release SET withdrawn_at = now(), outcome = $2::text::jsonb WHERE id = $1
"""
ANNOUNCE = """
UPDATE observatory.release r SET announced_at = now()
  FROM observatory.flow f
 WHERE f.number = r.flow AND r.state = 'published' AND r.announced_at IS NULL
   AND r.published_at <= statement_timestamp()
RETURNING r.flow, f.agency, f.id AS dataflow, r.ordinal, r.published_at, r.reason,
          r.diff::text AS diff
"""
FORGET_HIDDEN = f"""
DELETE FROM observatory.bulk_file b
 WHERE b.flow = ANY($1::smallint[]) AND b.mask_revision <> {MASK_REVISION.format(flow="b.flow")}
"""  # noqa: S608  # our own expression
"""Forgets the files that were made before some cell was hidden."""

FORGET_WITHDRAWN = "DELETE FROM observatory.bulk_file WHERE flow = $1 AND ordinal >= $2"
"""Forgets the files that may show the values of a withdrawn release."""
