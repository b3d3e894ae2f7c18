"""A programme's public statistics: days frozen once written, and what the gate must remember.

They are announced to caches when they are committed, as opportunities are: a few a day.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TRIGGER = """
CREATE TRIGGER announce_change AFTER INSERT ON diagnostic.change
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION diagnostic.announce_change()"""
_DROP = "DROP TRIGGER announce_change ON diagnostic.change"


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"diagnostic.{target}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "programme_statistics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("k >= 5", name=op.f("ck_programme_statistics_k_has_a_floor")),
        _key("programme_statistics", "programme_id", "programme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_statistics")),
        sa.UniqueConstraint(
            "programme_id", "as_of_on", name=op.f("uq_programme_statistics_programme_id_as_of_on")
        ),
        schema="diagnostic",
    )
    op.execute("REVOKE UPDATE, DELETE ON diagnostic.programme_statistics FROM diagnostic_app")
    op.create_table(
        "statistics_contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("assessments", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        _key("statistics_contribution", "programme_id", "programme"),
        _key("statistics_contribution", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_contribution")),
        schema="diagnostic",
    )
    for column in ("programme_id", "organisation_id"):
        op.create_index(
            f"ix_statistics_contribution_{column}",
            "statistics_contribution",
            [column],
            schema="diagnostic",
        )
    op.create_table(
        "statistics_group",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Uuid()), nullable=False),
        _key("statistics_group", "programme_id", "programme"),
        sa.PrimaryKeyConstraint(
            "programme_id", "subject", "cell", name=op.f("pk_statistics_group")
        ),
        schema="diagnostic",
    )
    op.execute(_DROP)
    op.execute(_TRIGGER.format(condition="NEW.entity IN ('opportunity', 'programme_statistics')"))


def downgrade() -> None:
    op.execute(_DROP)
    op.execute(_TRIGGER.format(condition="NEW.entity = 'opportunity'"))
    for table in ("statistics_group", "statistics_contribution", "programme_statistics"):
        op.drop_table(table, schema="diagnostic")
