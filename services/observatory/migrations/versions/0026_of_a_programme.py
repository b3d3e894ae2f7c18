"""Count what was followed by programme: enrolments by that of their cohort.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_INDEX = "ix_followed_thing_counted"


def _indexed(*include: str) -> None:
    op.drop_index(_INDEX, "followed_thing", schema="observatory")
    op.create_index(
        _INDEX,
        "followed_thing",
        ["peer", "measure"],
        schema="observatory",
        postgresql_include=list(include),
        postgresql_where=sa.text("measure IS NOT NULL"),
    )


def upgrade() -> None:
    op.add_column(
        "followed_thing",
        sa.Column("cohort", sa.Text(), nullable=True, comment="Code of what it is, or is in"),
        schema="observatory",
    )
    op.add_column(
        "followed_thing", sa.Column("programme", sa.Text(), nullable=True), schema="observatory"
    )
    _indexed("amount", "entity", "cohort", "programme")


def downgrade() -> None:
    _indexed("amount")
    for name in ("programme", "cohort"):
        op.drop_column("followed_thing", name, schema="observatory")
