"""Draw the tables of the gateway.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platformkit.db import Xid8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        schema="gateway",
        comment="The service's change feed, written in the transaction of each change",
    )
    op.create_index(
        op.f("ix_change_xid_seq"), "change", ["xid", "seq"], unique=False, schema="gateway"
    )
    op.create_table(
        "client",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("second_secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "client_id ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name=op.f("ck_client_client_id")
        ),
        sa.CheckConstraint("tenant ~ '^[a-z0-9][a-z0-9-]{1,63}$'", name=op.f("ck_client_tenant")),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_client_secret_hash")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client")),
        schema="gateway",
    )
    op.create_table(
        "idempotency_key",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="Of caller, route and key"),
        sa.Column("request", sa.LargeBinary(), nullable=False, comment="Digest of the body"),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency_key")),
        schema="gateway",
        comment="First answers to POSTs that carried an Idempotency-Key, kept two days",
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"),
        "idempotency_key",
        ["created_at"],
        unique=False,
        schema="gateway",
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_idempotency_key_created_at"), table_name="idempotency_key", schema="gateway"
    )
    op.drop_table("idempotency_key", schema="gateway")
    op.drop_table("client", schema="gateway")
    op.drop_index(op.f("ix_change_xid_seq"), table_name="change", schema="gateway")
    op.drop_table("change", schema="gateway")
