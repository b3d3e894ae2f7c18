"""The statements of evidence; only the last reads a file."""

from diagnostic.assessments.access import readable

ROOM = """
SELECT a.status, a.version_id, count(e.id) AS pieces, coalesce(sum(e.size), 0)::bigint AS total,
    $3::uuid IS NULL OR EXISTS (
        SELECT FROM diagnostic.roadmap_action n JOIN diagnostic.roadmap r ON r.id = n.roadmap_id
        WHERE n.id = $3 AND r.assessment_id = a.id AND r.assessment_revision = a.revision
    ) AS has_action
FROM diagnostic.assessment a
LEFT JOIN diagnostic.evidence e ON e.assessment_id = a.id
WHERE a.id = $1 AND a.tenant = $2
GROUP BY a.id
"""
"""What a diagnostic already holds, and whether its present roadmap has the action $3, which may be
null; $1: id, $2: tenant."""

WORKED_ON = """
UPDATE diagnostic.roadmap_action SET changed_at = now(), version = version + 1 WHERE id = :action
"""
"""A proof is work on its action, which so is not stalled."""

FIND = f"""
SELECT e.* FROM diagnostic.evidence e
JOIN diagnostic.assessment a ON a.id = e.assessment_id
WHERE e.id = :id AND {readable(":tenant", ":facilitator")}
"""  # noqa: S608  # a rule of ours
"""A piece of evidence of a diagnostic that the caller may see, as `access` says."""

SEEN = f"""
SELECT a.id FROM diagnostic.assessment a
WHERE a.id = :id AND {readable(":tenant", ":facilitator")}
"""  # noqa: S608  # likewise

IN_USE = """
SELECT EXISTS (
    SELECT FROM diagnostic.answer n
    WHERE n.assessment_id = :assessment AND n.value = to_jsonb(CAST(:id AS text))
) OR EXISTS (
    SELECT FROM diagnostic.respondent r
    JOIN diagnostic.respondent_answer o ON o.respondent_id = r.id
    WHERE r.assessment_id = :assessment AND o.value = to_jsonb(CAST(:id AS text))
)
"""
"""Whether an answer of the diagnostic, or of a respondent, is this piece of evidence."""

DROP_FILE = """
DELETE FROM diagnostic.evidence_file f
WHERE f.assessment_id = :assessment AND f.sha256 = :sha256 AND NOT EXISTS (
    SELECT FROM diagnostic.evidence e
    WHERE e.assessment_id = f.assessment_id AND e.sha256 = f.sha256)
"""
"""Forgets the bytes that no evidence of a locked diagnostic is any longer."""

SLICE = """
SELECT substring(f.content FROM $3 FOR $4) FROM diagnostic.evidence_file f
WHERE f.assessment_id = $1 AND f.sha256 = $2
"""
"""A piece of a file; stored uncompressed, so PostgreSQL reads only its pages."""
