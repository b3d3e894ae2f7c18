"""Index the instants of changes, by which the feed is asked from a time on.

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_change_at"), "change", ["at"], schema="diagnostic")


def downgrade() -> None:
    op.drop_index(op.f("ix_change_at"), "change", schema="diagnostic")
