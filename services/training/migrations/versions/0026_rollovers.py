"""Keep rollovers of a year's offer: what became of each formation, and the drafts.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "rollover",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("provider_siret", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_rollover_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollover")),
        schema="training",
    )
    op.create_index(
        op.f("ix_rollover_tenant_created_at_id"),
        "rollover",
        ["tenant", "created_at", "id"],
        schema="training",
    )
    op.create_table(
        "rollover_line",
        sa.Column("rollover_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("former_number", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("sessions_left", sa.Integer(), nullable=False),
        sa.Column("certification", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('created', 'already_there', 'certification_ended', 'number_too_long')",
            name=op.f("ck_rollover_line_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["rollover_id"],
            ["training.rollover.id"],
            name=op.f("fk_rollover_line_rollover_id_rollover"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rollover_id", "position", name=op.f("pk_rollover_line")),
        schema="training",
    )
    op.create_table(
        "rollover_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("provider_siret", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("formation_id", sa.Uuid(), nullable=False),
        sa.Column("rollover_id", sa.Uuid(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rollover_draft_version")),
        sa.ForeignKeyConstraint(
            ["rollover_id"],
            ["training.rollover.id"],
            name=op.f("fk_rollover_draft_rollover_id_rollover"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollover_draft")),
        schema="training",
    )
    op.create_index(
        op.f("ix_rollover_draft_tenant_provider_siret_number"),
        "rollover_draft",
        ["tenant", "provider_siret", "number"],
        schema="training",
    )
    op.execute(
        "REVOKE UPDATE, DELETE ON training.rollover, training.rollover_line FROM training_app"
    )


def downgrade() -> None:
    for table in ("rollover_draft", "rollover_line", "rollover"):
        op.drop_table(table, schema="training")
