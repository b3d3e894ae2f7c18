"""What contributed diagnostics find wanting, as the feed of the diagnostic said it last.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "followed_need",
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "quarter", sa.SmallInteger(), nullable=False, comment="In which it was first heard of"
        ),
        sa.Column("programme", sa.Text(), nullable=True, comment="NULL once it is withdrawn"),
        sa.Column("questionnaire", sa.Text(), nullable=True),
        sa.Column("dimensions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "needs",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="Those at the lowest level",
        ),
        sa.PrimaryKeyConstraint("entity_id", name=op.f("pk_followed_need")),
        schema="observatory",
    )
    op.create_index(
        "ix_followed_need_programme",
        "followed_need",
        ["programme", "questionnaire", "quarter"],
        schema="observatory",
        postgresql_where=sa.text("programme IS NOT NULL"),
    )
    # Contributions that were passed over until now are read with everything else, from the start.
    op.execute(
        "UPDATE observatory.followed_feed SET cursor = NULL, current_at = NULL, changes = 0"
        " WHERE peer = 'diagnostic'"
    )


def downgrade() -> None:
    op.drop_table("followed_need", schema="observatory")
