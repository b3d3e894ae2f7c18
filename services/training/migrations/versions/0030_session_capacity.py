"""Keep how many places sessions have, and how many are left.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_capacity",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "remaining BETWEEN 0 AND capacity", name=op.f("ck_session_capacity_remaining")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_session_capacity_version")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_capacity")),
        schema="training",
    )
    op.execute("REVOKE DELETE ON training.session_capacity FROM training_app")


def downgrade() -> None:
    op.drop_table("session_capacity", schema="training")
