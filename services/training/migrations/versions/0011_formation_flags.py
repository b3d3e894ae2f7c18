"""Keep what is wrong with a provider's right to offer what it offers.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "formation_flags",
        sa.Column("formation_id", sa.Uuid(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("certifications", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_formation_flags_version")),
        sa.ForeignKeyConstraint(
            ["formation_id"],
            ["training.formation.id"],
            name=op.f("fk_formation_flags_formation_id_formation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("formation_id", name=op.f("pk_formation_flags")),
        schema="training",
    )
    op.create_index(
        op.f("ix_formation_flags_flags"),
        "formation_flags",
        ["flags"],
        unique=False,
        schema="training",
        postgresql_using="gin",
    )
    op.execute("REVOKE DELETE ON training.formation_flags FROM training_app")


def downgrade() -> None:
    op.drop_table("formation_flags", schema="training")
