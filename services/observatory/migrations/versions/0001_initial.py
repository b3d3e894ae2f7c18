"""The reference tables and the kit's own.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platformkit.db import Xid8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        schema="observatory",
        comment="The service's change feed, written in the transaction of each change",
    )
    op.create_index(
        op.f("ix_change_xid_seq"), "change", ["xid", "seq"], unique=False, schema="observatory"
    )
    op.create_table(
        "dataset",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_dataset")),
        schema="observatory",
    )
    op.create_table(
        "family",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_family")),
        schema="observatory",
    )
    op.create_table(
        "idempotency_key",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="Of caller, route and key"),
        sa.Column("request", sa.LargeBinary(), nullable=False, comment="Digest of the body"),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency_key")),
        schema="observatory",
        comment="First answers to POSTs that carried an Idempotency-Key, kept two days",
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"),
        "idempotency_key",
        ["created_at"],
        unique=False,
        schema="observatory",
    )
    op.create_table(
        "occupation",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_occupation")),
        schema="observatory",
    )
    op.create_table(
        "sector",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sector")),
        schema="observatory",
    )
    op.create_table(
        "territory",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("crosses_regions", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
        schema="observatory",
    )
    op.create_table(
        "crosswalk",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occupation"],
            ["observatory.occupation.code"],
            name=op.f("fk_crosswalk_occupation_occupation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_crosswalk")),
        schema="observatory",
    )
    op.create_table(
        "family_employment",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family"],
            ["observatory.family.code"],
            name=op.f("fk_family_employment_family_family"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("region", "family", name=op.f("pk_family_employment")),
        schema="observatory",
    )
    op.create_table(
        "score",
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("mean", sa.Numeric(precision=3, scale=2), nullable=False),
        sa.Column("sd", sa.Numeric(precision=3, scale=2), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("published_class", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "mean BETWEEN 0 AND 1 AND sd >= 0 AND tasks > 0", name=op.f("ck_score_range")
        ),
        sa.ForeignKeyConstraint(
            ["code"],
            ["observatory.occupation.code"],
            name=op.f("fk_score_code_occupation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("method", "code", name=op.f("pk_score")),
        schema="observatory",
    )
    op.create_table(
        "family_job",
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family"],
            ["observatory.family.code"],
            name=op.f("fk_family_job_family_family"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["job"],
            ["observatory.crosswalk.job"],
            name=op.f("fk_family_job_job_crosswalk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("family", "job", name=op.f("pk_family_job")),
        schema="observatory",
    )
    op.create_table(
        "job",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["basis"],
            ["observatory.crosswalk.job"],
            name=op.f("fk_job_basis_crosswalk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_job")),
        schema="observatory",
    )
    op.create_table(
        "sector_hire",
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("hires", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division"],
            ["observatory.sector.code"],
            name=op.f("fk_sector_hire_division_sector"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["job"],
            ["observatory.crosswalk.job"],
            name=op.f("fk_sector_hire_job_crosswalk"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("division", "job", name=op.f("pk_sector_hire")),
        schema="observatory",
    )
    op.execute("REVOKE UPDATE, DELETE ON observatory.change FROM observatory_app")


def downgrade() -> None:
    op.drop_table("sector_hire", schema="observatory")
    op.drop_table("job", schema="observatory")
    op.drop_table("family_job", schema="observatory")
    op.drop_table("score", schema="observatory")
    op.drop_table("family_employment", schema="observatory")
    op.drop_table("crosswalk", schema="observatory")
    op.drop_table("territory", schema="observatory")
    op.drop_table("sector", schema="observatory")
    op.drop_table("occupation", schema="observatory")
    op.drop_index(
        op.f("ix_idempotency_key_created_at"), table_name="idempotency_key", schema="observatory"
    )
    op.drop_table("idempotency_key", schema="observatory")
    op.drop_table("family", schema="observatory")
    op.drop_table("dataset", schema="observatory")
    op.drop_index(op.f("ix_change_xid_seq"), table_name="change", schema="observatory")
    op.drop_table("change", schema="observatory")
