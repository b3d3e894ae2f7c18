"""Snapshots of peer groups, frozen once written, and the way from a SIREN to its companies."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "benchmark_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scoring_hash", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("members", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.CheckConstraint(
            "n IS NULL OR (n >= k AND n = cardinality(members))",
            name=op.f("ck_benchmark_snapshot_enough"),
        ),
        sa.CheckConstraint("k >= 5", name=op.f("ck_benchmark_snapshot_k_has_a_floor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark_snapshot")),
        schema="diagnostic",
    )
    op.create_index(
        "uq_benchmark_snapshot_in_force",
        "benchmark_snapshot",
        ["scoring_hash", "milestone", "cell", "as_of"],
        unique=True,
        schema="diagnostic",
    )
    op.create_table(
        "benchmark_series",
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("around", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("levels", sa.ARRAY(sa.Double()), nullable=False),
        sa.Column("reached", sa.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["diagnostic.benchmark_snapshot.id"],
            name=op.f("fk_benchmark_series_snapshot_id_benchmark_snapshot"),
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "code", name=op.f("pk_benchmark_series")),
        schema="diagnostic",
    )
    for table in ("benchmark_snapshot", "benchmark_series"):
        op.execute(f"REVOKE UPDATE, DELETE ON diagnostic.{table} FROM diagnostic_app")
    op.create_index("ix_organisation_siren", "organisation", ["siren"], schema="diagnostic")
    op.create_index(
        "ix_assessment_organisation_id", "assessment", ["organisation_id"], schema="diagnostic"
    )


def downgrade() -> None:
    op.drop_index("ix_assessment_organisation_id", table_name="assessment", schema="diagnostic")
    op.drop_index("ix_organisation_siren", table_name="organisation", schema="diagnostic")
    op.drop_table("benchmark_series", schema="diagnostic")
    op.drop_table("benchmark_snapshot", schema="diagnostic")
