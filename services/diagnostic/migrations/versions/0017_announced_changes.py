"""Announce changes when they are committed, for caches: who hears it asks anew.

Of opportunities alone, which are what is public here: commits that announce something wait for
each other, and those of diagnostics are many.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ANNOUNCE = """
CREATE FUNCTION diagnostic.announce_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('vigie_changes', TG_TABLE_SCHEMA);
    RETURN NULL;
END $$"""
_TRIGGER = """
CREATE TRIGGER announce_change AFTER INSERT ON diagnostic.change
FOR EACH ROW WHEN (NEW.entity = 'opportunity') EXECUTE FUNCTION diagnostic.announce_change()"""


def upgrade() -> None:
    op.execute(_ANNOUNCE)
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER announce_change ON diagnostic.change")
    op.execute("DROP FUNCTION diagnostic.announce_change()")
