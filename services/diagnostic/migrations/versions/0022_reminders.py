"""What was told of actions that are due, late or stalled."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "stage IN ('due_soon', 'due', 'late', 'stalled')",
            name=op.f("ck_reminder_stage_known"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["diagnostic.roadmap_action.id"],
            name=op.f("fk_reminder_action_id_roadmap_action"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "action_id", "stage", "about_on", name=op.f("uq_reminder_action_id_stage_about_on")
        ),
        schema="diagnostic",
    )
    op.create_index(
        "ix_reminder_tenant_at_id", "reminder", ["tenant", "at", "id"], schema="diagnostic"
    )
    op.create_index(
        "ix_roadmap_action_running",
        "roadmap_action",
        ["id"],
        schema="diagnostic",
        postgresql_where=sa.text("status IN ('accepted', 'in_progress')"),
    )


def downgrade() -> None:
    op.drop_index("ix_roadmap_action_running", "roadmap_action", schema="diagnostic")
    op.drop_table("reminder", schema="diagnostic")
