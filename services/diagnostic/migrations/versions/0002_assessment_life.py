"""The states of a diagnostic beyond its submission, and the revision of every answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE = "status IN ('in_progress', 'submitted', 'abandoned', 'entered_in_error')"
_AFTER = (
    "status IN ('in_progress', 'submitted', 'in_review', 'validated', 'delivered', 'amended',"
    " 'abandoned', 'entered_in_error')"
)


def _know(states: str) -> None:
    """Replace the list of known states without holding up writers while it is checked."""
    op.execute("ALTER TABLE diagnostic.assessment DROP CONSTRAINT ck_assessment_status_known")
    op.execute(
        "ALTER TABLE diagnostic.assessment ADD CONSTRAINT ck_assessment_status_known"
        f" CHECK ({states}) NOT VALID"
    )
    op.execute("ALTER TABLE diagnostic.assessment VALIDATE CONSTRAINT ck_assessment_status_known")


def _count(name: str) -> sa.Column[int]:
    """Make a column that counts from 1; a constant default back-fills without a rewrite."""
    return sa.Column(name, sa.Integer(), server_default=sa.text("1"), nullable=False)


def upgrade() -> None:
    _know(_AFTER)
    op.add_column("assessment", _count("version"), schema="diagnostic")
    op.add_column("answer_event", _count("revision"), schema="diagnostic")


def downgrade() -> None:
    op.drop_column("answer_event", "revision", schema="diagnostic")
    op.drop_column("assessment", "version", schema="diagnostic")
    op.execute(
        "UPDATE diagnostic.assessment SET status = 'submitted'"
        " WHERE status IN ('in_review', 'validated', 'delivered')"
    )
    op.execute("UPDATE diagnostic.assessment SET status = 'in_progress' WHERE status = 'amended'")
    _know(_BEFORE)
