"""Keep the documents of a proposal, and the links that show it before it is published.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def _identity(table: str) -> list[sa.Column | sa.Constraint]:  # type: ignore[type-arg]  # of any type
    name = op.f(f"fk_{table}_proposal_id_proposal")
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["training.proposal.id"], name=name),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "proposal_attachment",
        *_identity("proposal_attachment"),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("kind", "title", "media_type", "sha256", "tenant", "added_by")
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", _AT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('application', 'decision')", name=op.f("ck_proposal_attachment_kind")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_proposal_attachment_size")),
        schema="training",
    )
    op.create_index(
        op.f("ix_proposal_attachment_proposal_id_sha256"),
        "proposal_attachment",
        ["proposal_id", "sha256"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "proposal_preview",
        *_identity("proposal_preview"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_proposal_preview_expires_later")
        ),
        schema="training",
    )
    op.create_index(
        op.f("ix_proposal_preview_proposal_id_created_at_id"),
        "proposal_preview",
        ["proposal_id", "created_at", "id"],
        schema="training",
    )


def downgrade() -> None:
    op.drop_table("proposal_preview", schema="training")
    op.drop_table("proposal_attachment", schema="training")
