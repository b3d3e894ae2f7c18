"""Draw the tables of the imports: runs, their files, what was staged and found.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_record",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("derived", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "code", name=op.f("pk_import_record")),
        schema="training",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("force", sa.Boolean(), nullable=False),
        sa.Column("extract", sa.Boolean(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("step", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("records", sa.Integer(), server_default="0", nullable=False),
        sa.Column("errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warnings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("certificate", postgresql.JSONB(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "mode IN ('dry_run', 'atomic', 'partial')", name=op.f("ck_import_run_mode")
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_import_run_sha256")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'halted')",
            name=op.f("ck_import_run_state"),
        ),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_import_run_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        schema="training",
    )
    op.create_index(
        "ix_import_run_open",
        "import_run",
        ["id"],
        unique=False,
        schema="training",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(
        op.f("ix_import_run_tenant_created_at_id"),
        "import_run",
        ["tenant", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_import_run_key",
        "import_run",
        ["tenant", "client", "idempotency_key"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_table(
        "import_anomaly",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("detail_fr", sa.Text(), nullable=False),
        sa.Column("detail_en", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "severity IN ('error', 'warning')", name=op.f("ck_import_anomaly_severity")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["training.import_run.id"], name=op.f("fk_import_anomaly_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_import_anomaly")),
        schema="training",
    )
    op.create_table(
        "import_file_part",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["training.import_run.id"],
            name=op.f("fk_import_file_part_run_id_import_run"),
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_import_file_part")),
        schema="training",
    )
    op.execute("REVOKE DELETE ON training.import_run FROM training_app")


def downgrade() -> None:
    op.drop_table("import_file_part", schema="training")
    op.drop_table("import_anomaly", schema="training")
    op.drop_index(
        "uq_import_run_key",
        table_name="import_run",
        schema="training",
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_import_run_tenant_created_at_id"), table_name="import_run", schema="training"
    )
    op.drop_index(
        "ix_import_run_open",
        table_name="import_run",
        schema="training",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_table("import_run", schema="training")
    op.drop_table("import_record", schema="training")
