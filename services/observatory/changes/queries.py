"""Named statements on the releases of the reference tables."""

RELEASES = """
SELECT ordinal, sha256, versions::text, released_at FROM observatory.reference_release
 ORDER BY ordinal
"""

CONTENT = """
SELECT r.sha256 AS release, v.name, v.version, v.sha256, v.rows, v.source::text, v.content
  FROM observatory.reference_release r
 CROSS JOIN LATERAL jsonb_each_text(r.versions) AS part(name, version)
  JOIN observatory.dataset_version v
    ON v.name = part.name AND v.version = part.version::int
 WHERE r.ordinal = $1
"""
"""Every dataset of a release as it was; no row when there is no such release."""
