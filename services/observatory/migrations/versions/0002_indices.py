"""Scores of several indices, the crosswalks to them, and employment by year.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dataset",
        sa.Column("origin", sa.Text(), server_default="shipped", nullable=False),
        schema="observatory",
    )
    op.create_table(
        "index_score",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("index", sa.Text(), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("sd", sa.Float(), nullable=True),
        sa.Column("tasks", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(sd IS NULL) = (tasks IS NULL)", name=op.f("ck_index_score_dispersion")
        ),
        sa.PrimaryKeyConstraint("index", "code", name=op.f("pk_index_score")),
        schema="observatory",
    )
    op.create_index(
        op.f("ix_index_score_dataset"), "index_score", ["dataset"], schema="observatory"
    )
    op.create_table(
        "soc_link",
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("soc", sa.Text(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("occupation", "soc", name=op.f("pk_soc_link")),
        schema="observatory",
    )
    op.create_table(
        "industry_link",
        sa.Column("naics", sa.Text(), nullable=False),
        sa.Column("isic", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("naics", "isic", name=op.f("pk_industry_link")),
        schema="observatory",
    )
    op.create_table(
        "industry_score",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("index", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("index", "code", "members", name=op.f("pk_industry_score")),
        schema="observatory",
    )
    op.create_index(
        op.f("ix_industry_score_dataset"), "industry_score", ["dataset"], schema="observatory"
    )
    op.create_table(
        "family_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family"],
            ["observatory.family.code"],
            name=op.f("fk_family_year_family_family"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("year", "family", name=op.f("pk_family_year")),
        schema="observatory",
    )


def downgrade() -> None:
    op.drop_table("family_year", schema="observatory")
    op.drop_table("industry_score", schema="observatory")
    op.drop_table("industry_link", schema="observatory")
    op.drop_table("soc_link", schema="observatory")
    op.drop_table("index_score", schema="observatory")
    op.drop_column("dataset", "origin", schema="observatory")
