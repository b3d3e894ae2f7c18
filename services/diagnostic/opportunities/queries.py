"""The reads of public aids; none shows what is not published."""

LISTED = """
SELECT content::text AS content, version FROM diagnostic.opportunity
WHERE status = 'published' AND code > $1
    AND ($3::text IS NULL OR content ->> 'nature' = $3)
    AND ($4::boolean IS NULL OR (content -> 'is_call_for_projects')::boolean = $4)
    AND ($5::text IS NULL OR $5 = CASE
        WHEN opens_at >= $7 THEN 'upcoming' WHEN closes_at <= $6 THEN 'closed' ELSE 'open' END)
ORDER BY code LIMIT $2
"""
"""The aids after code $1, at most $2; $3 to $7: see `service.Chosen`."""

COUNTED = f"SELECT count(*) FROM ({LISTED}) found"  # noqa: S608  # a statement of ours
"""How many LISTED has with these parameters."""

ONE = """
SELECT content::text AS content, version, status FROM diagnostic.opportunity
WHERE code = $1 AND status <> 'draft'
"""

VERSIONS = """
SELECT v.version, v.content_hash, v.published_at FROM diagnostic.opportunity_version v
JOIN diagnostic.opportunity o ON o.id = v.opportunity_id
WHERE o.code = $1 AND v.version > $2 ORDER BY v.version LIMIT $3
"""

VERSION = """
SELECT v.content::text AS content, v.version, v.content_hash, v.published_at
FROM diagnostic.opportunity_version v
JOIN diagnostic.opportunity o ON o.id = v.opportunity_id
WHERE o.code = $1 AND v.version = $2
"""

VERSIONS_COUNTED = """
SELECT count(*) FROM diagnostic.opportunity_version v
JOIN diagnostic.opportunity o ON o.id = v.opportunity_id WHERE o.code = $1
"""

CITED = """
SELECT v.content::text AS content, v.version, o.status <> 'published' OR v.version < (
    SELECT max(p.version) FROM diagnostic.opportunity_version p WHERE p.opportunity_id = o.id
) AS updated
FROM jsonb_each_text($1::jsonb) c
JOIN diagnostic.opportunity o ON o.code = c.key
JOIN diagnostic.opportunity_version v ON v.opportunity_id = o.id AND v.version = c.value::int
"""
"""The versions $1 (by code), and whether the public has another one, or none, since."""
