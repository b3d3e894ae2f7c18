"""The audit trail is read by tenant: an index for each way to ask."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INDEXES = (
    ("tenant", "at", "id"),
    ("tenant", "entity", "at", "id"),
    ("tenant", "action", "at", "id"),
    ("tenant", "actor", "at", "id"),
    ("entity_id", "at", "id"),
)


def upgrade() -> None:
    for columns in _INDEXES:
        name = f"ix_audit_event_{'_'.join(columns)}"
        op.create_index(name, "audit_event", list(columns), schema="diagnostic")
    op.drop_index("ix_audit_event_entity_entity_id", schema="diagnostic")


def downgrade() -> None:
    op.create_index(
        "ix_audit_event_entity_entity_id",
        "audit_event",
        ["entity", "entity_id"],
        schema="diagnostic",
    )
    for columns in _INDEXES:
        op.drop_index(f"ix_audit_event_{'_'.join(columns)}", schema="diagnostic")
