"""Let a proposal keep what it was published as when that is taken out of the catalogue.

The new rule is wider than the old one: it is checked beside writers.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _rule(rule: str) -> None:
    op.execute("ALTER TABLE training.proposal DROP CONSTRAINT ck_proposal_published")
    op.execute(
        "ALTER TABLE training.proposal ADD CONSTRAINT ck_proposal_published"
        f" CHECK ({rule}) NOT VALID"
    )
    op.execute("ALTER TABLE training.proposal VALIDATE CONSTRAINT ck_proposal_published")


def upgrade() -> None:
    _rule("state <> 'published' OR published_as IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE training.proposal SET published_as = NULL WHERE state <> 'published'")
    _rule("(state = 'published') = (published_as IS NOT NULL)")
