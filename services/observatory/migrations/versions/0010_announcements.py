"""The calendar: announced releases, and every day that each was announced for.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(), nullable=False),
        sa.Column(
            "period",
            sa.Text(),
            nullable=True,
            comment="Reference period that the release is about",
        ),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["flow"], ["observatory.flow.number"], name=op.f("fk_announcement_flow_flow")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        schema="observatory",
    )
    op.create_index(
        "uq_announcement_flow_ordinal",
        "announcement",
        ["flow", "ordinal"],
        unique=True,
        schema="observatory",
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_index(
        "ix_announcement_scheduled_at",
        "announcement",
        ["scheduled_at", "id"],
        schema="observatory",
    )
    op.create_table(
        "announced_date",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("announcement", sa.Uuid(), nullable=False),
        sa.Column(
            "scheduled_at", sa.DateTime(timezone=True), nullable=True, comment="Null: cancelled"
        ),
        sa.Column("reason", postgresql.JSONB(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement"],
            ["observatory.announcement.id"],
            name=op.f("fk_announced_date_announcement_announcement"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_announced_date")),
        schema="observatory",
    )
    op.create_index(
        op.f("ix_announced_date_announcement"),
        "announced_date",
        ["announcement"],
        schema="observatory",
    )
    op.execute("REVOKE UPDATE, DELETE ON observatory.announced_date FROM observatory_app")
    op.execute("REVOKE DELETE ON observatory.announcement FROM observatory_app")


def downgrade() -> None:
    op.drop_table("announced_date", schema="observatory")
    op.drop_table("announcement", schema="observatory")
