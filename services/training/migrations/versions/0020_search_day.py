"""Let readers keep what they found in the index of the search, and read the best informed first.

The version's default is volatile, so the one row of its table is written again; while the index is
made, a second for 50,000 entries, imports wait and readers do not.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "search_index",
        sa.Column(
            "version", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        schema="training",
    )
    op.create_table(
        "search_phrase",
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("phrase", name=op.f("pk_search_phrase")),
        schema="training",
    )
    op.create_index(
        op.f("ix_search_entry_quality_id"),
        "search_entry",
        [sa.text("quality DESC"), "id"],
        schema="training",
        postgresql_include=["slot"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_search_entry_quality_id"), table_name="search_entry", schema="training")
    op.drop_table("search_phrase", schema="training")
    op.drop_column("search_index", "version", schema="training")
