"""Stage where a record was read apart from what it says.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("TRUNCATE training.import_record")  # what was staged is read again
    op.add_column(
        "import_record", sa.Column("origin", postgresql.JSONB(), nullable=False), schema="training"
    )


def downgrade() -> None:
    op.drop_column("import_record", "origin", schema="training")
