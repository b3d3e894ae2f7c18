"""Index the instants of changes, by which the feed is asked from a time on.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_change_at"), "change", ["at"], schema="observatory")


def downgrade() -> None:
    op.drop_index(op.f("ix_change_at"), "change", schema="observatory")
