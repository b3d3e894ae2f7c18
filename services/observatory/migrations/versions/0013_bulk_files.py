"""Files of releases: the whole of a dataflow as one release knew it.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_file",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("release", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("mask_revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release"], ["observatory.release.id"], name=op.f("fk_bulk_file_release_release")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bulk_file")),
        sa.UniqueConstraint("release", name=op.f("uq_bulk_file_release")),
        schema="observatory",
    )
    op.create_index("ix_bulk_file_flow", "bulk_file", ["flow", "ordinal"], schema="observatory")
    op.create_table(
        "bulk_piece",
        sa.Column("file", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file"],
            ["observatory.bulk_file.number"],
            name=op.f("fk_bulk_piece_file_bulk_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file", "number", name=op.f("pk_bulk_piece")),
        schema="observatory",
    )
    # Parquet is compressed already; uncompressed here, a range of it costs its own pages only.
    op.execute("ALTER TABLE observatory.bulk_piece ALTER COLUMN content SET STORAGE EXTERNAL")
    op.execute("REVOKE UPDATE ON observatory.bulk_piece FROM observatory_app")


def downgrade() -> None:
    op.drop_table("bulk_piece", schema="observatory")
    op.drop_table("bulk_file", schema="observatory")
