"""Give clients a plan and quotas of their own, and count what they use.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_QUOTAS = "quota_per_day > 0 AND quota_per_month > 0"


def upgrade() -> None:
    plan = sa.Column("plan", sa.Text(), server_default="standard", nullable=False)
    op.add_column("client", plan, schema="gateway")
    for name in ("quota_per_day", "quota_per_month"):
        op.add_column("client", sa.Column(name, sa.BigInteger()), schema="gateway")
    op.create_check_constraint(op.f("ck_client_quotas"), "client", _QUOTAS, schema="gateway")
    op.create_table(
        "client_use",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("requests > 0", name=op.f("ck_client_use_requests")),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["gateway.client.client_id"],
            name=op.f("fk_client_use_client_id_client"),
        ),
        sa.PrimaryKeyConstraint("day", "client_id", name=op.f("pk_client_use")),
        schema="gateway",
    )


def downgrade() -> None:
    op.drop_table("client_use", schema="gateway")
    for name in ("quota_per_month", "quota_per_day", "plan"):
        op.drop_column("client", name, schema="gateway")
