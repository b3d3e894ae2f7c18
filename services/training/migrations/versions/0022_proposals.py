"""Keep proposals and whatever is done with them; let the Region have a directory of its own.

The new rule about directories is wider than the old one: it is checked beside writers.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_STATES = (
    "'draft', 'submitted', 'admissible', 'inadmissible', 'under_review', 'complement_requested',"
    " 'opinion_favourable', 'opinion_reserved', 'opinion_unfavourable', 'accepted', 'refused',"
    " 'refused_for_good', 'published', 'withdrawn_by_author'"
)
_NOW = sa.text("now()")
_AT = sa.DateTime(timezone=True)
_TEXTS = postgresql.ARRAY(sa.Text())


def _of_proposal(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_proposal_id_proposal")
    return sa.ForeignKeyConstraint(["proposal_id"], ["training.proposal.id"], name=name)


def _directories(*names: str) -> None:
    listed = ", ".join(f"'{name}'" for name in names)
    op.execute("ALTER TABLE training.certification DROP CONSTRAINT ck_certification_directory")
    op.execute(
        "ALTER TABLE training.certification ADD CONSTRAINT ck_certification_directory"
        f" CHECK (directory IN ({listed})) NOT VALID"
    )
    op.execute("ALTER TABLE training.certification VALIDATE CONSTRAINT ck_certification_directory")


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "client", "author", "kind", "title")
        ),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_fields", _TEXTS, server_default="{}", nullable=False),
        sa.Column("asked_why", sa.Text(), nullable=True),
        sa.Column("clock_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("clock_since", _AT, nullable=True),
        sa.Column("submitted_at", _AT, nullable=True),
        sa.Column("published_as", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", _AT, server_default=_NOW, nullable=False),
        sa.Column("updated_at", _AT, server_default=_NOW, nullable=False),
        sa.CheckConstraint("kind IN ('certification', 'offer')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_proposal_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_proposal_version")),
        sa.CheckConstraint("clock_spent >= 0", name=op.f("ck_proposal_clock_spent")),
        sa.CheckConstraint(
            "(state = 'published') = (published_as IS NOT NULL)", name=op.f("ck_proposal_published")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        schema="training",
    )
    op.create_index(
        op.f("ix_proposal_tenant_updated_at_id"),
        "proposal",
        ["tenant", "updated_at", "id"],
        schema="training",
    )
    op.create_index(
        "ix_proposal_to_review",
        "proposal",
        ["updated_at", "id"],
        schema="training",
        postgresql_where=sa.text("submitted_at IS NOT NULL"),
    )
    op.create_table(
        "proposal_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("transition", "source", "target")
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("fields", _TEXTS, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("tenant", "client", "actor")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload_sha256", sa.Text(), nullable=False),
        _of_proposal("proposal_step"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_step")),
        schema="training",
    )
    op.create_index(
        op.f("ix_proposal_step_proposal_id_id"),
        "proposal_step",
        ["proposal_id", "id"],
        schema="training",
    )
    op.create_table(
        "proposal_reviewer",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("tenant", "reviewer")),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", _AT, server_default=_NOW, nullable=False),
        _of_proposal("proposal_reviewer"),
        sa.PrimaryKeyConstraint(
            "proposal_id", "tenant", "reviewer", name=op.f("pk_proposal_reviewer")
        ),
        schema="training",
    )
    op.create_table(
        "proposal_opinion",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tenant", "reviewer", "opinion", "reason")
        ),
        sa.Column("at", _AT, server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "opinion IN ('favourable', 'reserved', 'unfavourable')",
            name=op.f("ck_proposal_opinion_opinion"),
        ),
        _of_proposal("proposal_opinion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_opinion")),
        schema="training",
    )
    op.create_index(
        op.f("ix_proposal_opinion_proposal_id_round_tenant_reviewer"),
        "proposal_opinion",
        ["proposal_id", "round", "tenant", "reviewer"],
        unique=True,
        schema="training",
    )
    for table in ("proposal_step", "proposal_opinion"):
        op.execute(f"REVOKE UPDATE, DELETE ON training.{table} FROM training_app")
    _directories("RNCP", "RS", "REG")


def downgrade() -> None:
    op.execute("DELETE FROM training.certification WHERE directory = 'REG'")
    _directories("RNCP", "RS")
    for table in ("proposal_opinion", "proposal_reviewer", "proposal_step", "proposal"):
        op.drop_table(table, schema="training")
