"""The people who answer a diagnostic."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "respondent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column(
            "sections",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('invited', 'active', 'done', 'erased')",
            name=op.f("ck_respondent_status_known"),
        ),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name=op.f("ck_respondent_weight_in_range")),
        sa.CheckConstraint(
            "(status = 'erased') = (erased_at IS NOT NULL)",
            name=op.f("ck_respondent_erased_at_known"),
        ),
        sa.CheckConstraint(
            "(status = 'erased') = (name IS NULL)", name=op.f("ck_respondent_named_until_erased")
        ),
        sa.CheckConstraint(
            "status <> 'erased' OR (email IS NULL AND role IS NULL)",
            name=op.f("ck_respondent_unknown_once_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_respondent_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondent")),
        sa.UniqueConstraint(
            "assessment_id", "email", name=op.f("uq_respondent_assessment_id_email")
        ),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_respondent_pseudonym")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_respondent_assessment_id_created_at_id",
        "respondent",
        ["assessment_id", "created_at", "id"],
        unique=False,
        schema="diagnostic",
    )
    op.execute("REVOKE DELETE ON diagnostic.respondent FROM diagnostic_app")


def downgrade() -> None:
    op.drop_table("respondent", schema="diagnostic")
