"""Who lets itself be matched in a cohort.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pooling_consent",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("offers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("asks", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("most_helped", sa.Integer(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "most_helped BETWEEN 0 AND 10", name=op.f("ck_pooling_consent_most_helped_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["diagnostic.cohort.id"],
            name=op.f("fk_pooling_consent_cohort_id_cohort"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["diagnostic.organisation.id"],
            name=op.f("fk_pooling_consent_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["diagnostic.questionnaire_version.id"],
            name=op.f("fk_pooling_consent_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("cohort_id", "organisation_id", name=op.f("pk_pooling_consent")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_pooling_consent_organisation_id",
        "pooling_consent",
        ["organisation_id"],
        schema="diagnostic",
    )
    op.execute("REVOKE DELETE ON diagnostic.pooling_consent FROM diagnostic_app")


def downgrade() -> None:
    op.drop_table("pooling_consent", schema="diagnostic")
