"""Named statements on the releases of the reference tables."""

RELEASES = """
SELECT r.ordinal, r.sha256, r.versions::text, r.released_at,
       (SELECT b.versions::text FROM observatory.reference_release b
         WHERE b.ordinal < r.ordinal ORDER BY b.ordinal DESC LIMIT 1) AS before
  FROM observatory.reference_release r
 WHERE r.ordinal > $1
 ORDER BY r.ordinal
 LIMIT $2
"""
RELEASE_COUNT = "SELECT count(*) FROM observatory.reference_release"

CONTENT = """
SELECT r.sha256 AS release, v.name, v.version, v.sha256, v.rows, v.source::text, v.content
  FROM observatory.reference_release r
 CROSS JOIN LATERAL jsonb_each_text(r.versions) AS part(name, version)
  JOIN observatory.dataset_version v
    ON v.name = part.name AND v.version = part.version::int
 WHERE r.ordinal = $1
"""
"""Every dataset of a release as it was; no row when there is no such release."""
