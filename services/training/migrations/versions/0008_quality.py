"""Keep of each offer how completely it informs.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("formation", sa.Column("quality", sa.SmallInteger()), schema="training")
    op.execute(
        "ALTER TABLE training.formation ADD CONSTRAINT ck_formation_quality"
        " CHECK (quality BETWEEN 0 AND 100) NOT VALID"
    )
    op.execute("ALTER TABLE training.formation VALIDATE CONSTRAINT ck_formation_quality")


def downgrade() -> None:
    op.drop_column("formation", "quality", schema="training")
