"""Jobs that a job leads to, and the skills of jobs.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mobility",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_mobility")),
        schema="observatory",
    )
    op.create_table(
        "skill",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
        schema="observatory",
    )
    op.create_table(
        "job_skill",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_skill")),
        schema="observatory",
    )


def downgrade() -> None:
    for table in ("job_skill", "skill", "mobility"):
        op.drop_table(table, schema="observatory")
