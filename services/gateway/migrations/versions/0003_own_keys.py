"""Let clients sign with keys of their own, and tokens end before their time.

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
    op.add_column("client", sa.Column("jwks", postgresql.JSONB(), nullable=True), schema="gateway")
    op.add_column("client", sa.Column("jwks_uri", sa.Text(), nullable=True), schema="gateway")
    op.alter_column("client", "secret_hash", nullable=True, schema="gateway")
    op.create_check_constraint(
        op.f("ck_client_proof"),
        "client",
        "num_nonnulls(secret_hash, jwks, jwks_uri) > 0",
        schema="gateway",
    )
    op.create_table(
        "revoked_token",
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "revoked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_revoked_token")),
        schema="gateway",
    )
    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_used_assertion")),
        schema="gateway",
    )
    for table, column in (
        ("revoked_token", "revoked_at"),
        ("revoked_token", "expires_at"),
        ("used_assertion", "expires_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], schema="gateway")


def downgrade() -> None:
    op.drop_table("used_assertion", schema="gateway")
    op.drop_table("revoked_token", schema="gateway")
    op.drop_constraint(op.f("ck_client_proof"), "client", schema="gateway", type_="check")
    op.execute(
        "DELETE FROM gateway.api_key USING gateway.client c"
        " WHERE c.client_id = api_key.client_id AND c.secret_hash IS NULL"
    )
    op.execute("DELETE FROM gateway.client WHERE secret_hash IS NULL")
    op.alter_column("client", "secret_hash", nullable=False, schema="gateway")
    op.drop_column("client", "jwks_uri", schema="gateway")
    op.drop_column("client", "jwks", schema="gateway")
