"""Count a feed again beside what is shown.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def upgrade() -> None:
    for column in (
        sa.Column("recounting", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("recount_cursor", nullable=True),
        sa.Column("recount_changes", sa.BigInteger(), server_default="0", nullable=False),
    ):
        op.add_column("followed_feed", column, schema="observatory")
    op.create_table(
        "recounted_thing",
        _text("peer"),
        _text("entity"),
        _text("entity_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("measure", nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        _text("cohort", nullable=True, comment="Code of what it is, or is in"),
        _text("programme", nullable=True),
        sa.PrimaryKeyConstraint("peer", "entity", "entity_id", name=op.f("pk_recounted_thing")),
        schema="observatory",
    )
    op.create_table(
        "recounted_need",
        _text("entity_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "quarter", sa.SmallInteger(), nullable=False, comment="In which it was first heard of"
        ),
        _text("programme", nullable=True, comment="NULL once it is withdrawn"),
        _text("questionnaire", nullable=True),
        sa.Column("dimensions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "needs",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="Those at the lowest level",
        ),
        sa.PrimaryKeyConstraint("entity_id", name=op.f("pk_recounted_need")),
        schema="observatory",
    )


def downgrade() -> None:
    op.drop_table("recounted_need", schema="observatory")
    op.drop_table("recounted_thing", schema="observatory")
    for name in ("recount_changes", "recount_cursor", "recounting"):
        op.drop_column("followed_feed", name, schema="observatory")
