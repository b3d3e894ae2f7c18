"""Keep the pieces of a sent file as they are: they live for minutes, and compressing them costs.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE training.import_file_part ALTER COLUMN bytes SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE training.import_file_part ALTER COLUMN bytes SET STORAGE EXTENDED")
