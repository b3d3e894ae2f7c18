"""Keep the values of facets with each entry of the search as well, where few are counted.

The bootstrap that follows fills the table, as the rules of the index have changed.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "search_value",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        schema="training",
    )
    op.create_unique_constraint(
        op.f("uq_search_value_id"), "search_value", ["id"], schema="training"
    )
    op.create_table(
        "search_fact",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facts", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_search_fact")),
        schema="training",
    )


def downgrade() -> None:
    op.drop_table("search_fact", schema="training")
    op.drop_constraint(op.f("uq_search_value_id"), "search_value", schema="training")
    op.drop_column("search_value", "id", schema="training")
