"""Keep a log of what changed in the services.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    now = sa.text("now()")
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "feed",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("asked_at", instant, server_default=now, nullable=False),
        sa.Column("read_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_feed")),
        schema="gateway",
    )
    op.create_table(
        "feed_entry",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("service", "entity", "entity_id", "kind")
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("read_at", instant, server_default=now, nullable=False),
        sa.CheckConstraint(
            "kind IN ('created', 'updated', 'deleted')", name=op.f("ck_feed_entry_kind")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_feed_entry")),
        schema="gateway",
    )
    op.create_index(
        op.f("ix_feed_entry_read_at"),
        "feed_entry",
        ["read_at"],
        schema="gateway",
        postgresql_using="brin",
    )


def downgrade() -> None:
    op.drop_table("feed_entry", schema="gateway")
    op.drop_table("feed", schema="gateway")
