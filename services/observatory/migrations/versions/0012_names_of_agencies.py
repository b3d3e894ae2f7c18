"""Let the confidential role read who publishes: it reads the structures, agencies with them.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT SELECT ON observatory.agency TO observatory_confidential")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON observatory.agency FROM observatory_confidential")
