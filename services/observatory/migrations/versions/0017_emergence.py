"""New jobs and skills: terms, their counts, every step of their lives, and how alerts fared.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_STATES = "('candidate', 'watch', 'confirmed', 'mapped', 'faded', 'rejected')"


def _at(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _of_source() -> list[sa.Column[sa.Text]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in ("source", "kind")]


def upgrade() -> None:
    op.create_table(
        "emergence_term",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        *_of_source(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("since", sa.SmallInteger(), nullable=True, comment="Quarter of the last step"),
        sa.Column("mapped_to", sa.Text(), nullable=True),
        sa.Column(
            "nearest",
            postgresql.JSONB(),
            nullable=True,
            comment="The known label that it resembles most",
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _at("updated_at"),
        sa.CheckConstraint("kind IN ('skill', 'job')", name=op.f("ck_emergence_term_kind_known")),
        sa.CheckConstraint(f"state IN {_STATES}", name=op.f("ck_emergence_term_state_known")),
        sa.CheckConstraint(
            "(state = 'mapped') = (mapped_to IS NOT NULL)",
            name=op.f("ck_emergence_term_mapped_somewhere"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergence_term")),
        sa.UniqueConstraint(
            "source", "kind", "code", name=op.f("uq_emergence_term_source_kind_code")
        ),
        schema="observatory",
    )
    op.create_index(
        "ix_emergence_term_updated_at_id",
        "emergence_term",
        ["updated_at", "id"],
        schema="observatory",
        postgresql_where=sa.text("state IS NOT NULL"),
    )
    op.create_table(
        "emergence_count",
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("employers", sa.Integer(), nullable=False),
        sa.Column("largest", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "count > 0 AND employers BETWEEN 1 AND count",
            name=op.f("ck_emergence_count_count_possible"),
        ),
        sa.CheckConstraint(
            "largest > 0 AND largest <= 1", name=op.f("ck_emergence_count_largest_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["term"],
            ["observatory.emergence_term.id"],
            name=op.f("fk_emergence_count_term_emergence_term"),
        ),
        sa.PrimaryKeyConstraint("term", "quarter", name=op.f("pk_emergence_count")),
        schema="observatory",
    )
    op.create_table(
        "emergence_total",
        *_of_source(),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "quarter", name=op.f("pk_emergence_total")),
        schema="observatory",
    )
    op.create_table(
        "emergence_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=True),
        *[
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "client", "subject", "reason")
        ],
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        _at("at"),
        sa.ForeignKeyConstraint(
            ["term"],
            ["observatory.emergence_term.id"],
            name=op.f("fk_emergence_step_term_emergence_term"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergence_step")),
        schema="observatory",
    )
    op.create_index(
        op.f("ix_emergence_step_term"), "emergence_step", ["term"], schema="observatory"
    )
    op.create_table(
        "emergence_backtest",
        *_of_source(),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        *[
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("alerts", "decided", "lasting")
        ],
        sa.Column("leads", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        _at("at"),
        sa.PrimaryKeyConstraint("source", "kind", "quarter", name=op.f("pk_emergence_backtest")),
        schema="observatory",
    )
    op.execute("REVOKE UPDATE, DELETE ON observatory.emergence_step FROM observatory_app")


def downgrade() -> None:
    for table in ("backtest", "step", "total", "count", "term"):
        op.drop_table(f"emergence_{table}", schema="observatory")
