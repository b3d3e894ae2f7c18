"""Order releases by when they last changed, for the feed that tells of them.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_INDEX = "ix_release_updated"


def upgrade() -> None:
    # a row per release: made in a moment
    op.create_index(
        _INDEX,
        "release",
        [sa.text("greatest(published_at, withdrawn_at)"), "id"],
        schema="observatory",
        postgresql_where=sa.text("state = 'published'"),
    )


def downgrade() -> None:
    op.drop_index(_INDEX, "release", schema="observatory")
