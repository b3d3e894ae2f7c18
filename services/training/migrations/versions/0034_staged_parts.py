"""Stage the parts of a record apart from what else is derived of it, and compress neither.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("parts", postgresql.JSONB(), nullable=True)
    op.add_column("import_record", column, schema="training")
    for name in ("parts", "derived"):
        op.execute(f"ALTER TABLE training.import_record ALTER COLUMN {name} SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE training.import_record ALTER COLUMN derived SET STORAGE EXTENDED")
    op.drop_column("import_record", "parts", schema="training")
