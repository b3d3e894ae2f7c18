"""The roadmap of a diagnostic as it is kept."""

ROADMAP = """
SELECT jsonb_pretty(jsonb_build_object('made_at', r.created_at, 'score', r.score, 'actions', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('position', n.position, 'code', n.recommendation,
        'title', CASE WHEN n.title IS NULL THEN n.content -> 'title'
            ELSE jsonb_build_object('fr', n.title) END, 'why', n.content -> 'why',
        'how', n.content -> 'how', 'effort', n.content -> 'effort',
        'impact', n.content -> 'impact', 'gain', n.content -> 'gain',
        'quadrant', n.content -> 'quadrant', 'horizon_months', n.content -> 'horizon_months',
        'prerequisites', n.content -> 'prerequisites', 'status', n.status,
        'progress', n.progress, 'starts_on', n.starts_on, 'due_on', n.due_on)
        ORDER BY n.position), '[]')
    FROM diagnostic.roadmap_action n WHERE n.roadmap_id = r.id)))
FROM diagnostic.roadmap r
JOIN diagnostic.assessment a ON a.id = r.assessment_id AND a.revision = r.assessment_revision
WHERE r.assessment_id = $1
"""
"""With its actions as they stand, without notes, reasons and owners; $1: diagnostic.

A title of the company's own is in the language they wrote it in, which is taken for French.
"""
