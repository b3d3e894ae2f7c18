"""Short addresses of questions.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column(
            "question",
            postgresql.JSONB(),
            nullable=False,
            comment="Query parameters by name, sorted",
        ),
        sa.Column("release", sa.Integer(), nullable=True, comment="Ordinal that it is pinned to"),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        schema="observatory",
    )
    op.execute("REVOKE UPDATE, DELETE ON observatory.link FROM observatory_app")


def downgrade() -> None:
    op.drop_table("link", schema="observatory")
