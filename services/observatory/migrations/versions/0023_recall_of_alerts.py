"""The backtest of emergence: per version of the thresholds, and what was missed.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEY = "pk_emergence_backtest"


def _keyed_by(*columns: str) -> None:
    op.drop_constraint(op.f(_KEY), "emergence_backtest", schema="observatory")
    op.create_primary_key(op.f(_KEY), "emergence_backtest", list(columns), schema="observatory")


def upgrade() -> None:
    op.add_column(
        "emergence_backtest",
        sa.Column(
            "rule",
            sa.Text(),
            server_default="1.0.0",
            nullable=False,
            comment="Version of the thresholds",
        ),
        schema="observatory",
    )
    for name in ("emerged", "recalled"):
        op.add_column(
            "emergence_backtest",
            sa.Column(name, sa.Integer(), server_default="0", nullable=False),
            schema="observatory",
        )
    _keyed_by("source", "kind", "quarter", "rule")


def downgrade() -> None:
    op.execute("DELETE FROM observatory.emergence_backtest WHERE rule <> '1.0.0'")
    _keyed_by("source", "kind", "quarter")
    for name in ("recalled", "emerged", "rule"):
        op.drop_column("emergence_backtest", name, schema="observatory")
