"""Let people sign in: the return addresses of clients, and the sessions.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PROOF = "num_nonnulls(secret_hash, jwks, jwks_uri) > 0"


def _instant(name: str, *, nullable: bool = True, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, nullable=nullable, server_default=default)


def upgrade() -> None:
    texts = postgresql.ARRAY(sa.Text())
    op.add_column(
        "client",
        sa.Column("return_urls", texts, server_default="{}", nullable=False),
        schema="gateway",
    )
    op.drop_constraint(op.f("ck_client_proof"), "client", schema="gateway", type_="check")
    op.create_check_constraint(
        op.f("ck_client_proof"),
        "client",
        f"{_PROOF} OR cardinality(return_urls) > 0",
        schema="gateway",
    )
    op.create_table(
        "person_session",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("roles", texts, nullable=False),
        sa.Column("scopes", texts, nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _instant("code_until", nullable=False),
        sa.Column("id_token", sa.Text(), nullable=True),
        sa.Column("jti", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        _instant("token_until"),
        _instant("created_at", nullable=False, now=True),
        _instant("ended_at"),
        _instant("expires_at", nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["gateway.client.client_id"],
            name=op.f("fk_person_session_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_session")),
        schema="gateway",
    )
    for column, unique in (
        ("code_hash", True),
        ("token_hash", True),
        ("client_id", False),
        ("expires_at", False),
    ):
        name = op.f(f"ix_person_session_{column}")
        op.create_index(name, "person_session", [column], unique=unique, schema="gateway")


def downgrade() -> None:
    op.drop_table("person_session", schema="gateway")
    op.drop_constraint(op.f("ck_client_proof"), "client", schema="gateway", type_="check")
    op.execute(
        "DELETE FROM gateway.api_key USING gateway.client c"
        " WHERE c.client_id = api_key.client_id"
        " AND num_nonnulls(c.secret_hash, c.jwks, c.jwks_uri) = 0"
    )
    op.execute("DELETE FROM gateway.client WHERE num_nonnulls(secret_hash, jwks, jwks_uri) = 0")
    op.drop_column("client", "return_urls", schema="gateway")
    op.create_check_constraint(op.f("ck_client_proof"), "client", _PROOF, schema="gateway")
