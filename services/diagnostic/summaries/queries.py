"""What a company's overview needs of this service, in one statement."""

from diagnostic.roadmaps.figures import progress

SUMMARY = f"""
SELECT json_build_object(
    'organisation', json_build_object(
        'id', o.id, 'name', o.name, 'siren', o.siren, 'naf_code', o.naf_code,
        'size_band', o.size_band, 'headcount', o.headcount, 'postcode', o.postcode,
        'region_code', o.region_code),
    'assessment', (
        SELECT json_build_object(
            'id', a.id, 'questionnaire', q.code, 'version', v.version, 'milestone', a.milestone,
            'status', a.status, 'started_at', a.started_at, 'submitted_at', a.submitted_at,
            'score', s.result -> 'score', 'complete', s.result -> 'complete',
            'level', (
                SELECT json_build_object('code', l -> 'code',
                    'title', coalesce(l -> 'title' ->> $3, l -> 'title' ->> 'fr'))
                FROM jsonb_array_elements(v.content -> 'profile' -> 'levels') l
                WHERE l -> 'code' = s.result -> 'level'),
            'dimensions', (
                SELECT coalesce(json_agg(json_build_object('code', d -> 'code',
                    'title', coalesce(t -> 'title' ->> $3, t -> 'title' ->> 'fr'),
                    'score', d -> 'score', 'level', d -> 'level') ORDER BY n), '[]')
                FROM jsonb_array_elements(s.result -> 'dimensions') WITH ORDINALITY AS f(d, n)
                JOIN jsonb_array_elements(v.content -> 'dimensions') t
                    ON t -> 'code' = d -> 'code'),
            'progress', (
                SELECT {progress("r.id", "$4::date")} FROM diagnostic.roadmap r
                WHERE r.assessment_id = a.id
                    AND r.assessment_revision = s.assessment_revision),
            'actions', (
                SELECT coalesce(json_agg(json_build_object('position', c.position,
                    'code', c.recommendation, 'status', c.status,
                    'title', coalesce(c.title, c.content -> 'title' ->> $3,
                        c.content -> 'title' ->> 'fr'),
                    'effort', c.content -> 'effort', 'impact', c.content -> 'impact',
                    'gain', c.content -> 'gain', 'quadrant', c.content -> 'quadrant',
                    'certifications', (
                        SELECT coalesce(json_agg(e -> 'number'), '[]')
                        FROM jsonb_array_elements(c.content -> 'certifications') e),
                    'funding', c.content -> 'funding_refs') ORDER BY c.position), '[]')
                FROM diagnostic.roadmap r
                JOIN diagnostic.roadmap_action c ON c.roadmap_id = r.id AND c.position <= 5
                WHERE r.assessment_id = a.id
                    AND r.assessment_revision = s.assessment_revision))
        FROM diagnostic.assessment a
        JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
        JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
        LEFT JOIN LATERAL (
            SELECT z.result, z.assessment_revision FROM diagnostic.score z
            WHERE z.assessment_id = a.id ORDER BY z.assessment_revision DESC LIMIT 1) s ON true
        WHERE a.organisation_id = o.id AND a.status NOT IN ('abandoned', 'entered_in_error')
        ORDER BY a.submitted_at DESC NULLS LAST, a.started_at DESC LIMIT 1),
    'seat', (
        SELECT json_build_object(
            'enrolment_id', e.id, 'cohort_id', k.id, 'cohort', k.code, 'title', k.title,
            'facilitator', k.facilitator, 'status', e.status, 'seat_no', e.seat_no,
            'rank', e.rank, 'starts_on', k.starts_on, 'ends_on', k.ends_on)
        FROM diagnostic.enrolment e
        JOIN diagnostic.cohort k ON k.id = e.cohort_id
        WHERE e.organisation_id = o.id AND e.status <> 'cancelled' AND k.status <> 'cancelled'
        ORDER BY e.status, k.starts_on DESC LIMIT 1),
    'as_of', now())::text
FROM diagnostic.organisation o
WHERE o.id = $1 AND o.tenant = $2
"""  # noqa: S608  # pieces of ours
"""$1: company, $2: tenant, $3: language, $4: the day in Paris; an amended diagnostic shows its
last frozen score."""
