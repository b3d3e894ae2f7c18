"""Announce changes when they are committed, for caches: who hears it asks anew.

One word for a transaction, however many changes it wrote.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ANNOUNCE = """
CREATE FUNCTION observatory.announce_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('vigie_changes', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$"""
_TRIGGER = """
CREATE TRIGGER announce_change AFTER INSERT ON observatory.change
FOR EACH STATEMENT EXECUTE FUNCTION observatory.announce_change()"""


def upgrade() -> None:
    op.execute(_ANNOUNCE)
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER announce_change ON observatory.change")
    op.execute("DROP FUNCTION observatory.announce_change()")
