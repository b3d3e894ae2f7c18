"""Finding the diagnostics begun in a cohort."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_assessment_cohort_id_started_at_id",
        "assessment",
        ["cohort_id", "started_at", "id"],
        schema="diagnostic",
        postgresql_where=sa.text("cohort_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_assessment_cohort_id_started_at_id", table_name="assessment", schema="diagnostic"
    )
