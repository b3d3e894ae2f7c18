"""Announce changes when they are committed, for caches: who hears it asks anew.

One word for a transaction, however many changes it wrote.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ANNOUNCE = """
CREATE FUNCTION training.announce_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('vigie_changes', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$"""
_TRIGGER = """
CREATE TRIGGER announce_change AFTER INSERT ON training.change
FOR EACH STATEMENT EXECUTE FUNCTION training.announce_change()"""


def upgrade() -> None:
    op.execute(_ANNOUNCE)
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER announce_change ON training.change")
    op.execute("DROP FUNCTION training.announce_change()")
