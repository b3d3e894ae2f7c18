"""Releases of the reference tables, which an exposure can be computed on again.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dataset_version",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_dataset_version")),
        schema="observatory",
    )
    op.create_table(
        "reference_release",
        sa.Column("ordinal", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "released_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("ordinal", name=op.f("pk_reference_release")),
        schema="observatory",
    )
    op.execute("REVOKE UPDATE, DELETE ON observatory.dataset_version FROM observatory_app")
    op.execute("REVOKE UPDATE, DELETE ON observatory.reference_release FROM observatory_app")


def downgrade() -> None:
    op.drop_table("reference_release", schema="observatory")
    op.drop_table("dataset_version", schema="observatory")
