"""Let the confidential role read who publishes: it reads the structures, agencies with them.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT SELECT ON observatory.agency TO observatory_confidential")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON observatory.agency FROM observatory_confidential")
