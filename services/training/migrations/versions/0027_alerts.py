"""Follow searches: what matches each, and how far of the feed they were asked about.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_cursor",
        sa.Column("id", sa.Boolean(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id", name=op.f("ck_alert_cursor_only")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_cursor")),
        schema="training",
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        schema="training",
    )
    op.create_index(
        op.f("ix_saved_search_tenant_created_at_id"),
        "saved_search",
        ["tenant", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "saved_search_match",
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "matched_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('offer', 'certification')", name=op.f("ck_saved_search_match_kind")
        ),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["training.saved_search.id"],
            name=op.f("fk_saved_search_match_search_id_saved_search"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", "entry_id", name=op.f("pk_saved_search_match")),
        schema="training",
    )
    op.create_index(
        "ix_saved_search_match_number",
        "saved_search_match",
        ["search_id", "number", "entry_id"],
        unique=False,
        schema="training",
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_saved_search_match_search_id_thing_id"),
        "saved_search_match",
        ["search_id", "thing_id"],
        unique=False,
        schema="training",
    )
    op.execute("INSERT INTO training.alert_cursor (id, xid, seq) VALUES (true, 0, 0)")
    op.execute("REVOKE INSERT, DELETE ON training.alert_cursor FROM training_app")


def downgrade() -> None:
    for table in ("saved_search_match", "saved_search", "alert_cursor"):
        op.drop_table(table, schema="training")
