"""Let the steps of thesis subjects, and rollovers, be forgotten after their time.

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_FORGET_EVENTS = """
CREATE FUNCTION training.forget_thesis_events(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = training, pg_temp
BEGIN ATOMIC
    WITH old AS (
        DELETE FROM training.thesis_event e WHERE e.id IN (
            SELECT x.id FROM training.thesis_event x
            WHERE x.at < least(before, now() - interval '1 year')
            ORDER BY x.id LIMIT at_most)
        RETURNING e.id)
    SELECT count(*) FROM old;
END
"""
_FORGET_ROLLOVERS = """
CREATE FUNCTION training.forget_rollovers(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = training, pg_temp
BEGIN ATOMIC
    WITH old AS (
        DELETE FROM training.rollover r WHERE r.id IN (
            SELECT x.id FROM training.rollover x
            WHERE x.created_at < least(before, now() - interval '1 month')
                AND NOT EXISTS (SELECT FROM training.rollover_draft d WHERE d.rollover_id = x.id)
            ORDER BY x.created_at LIMIT at_most)
        RETURNING r.id)
    SELECT count(*) FROM old;
END
"""
_FUNCTIONS = (
    "training.forget_thesis_events(timestamptz, integer)",
    "training.forget_rollovers(timestamptz, integer)",
)


def upgrade() -> None:
    op.execute(_FORGET_EVENTS)
    op.execute(_FORGET_ROLLOVERS)
    for function in _FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO training_app")
    op.create_index(
        op.f("ix_rollover_draft_rollover_id"), "rollover_draft", ["rollover_id"], schema="training"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_rollover_draft_rollover_id"), "rollover_draft", schema="training")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
