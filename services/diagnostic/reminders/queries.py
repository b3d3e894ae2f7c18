"""The statements of reminders: one finds and keeps what is to be told, the others read it."""

from diagnostic.assessments.models import SCORED
from diagnostic.reminders.stages import LATE_DAYS, SOON_DAYS, STALLED_DAYS
from diagnostic.roadmaps.figures import among
from diagnostic.roadmaps.lifecycle import RUNNING
from platformkit.paris import day_in_sql

_SCORED = ", ".join(f"'{one}'" for one in sorted(SCORED))
_CHANGED_ON = day_in_sql("n.changed_at")
_ACTED_ON = f"{among(RUNNING)} AND a.status IN ({_SCORED}) AND a.revision = r.assessment_revision"

REMIND = f"""
WITH told AS (
    SELECT n.id, r.tenant, x.stage, x.about_on
    FROM diagnostic.roadmap_action n
    JOIN diagnostic.roadmap r ON r.id = n.roadmap_id
    JOIN diagnostic.assessment a ON a.id = r.assessment_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN n.due_on + {LATE_DAYS} <= $1 THEN 'late'
            WHEN n.due_on <= $1 THEN 'due' ELSE 'due_soon' END AS stage, n.due_on AS about_on
        WHERE n.due_on - {SOON_DAYS} <= $1
        UNION ALL
        SELECT 'stalled', {_CHANGED_ON}
        WHERE n.status = 'in_progress' AND {_CHANGED_ON} + {STALLED_DAYS} <= $1
    ) x
    WHERE {_ACTED_ON} AND a.anonymised_at IS NULL AND NOT EXISTS (
        SELECT FROM diagnostic.reminder m
        WHERE m.action_id = n.id AND m.stage = x.stage AND m.about_on = x.about_on)
    ORDER BY n.id, x.stage LIMIT $2
)
INSERT INTO diagnostic.reminder (id, tenant, action_id, stage, about_on)
SELECT gen_random_uuid(), tenant, id, stage, about_on FROM told
ON CONFLICT DO NOTHING
RETURNING id, stage, about_on
"""  # noqa: S608  # pieces of ours
"""Keeps what was not told yet; what another process tells at the same time is left to it.

$1: the day in Paris, $2: the size of the batch.
"""

_READ = f"""
SELECT m.id, m.stage, m.about_on, m.at, a.organisation_id, a.id AS assessment_id, m.action_id,
    n.recommendation AS code, n.title AS own_title, (n.content -> 'title')::text AS title,
    n.status, n.due_on, {_ACTED_ON} AND CASE m.stage
        WHEN 'stalled' THEN n.status = 'in_progress' AND {_CHANGED_ON} = m.about_on
        ELSE n.due_on IS NOT DISTINCT FROM m.about_on END AS still_holds
FROM diagnostic.reminder m
JOIN diagnostic.roadmap_action n ON n.id = m.action_id
JOIN diagnostic.roadmap r ON r.id = n.roadmap_id
JOIN diagnostic.assessment a ON a.id = r.assessment_id
"""  # noqa: S608  # pieces of ours

ONE = f"{_READ} WHERE m.id = $1 AND m.tenant = $2"
"""$1: id, $2: tenant."""

_SOUGHT = """m.tenant = $1 AND ($2::uuid IS NULL OR a.organisation_id = $2)
    AND ($3::text IS NULL OR m.stage = $3)"""

LISTED = f"""{_READ}
WHERE {_SOUGHT} AND ($4::timestamptz IS NULL OR (m.at, m.id) < ($4, $5))
ORDER BY m.at DESC, m.id DESC LIMIT $6
"""
"""Newest first; $1: tenant, $2: company or null, $3: stage or null, $4 and $5: key to go on after
or null, $6: limit."""

COUNTED = f"""
SELECT count(*) FROM diagnostic.reminder m
JOIN diagnostic.roadmap_action n ON n.id = m.action_id
JOIN diagnostic.roadmap r ON r.id = n.roadmap_id
JOIN diagnostic.assessment a ON a.id = r.assessment_id
WHERE {_SOUGHT}
"""  # noqa: S608  # a piece of ours
"""$1 to $3 as in LISTED."""
