"""Keep what was told of the end of a certification, so that nothing is told twice.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expiry_notice",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("formations", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("providers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column(
            "told_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "stage IN ('days_90', 'days_30', 'days_7', 'ended')",
            name=op.f("ck_expiry_notice_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["training.certification.id"],
            name=op.f("fk_expiry_notice_certification_id_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_notice")),
        sa.UniqueConstraint(
            "certification_id",
            "ends_on",
            "stage",
            name=op.f("uq_expiry_notice_certification_id_ends_on_stage"),
        ),
        schema="training",
    )
    op.create_index(
        op.f("ix_expiry_notice_told_at_id"),
        "expiry_notice",
        ["told_at", "id"],
        schema="training",
    )
    op.execute("REVOKE UPDATE, DELETE ON training.expiry_notice FROM training_app")


def downgrade() -> None:
    op.drop_table("expiry_notice", schema="training")
