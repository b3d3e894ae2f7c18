"""Invitations to cohorts.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _at(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        _at("created_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _at("changed_at"),
        sa.CheckConstraint(
            "octet_length(digest) = 32", name=op.f("ck_invitation_digest_is_sha256")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_invitation_expires_later")),
        sa.CheckConstraint(
            "status IN ('sent', 'accepted', 'declined', 'revoked')",
            name=op.f("ck_invitation_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["diagnostic.cohort.id"], name=op.f("fk_invitation_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_invitation_cohort_id_created_at_id",
        "invitation",
        ["cohort_id", "created_at", "id"],
        schema="diagnostic",
    )
    op.execute("REVOKE DELETE ON diagnostic.invitation FROM diagnostic_app")


def downgrade() -> None:
    op.drop_table("invitation", schema="diagnostic")
