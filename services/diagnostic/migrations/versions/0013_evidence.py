"""Documents that back the answers of a diagnostic."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_evidence_file_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", "sha256", name=op.f("pk_evidence_file")),
        schema="diagnostic",
    )
    # Files are compressed already; uncompressed here, a slice of one costs its own pages only.
    op.execute("ALTER TABLE diagnostic.evidence_file ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('policy', 'contract', 'certificate', 'training_record', 'screenshot',"
            " 'register', 'other')",
            name=op.f("ck_evidence_kind_known"),
        ),
        sa.CheckConstraint(
            "polarity IN ('positive', 'negative')", name=op.f("ck_evidence_polarity_known")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_not_empty")),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by IS NULL)",
            name=op.f("ck_evidence_verified_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_evidence_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "sha256"],
            ["diagnostic.evidence_file.assessment_id", "diagnostic.evidence_file.sha256"],
            name=op.f("fk_evidence_assessment_id_sha256_evidence_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "assessment_id",
            "question",
            "sha256",
            name=op.f("uq_evidence_assessment_id_question_sha256"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="diagnostic",
    )
    op.create_index(
        "ix_evidence_assessment_id_created_at_id",
        "evidence",
        ["assessment_id", "created_at", "id"],
        unique=False,
        schema="diagnostic",
    )
    op.execute("REVOKE UPDATE ON diagnostic.evidence_file FROM diagnostic_app")


def downgrade() -> None:
    op.drop_table("evidence", schema="diagnostic")
    op.drop_table("evidence_file", schema="diagnostic")
