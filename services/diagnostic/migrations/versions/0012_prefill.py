"""Where the first answers of a diagnostic come from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "assessment", sa.Column("derived_from", sa.Uuid(), nullable=True), schema="diagnostic"
    )
    op.add_column(
        "assessment",
        sa.Column("prefill", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        schema="diagnostic",
    )
    op.execute(
        "ALTER TABLE diagnostic.assessment ADD CONSTRAINT fk_assessment_derived_from_assessment"
        " FOREIGN KEY (derived_from) REFERENCES diagnostic.assessment (id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE diagnostic.assessment"
        " VALIDATE CONSTRAINT fk_assessment_derived_from_assessment"
    )
    op.create_index(
        "ix_assessment_derived_from",
        "assessment",
        ["derived_from"],
        schema="diagnostic",
        postgresql_where=sa.text("derived_from IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_column("assessment", "prefill", schema="diagnostic")
    op.drop_column("assessment", "derived_from", schema="diagnostic")
