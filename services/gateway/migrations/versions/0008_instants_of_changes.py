"""Index the instants of changes, by which the feed is asked from a time on.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_change_at"), "change", ["at"], schema="gateway")


def downgrade() -> None:
    op.drop_index(op.f("ix_change_at"), "change", schema="gateway")
