"""Tell in the feed of which programme a cohort is, and how many companies a programme has.

Both are open already: a cohort is listed with its programme, and the companies are those of the
published statistics. What was told before is told once more, as it stands.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TELL = """
CREATE OR REPLACE FUNCTION diagnostic.tell_cohort(which uuid, kind text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN
    INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
    SELECT 'cohort', k.id::text, tell_cohort.kind, k.version, jsonb_build_object(
        'code', k.code, 'capacity', k.capacity, 'seats_taken', k.seats_taken,
        'waitlisted', k.waitlisted, 'starts_on', k.starts_on, 'ends_on', k.ends_on,
        'enrol_closes_at', k.enrol_closes_at, 'status', k.status{programme})
    FROM diagnostic.cohort k{join} WHERE k.id = which; END $$"""
_STATISTICS = """
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT 'programme_statistics', p.code, 'updated', s.version, jsonb_build_object(
    'as_of', s.as_of_on, 'enrolled', (
        SELECT (g -> 'steps' ->> 'enrolled')::int FROM jsonb_array_elements(s.body -> 'groups') g
        WHERE g ->> 'level' = 'programme'))
FROM diagnostic.programme p
CROSS JOIN LATERAL (
    SELECT t.as_of_on, t.body, count(*) OVER () AS version
    FROM diagnostic.programme_statistics t WHERE t.programme_id = p.id
    ORDER BY t.as_of_on DESC LIMIT 1) s"""


def upgrade() -> None:
    join = " JOIN diagnostic.programme p ON p.id = k.programme_id"
    op.execute(_TELL.format(programme=", 'programme', p.code", join=join))
    op.execute("SELECT diagnostic.tell_cohort(k.id, 'updated') FROM diagnostic.cohort k")
    op.execute(_STATISTICS)


def downgrade() -> None:
    op.execute(_TELL.format(programme="", join=""))
