"""What backed the answers of a score, so that it can be replayed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    backing = sa.Column("backing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()))
    op.add_column("score", backing, schema="diagnostic")


def downgrade() -> None:
    op.drop_column("score", "backing", schema="diagnostic")
