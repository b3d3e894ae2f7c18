"""Draw the tables of the offers: formations, their actions, sessions and places.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "formation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_siret", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("provider_name", sa.Text(), nullable=False),
        sa.Column("certifications", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rome", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("nsf", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("formacodes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("departments", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("modes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("source_dated_on", sa.Date(), nullable=True),
        sa.Column("source_licence", sa.Text(), nullable=True),
        sa.Column("import_run_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "provider_siret ~ '^[0-9]{14}$'", name=op.f("ck_formation_provider_siret")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_formation_withdrawn"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_formation_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formation")),
        schema="training",
    )
    op.create_index(
        op.f("ix_formation_certifications"),
        "formation",
        ["certifications"],
        unique=False,
        schema="training",
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_formation_departments"),
        "formation",
        ["departments"],
        unique=False,
        schema="training",
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_formation_provider_siret_number"),
        "formation",
        ["provider_siret", "number"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("formation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("audiences", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("funders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.CheckConstraint("mode IN ('on_site', 'mixed', 'remote')", name=op.f("ck_action_mode")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_action_price")),
        sa.ForeignKeyConstraint(
            ["formation_id"],
            ["training.formation.id"],
            name=op.f("fk_action_formation_id_formation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        schema="training",
    )
    op.create_index(
        op.f("ix_action_formation_id_number"),
        "action",
        ["formation_id", "number"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "place",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["training.action.id"],
            name=op.f("fk_place_action_id_action"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("action_id", "position", name=op.f("pk_place")),
        schema="training",
    )
    op.create_index(
        op.f("ix_place_department"), "place", ["department"], unique=False, schema="training"
    )
    op.create_index(
        op.f("ix_place_latitude_longitude"),
        "place",
        ["latitude", "longitude"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("enrolment_starts_on", sa.Date(), nullable=True),
        sa.Column("enrolment_ends_on", sa.Date(), nullable=True),
        sa.Column("recruitment_state", sa.Text(), nullable=True),
        sa.Column("blocs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_session_period")),
        sa.CheckConstraint("enrolment_ends_on <= ends_on", name=op.f("ck_session_enrolment")),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["training.action.id"],
            name=op.f("fk_session_action_id_action"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        schema="training",
    )
    op.create_index(
        op.f("ix_session_action_id_number"),
        "session",
        ["action_id", "number"],
        unique=True,
        schema="training",
    )
    op.create_index(
        op.f("ix_session_starts_on"), "session", ["starts_on"], unique=False, schema="training"
    )

    op.execute("REVOKE DELETE ON training.formation FROM training_app")


def downgrade() -> None:

    op.drop_table("session", schema="training")
    op.drop_table("place", schema="training")
    op.drop_table("action", schema="training")
    op.drop_table("formation", schema="training")
