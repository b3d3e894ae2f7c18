"""Add API keys, the hash-chained audit trail, and terms for the former secrets of clients.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHAIN = """
CREATE FUNCTION gateway.chain_audit_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    last record;
    field text;
    spelled bytea := '';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('gateway.audit_event'));
    SELECT id, hash INTO last FROM gateway.audit_event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    FOREACH field IN ARRAY ARRAY[
        NEW.id::text, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.actor, NEW.tenant, NEW.action, NEW.entity, NEW.entity_id, NEW.decision, NEW.trace_id,
        NEW.detail
    ] LOOP
        spelled := spelled || convert_to(
            octet_length(convert_to(field, 'UTF8')) || ':' || field, 'UTF8');
    END LOOP;
    NEW.hash := sha256(NEW.previous || spelled);
    RETURN NEW;
END $$;
"""
"""The order of the chain is that of the locks: whoever adds waits for the one before to commit."""

_TRIGGER = """
CREATE TRIGGER chain BEFORE INSERT ON gateway.audit_event
FOR EACH ROW EXECUTE FUNCTION gateway.chain_audit_event()
"""


def _instant(name, *, nullable=True):
    default = None if nullable else sa.text("now()")
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, nullable=nullable, server_default=default)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "actor",
                "tenant",
                "action",
                "entity",
                "entity_id",
                "decision",
                "trace_id",
                "detail",
            )
        ),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('allowed', 'denied')", name=op.f("ck_audit_event_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        schema="gateway",
    )
    op.create_index(
        op.f("ix_audit_event_tenant_id"), "audit_event", ["tenant", "id"], schema="gateway"
    )
    op.execute("REVOKE UPDATE, DELETE ON gateway.audit_event FROM gateway_app")
    op.execute(_CHAIN)
    op.execute(_TRIGGER)
    op.add_column("client", _instant("second_secret_until"), schema="gateway")
    op.add_column("client", _instant("changed_at", nullable=False), schema="gateway")
    op.create_index(op.f("ix_client_changed_at"), "client", ["changed_at"], schema="gateway")
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("origins", sa.ARRAY(sa.Text()), nullable=False),
        _instant("created_at", nullable=False),
        _instant("changed_at", nullable=False),
        _instant("expires_at"),
        _instant("revoked_at"),
        _instant("used_at"),
        sa.CheckConstraint("kind IN ('publishable', 'secret')", name=op.f("ck_api_key_kind")),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_api_key_hash")),
        sa.CheckConstraint(
            "(kind = 'publishable') = (cardinality(origins) > 0)", name=op.f("ck_api_key_origins")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["gateway.client.client_id"], name=op.f("fk_api_key_client_id_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_key_hash")),
        schema="gateway",
    )
    for columns in (["client_id", "created_at"], ["changed_at"]):
        name = f"ix_api_key_{'_'.join(columns)}"
        op.create_index(op.f(name), "api_key", columns, schema="gateway")
    op.execute("REVOKE DELETE ON gateway.api_key FROM gateway_app")


def downgrade() -> None:
    op.drop_table("api_key", schema="gateway")
    op.drop_index(op.f("ix_client_changed_at"), table_name="client", schema="gateway")
    op.drop_column("client", "changed_at", schema="gateway")
    op.drop_column("client", "second_secret_until", schema="gateway")
    op.drop_table("audit_event", schema="gateway")
    op.execute("DROP FUNCTION gateway.chain_audit_event()")
