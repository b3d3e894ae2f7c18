"""What a source of emergence counts and does not tell, beside what it tells.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLES = ("emergence_count", "emergence_total")
_HIDDEN = "How many more there are at most, which the source hides"
_POSSIBLE = (
    "count > 0 AND employers BETWEEN 1 AND count AND largest > 0"
    " OR count = 0 AND hidden > 0 AND employers = 0 AND largest = 0"
)
_CHECKS = {
    "count_possible": (
        "count > 0 AND employers BETWEEN 1 AND count",
        _POSSIBLE,
    ),
    "largest_is_a_share": ("largest > 0 AND largest <= 1", "largest <= 1 AND hidden >= 0"),
}


def _checked(which: int) -> None:
    for name, conditions in _CHECKS.items():
        constraint = op.f(f"ck_emergence_count_{name}")
        op.drop_constraint(constraint, "emergence_count", schema="observatory")
        op.create_check_constraint(
            constraint, "emergence_count", conditions[which], schema="observatory"
        )


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table,
            sa.Column("hidden", sa.Integer(), server_default="0", nullable=False, comment=_HIDDEN),
            schema="observatory",
        )
    _checked(1)


def downgrade() -> None:
    op.execute("DELETE FROM observatory.emergence_count WHERE count = 0")
    _checked(0)
    for table in _TABLES:
        op.drop_column(table, "hidden", schema="observatory")
