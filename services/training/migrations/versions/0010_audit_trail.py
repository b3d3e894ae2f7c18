"""Record who sent and who withdrew what; keep the sender's licence; find changes by their time.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_FORGET = """
CREATE FUNCTION training.forget_audit_events(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = training, pg_temp
BEGIN ATOMIC
    WITH old AS (
        DELETE FROM training.audit_event e WHERE e.id IN (
            SELECT x.id FROM training.audit_event x
            WHERE x.at < least(before, now() - interval '1 year')
            ORDER BY x.at, x.id LIMIT at_most)
        RETURNING e.id)
    SELECT count(*) FROM old;
END
"""
_FORGET_RUNS = """
CREATE FUNCTION training.forget_import_runs(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = training, pg_temp
BEGIN ATOMIC
    WITH old AS (
        DELETE FROM training.import_run r WHERE r.id IN (
            SELECT x.id FROM training.import_run x
            WHERE x.finished_at < least(before, now() - interval '1 month')
                AND NOT EXISTS (SELECT FROM training.import_anomaly a WHERE a.run_id = x.id)
                AND NOT EXISTS (SELECT FROM training.certification c WHERE c.import_run_id = x.id)
                AND NOT EXISTS (SELECT FROM training.formation f WHERE f.import_run_id = x.id)
                AND NOT EXISTS (SELECT FROM training.provider p WHERE p.import_run_id = x.id)
            ORDER BY x.finished_at LIMIT at_most)
        RETURNING r.id)
    SELECT count(*) FROM old;
END
"""
_FUNCTIONS = (
    "training.forget_audit_events(timestamptz, integer)",
    "training.forget_import_runs(timestamptz, integer)",
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "client", "actor", "action", "entity", "entity_id")
        ),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        schema="training",
    )
    for columns in (["tenant", "id"], ["at", "id"]):
        name = f"ix_audit_event_{'_'.join(columns)}"
        op.create_index(op.f(name), "audit_event", columns, schema="training")
    op.execute("REVOKE UPDATE, DELETE ON training.audit_event FROM training_app")
    op.execute(_FORGET)
    op.execute(_FORGET_RUNS)
    for function in _FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO training_app")
    op.add_column("import_run", sa.Column("licence", sa.Text(), nullable=True), schema="training")
    op.create_index(
        op.f("ix_change_at"), "change", ["at"], schema="training", postgresql_using="brin"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_change_at"), "change", schema="training")
    op.drop_column("import_run", "licence", schema="training")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("audit_event", schema="training")
