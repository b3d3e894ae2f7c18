"""Keep the name of an imported file: some nomenclatures say their edition nowhere else.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("filename", sa.Text(), nullable=True), schema="training")


def downgrade() -> None:
    op.drop_column("import_run", "filename", schema="training")
