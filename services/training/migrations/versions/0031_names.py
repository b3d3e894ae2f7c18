"""Let certifications and formations be read by name, a page at any depth.

While an index is made, a second for 50,000 rows, imports wait and readers do not.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TABLES = ("certification", "formation")


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(
            f"ix_{table}_name", table, [sa.text("left(title, 120)"), "id"], schema="training"
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_index(f"ix_{table}_name", table_name=table, schema="training")
