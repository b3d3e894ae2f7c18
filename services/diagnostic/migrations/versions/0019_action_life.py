"""Actions get owner, days, progress, a note and a reason, and may be the company's own.

A few dozen rows per diagnostic, all of them proposed: nothing to fill in, and the constraints
are checked at once. The place in the roadmap is checked at the commit, so that two may change
theirs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TABLE = "roadmap_action"
_PLACE = "uq_roadmap_action_roadmap_id_position"
_CHECKS = {
    "due_after_start": "due_on >= starts_on",
    "progress_in_range": "progress BETWEEN 0 AND 100",
    "done_is_whole": "status <> 'done' OR progress = 100",
    "reason_known": "(status IN ('rejected', 'on_hold', 'dropped')) = (reason IS NOT NULL)",
}


def upgrade() -> None:
    for column in (
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("progress", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    ):
        op.add_column(_TABLE, column, schema="diagnostic")
    op.create_foreign_key(
        op.f("fk_roadmap_action_owner_id_respondent"),
        _TABLE,
        "respondent",
        ["owner_id"],
        ["id"],
        source_schema="diagnostic",
        referent_schema="diagnostic",
    )
    for name, condition in _CHECKS.items():
        op.create_check_constraint(
            op.f(f"ck_roadmap_action_{name}"), _TABLE, condition, schema="diagnostic"
        )
    op.create_index(
        "ix_roadmap_action_owner_id",
        _TABLE,
        ["owner_id"],
        schema="diagnostic",
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.drop_constraint(op.f(_PLACE), _TABLE, schema="diagnostic")
    op.create_unique_constraint(
        op.f(_PLACE),
        _TABLE,
        ["roadmap_id", "position"],
        schema="diagnostic",
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    op.execute("DELETE FROM diagnostic.roadmap_action WHERE title IS NOT NULL")
    op.drop_constraint(op.f(_PLACE), _TABLE, schema="diagnostic")
    op.create_unique_constraint(
        op.f(_PLACE), _TABLE, ["roadmap_id", "position"], schema="diagnostic"
    )
    op.drop_index("ix_roadmap_action_owner_id", _TABLE, schema="diagnostic")
    for name in _CHECKS:
        op.drop_constraint(op.f(f"ck_roadmap_action_{name}"), _TABLE, schema="diagnostic")
    op.drop_constraint(op.f("fk_roadmap_action_owner_id_respondent"), _TABLE, schema="diagnostic")
    for name in (
        "changed_at", "version", "note", "progress", "due_on", "starts_on", "owner_id", "reason",
        "title",
    ):  # fmt: skip
        op.drop_column(_TABLE, name, schema="diagnostic")
