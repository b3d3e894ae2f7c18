"""Keep the pieces of a sent file as they are: they live for minutes, and compressing them costs.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE training.import_file_part ALTER COLUMN bytes SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE training.import_file_part ALTER COLUMN bytes SET STORAGE EXTENDED")
