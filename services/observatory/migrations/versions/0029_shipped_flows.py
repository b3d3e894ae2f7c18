"""What the shipped dataflows were made from: a start computes only what is behind.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shipped_flow",
        sa.Column("flow", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "made_from",
            sa.Text(),
            nullable=False,
            comment="Hash of the tables that decide its figures and of the program",
        ),
        sa.ForeignKeyConstraint(
            ["flow"], ["observatory.flow.number"], name=op.f("fk_shipped_flow_flow_flow")
        ),
        sa.PrimaryKeyConstraint("flow", name=op.f("pk_shipped_flow")),
        schema="observatory",
    )
    op.execute("REVOKE DELETE ON observatory.shipped_flow FROM observatory_app")


def downgrade() -> None:
    op.drop_table("shipped_flow", schema="observatory")
