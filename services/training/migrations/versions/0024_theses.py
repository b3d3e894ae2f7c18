"""Grant theses: campaigns, who takes part, subjects and their steps; new tables only.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thesis_campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("budget", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("committed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("laboratory_until", sa.Date(), nullable=False),
        sa.Column("unit_until", sa.Date(), nullable=False),
        sa.Column("doctoral_school_until", sa.Date(), nullable=False),
        sa.Column("institution_until", sa.Date(), nullable=False),
        sa.Column("region_until", sa.Date(), nullable=False),
        sa.Column("regional_percent_most", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("most_per_institution", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'published')",
            name=op.f("ck_thesis_campaign_status"),
        ),
        sa.CheckConstraint(
            "committed BETWEEN 0 AND budget", name=op.f("ck_thesis_campaign_committed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesis_campaign")),
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_campaign_created_at_id"),
        "thesis_campaign",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_campaign_tenant_created_at_id"),
        "thesis_campaign",
        ["tenant", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "thesis_organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('unit', 'doctoral_school', 'institution')",
            name=op.f("ck_thesis_organisation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["training.thesis_campaign.id"],
            name=op.f("fk_thesis_organisation_campaign_id_thesis_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesis_organisation")),
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_organisation_campaign_id_code"),
        "thesis_organisation",
        ["campaign_id", "code"],
        unique=True,
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_organisation_tenant"),
        "thesis_organisation",
        ["tenant"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "thesis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reached", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("laboratory_name", sa.Text(), nullable=False),
        sa.Column("laboratory_commune", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("doctoral_school_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("regional_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("regional_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("cofinanciers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'at_unit', 'at_doctoral_school', 'at_institution', 'at_region',"
            " 'selected', 'reserve', 'not_selected', 'declined', 'withdrawn')",
            name=op.f("ck_thesis_status"),
        ),
        sa.CheckConstraint("reached BETWEEN 0 AND 4", name=op.f("ck_thesis_reached")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["training.thesis_campaign.id"],
            name=op.f("fk_thesis_campaign_id_thesis_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["doctoral_school_id"],
            ["training.thesis_organisation.id"],
            name=op.f("fk_thesis_doctoral_school_id_thesis_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["training.thesis_organisation.id"],
            name=op.f("fk_thesis_institution_id_thesis_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["training.thesis_organisation.id"],
            name=op.f("fk_thesis_unit_id_thesis_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesis")),
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_campaign_id_created_at_id"),
        "thesis",
        ["campaign_id", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_doctoral_school_id"),
        "thesis",
        ["doctoral_school_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_thesis_granted_at_id",
        "thesis",
        ["granted_at", "id"],
        unique=False,
        schema="training",
        postgresql_where=sa.text("granted_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_thesis_tenant_created_at_id"),
        "thesis",
        ["tenant", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_unit_id"), "thesis", ["unit_id"], unique=False, schema="training"
    )
    op.create_index(
        "uq_thesis_institution_id_rank",
        "thesis",
        ["institution_id", "rank"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("rank IS NOT NULL"),
    )
    op.create_table(
        "thesis_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("thesis_id", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["thesis_id"], ["training.thesis.id"], name=op.f("fk_thesis_event_thesis_id_thesis")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesis_event")),
        schema="training",
    )
    op.create_index(
        op.f("ix_thesis_event_thesis_id_id"),
        "thesis_event",
        ["thesis_id", "id"],
        unique=False,
        schema="training",
    )
    op.execute("REVOKE DELETE ON training.thesis, training.thesis_campaign FROM training_app")
    op.execute("REVOKE UPDATE, DELETE ON training.thesis_event FROM training_app")


def downgrade() -> None:
    for table in ("thesis_event", "thesis", "thesis_organisation", "thesis_campaign"):
        op.drop_table(table, schema="training")
