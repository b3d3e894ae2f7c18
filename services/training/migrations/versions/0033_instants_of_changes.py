"""Index the instants of changes one by one: the planner never took their ranges.

Revision ID: 0033
Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_change_at"), "change", schema="training")
    op.create_index(op.f("ix_change_at"), "change", ["at"], schema="training")


def downgrade() -> None:
    op.drop_index(op.f("ix_change_at"), "change", schema="training")
    op.create_index(
        op.f("ix_change_at"), "change", ["at"], schema="training", postgresql_using="brin"
    )
