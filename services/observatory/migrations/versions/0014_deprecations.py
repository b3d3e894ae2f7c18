"""Stable artefacts that should no longer be used, since when, why, and what stands for them.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deprecation",
        sa.Column("artefact", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", postgresql.JSONB(), nullable=False),
        sa.Column("replacement", sa.Integer(), nullable=True),
        sa.Column(
            "deprecated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["artefact"],
            ["observatory.artefact.number"],
            name=op.f("fk_deprecation_artefact_artefact"),
        ),
        sa.ForeignKeyConstraint(
            ["replacement"],
            ["observatory.artefact.number"],
            name=op.f("fk_deprecation_replacement_artefact"),
        ),
        sa.PrimaryKeyConstraint("artefact", name=op.f("pk_deprecation")),
        schema="observatory",
    )
    op.execute("REVOKE UPDATE, DELETE ON observatory.deprecation FROM observatory_app")
    op.execute("GRANT SELECT ON observatory.deprecation TO observatory_confidential")


def downgrade() -> None:
    op.drop_table("deprecation", schema="observatory")
