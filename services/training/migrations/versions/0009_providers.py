"""Draw the public list of training providers.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("activity_number", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=True),
        sa.Column("siren", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("qualiopi", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("source_dated_on", sa.Date(), nullable=True),
        sa.Column("source_licence", sa.Text(), nullable=False),
        sa.Column("import_run_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "activity_number ~ '^[0-9AB]{11}$'", name=op.f("ck_provider_activity_number")
        ),
        sa.CheckConstraint("siret ~ '^[0-9]{14}$'", name=op.f("ck_provider_siret")),
        sa.CheckConstraint("siren ~ '^[0-9]{9}$'", name=op.f("ck_provider_siren")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_provider_version")),
        sa.PrimaryKeyConstraint("activity_number", name=op.f("pk_provider")),
        schema="training",
    )
    for column in ("siret", "siren", "department"):
        op.create_index(
            op.f(f"ix_provider_{column}"), "provider", [column], unique=False, schema="training"
        )
    op.create_index(
        op.f("ix_provider_qualiopi"),
        "provider",
        ["qualiopi"],
        unique=False,
        schema="training",
        postgresql_using="gin",
    )
    op.execute("REVOKE DELETE ON training.provider FROM training_app")


def downgrade() -> None:
    op.drop_table("provider", schema="training")
