"""Let an import have statistics gathered of tables that are believed to be empty: it owns none.

Revision ID: 0035
Revises: 0034
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

GATHER = """
CREATE FUNCTION training.gather_statistics() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = training, pg_temp AS $$
DECLARE
    emptied regclass;
BEGIN
    FOR emptied IN
        SELECT c.oid FROM pg_catalog.pg_class c
         WHERE c.oid = ANY('{formation, action, session, place, search_entry, search_period,
                             search_place, search_fact}'::regclass[])
           AND c.reltuples <= 0
    LOOP
        EXECUTE pg_catalog.format('ANALYZE %s', emptied);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION training.gather_statistics FROM PUBLIC;

GRANT EXECUTE ON FUNCTION training.gather_statistics TO training_app;
"""


def upgrade() -> None:
    for statement in GATHER.split("\n\n"):  # asyncpg takes one at a time
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION training.gather_statistics")
