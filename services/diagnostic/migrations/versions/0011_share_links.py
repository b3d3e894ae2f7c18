"""Links that open a report without an account, and every use of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _at(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "share_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        _at("created_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "octet_length(digest) = 32", name=op.f("ck_share_link_digest_is_sha256")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_share_link_expires_later")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_share_link_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_share_link_digest")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_share_link_assessment_id_created_at_id",
        "share_link",
        ["assessment_id", "created_at", "id"],
        schema="diagnostic",
    )
    op.create_table(
        "share_access",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        _at("at"),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["diagnostic.share_link.id"],
            name=op.f("fk_share_access_link_id_share_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_access")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_share_access_link_id_at", "share_access", ["link_id", "at"], schema="diagnostic"
    )
    op.execute("REVOKE DELETE ON diagnostic.share_link FROM diagnostic_app")
    op.execute("REVOKE UPDATE, DELETE ON diagnostic.share_access FROM diagnostic_app")


def downgrade() -> None:
    op.drop_table("share_access", schema="diagnostic")
    op.drop_table("share_link", schema="diagnostic")
