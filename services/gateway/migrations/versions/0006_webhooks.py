"""Tell partners what changes: webhooks and their deliveries.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")


def _instant(name, *, nullable=True, default=None):
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, nullable=nullable, server_default=default)


def _index(table, *columns, name=None, where=None):
    op.create_index(
        op.f(f"ix_{table}_{name or '_'.join(columns)}"),
        table,
        list(columns),
        schema="gateway",
        postgresql_where=where and sa.text(where),
    )


def upgrade() -> None:
    op.add_column(
        "feed",
        sa.Column("forgotten", sa.BigInteger(), server_default="0", nullable=False),
        schema="gateway",
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "client_id", "url", "description")
        ),
        sa.Column("events", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("second_secret", sa.LargeBinary(), nullable=True),
        _instant("second_secret_until"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _instant("created_at", nullable=False, default=_NOW),
        _instant("changed_at", nullable=False, default=_NOW),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_full", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _instant("due_at", default=_NOW),
        _instant("held_until"),
        _instant("failing_since"),
        _instant("accepted_at"),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'disabled')", name=op.f("ck_webhook_status")
        ),
        sa.CheckConstraint(
            "(status = 'disabled') = (reason IS NOT NULL)", name=op.f("ck_webhook_reason")
        ),
        sa.CheckConstraint("cardinality(events) > 0", name=op.f("ck_webhook_events")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["gateway.client.client_id"], name=op.f("fk_webhook_client_id_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        schema="gateway",
    )
    _index("webhook", "tenant", "created_at", "id")
    _index("webhook", "client_id")
    _index("webhook", "due_at", where="status = 'active'")
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("event", "type", "subject")),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _instant("created_at", nullable=False, default=_NOW),
        _instant("begun_at"),
        _instant("next_at", nullable=False, default=_NOW),
        _instant("leased_until"),
        _instant("ended_at"),
        sa.Column("log", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'delivered', 'dead')", name=op.f("ck_webhook_delivery_state")
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (ended_at IS NULL)", name=op.f("ck_webhook_delivery_ended_at")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["gateway.webhook.id"],
            name=op.f("fk_webhook_delivery_webhook_id_webhook"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint(
            "webhook_id", "position", name=op.f("uq_webhook_delivery_webhook_id_position")
        ),
        schema="gateway",
    )
    pending = "state = 'pending'"
    _index("webhook_delivery", "webhook_id", "subject", "position", name="pending", where=pending)
    _index("webhook_delivery", "webhook_id", "id")
    _index("webhook_delivery", "webhook_id", "id", name="dead", where="state = 'dead'")
    _index("webhook_delivery", "ended_at", where="state <> 'pending'")


def downgrade() -> None:
    op.drop_table("webhook_delivery", schema="gateway")
    op.drop_table("webhook", schema="gateway")
    op.drop_column("feed", "forgotten", schema="gateway")
