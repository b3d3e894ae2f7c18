"""Gather the statistics of observations as a whole, too: by them joins are planned.

A statement names the table of all flows; of its partition PostgreSQL takes the number of rows, but
not what it knows of the columns. Without it a join with the periods was taken for a twentieth of
what it is, and a whole flow looked up each period ten million times.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_GATHER = """
CREATE OR REPLACE FUNCTION observatory.gather_statistics(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
BEGIN
    IF to_regclass(format('observatory.obs_p%s', wanted)) IS NOT NULL THEN
        EXECUTE format('ANALYZE observatory.obs_p%s', wanted);
        ANALYZE observatory.series, observatory.series_stat, observatory.period;
    END IF;{whole}
END $$"""
_WHOLE = """
    IF (SELECT sum(c.reltuples) > 1.2 * greatest(p.reltuples, 0)
          FROM pg_class p JOIN pg_inherits i ON i.inhparent = p.oid
          JOIN pg_class c ON c.oid = i.inhrelid AND c.reltuples > 0
         WHERE p.oid = 'observatory.obs'::regclass GROUP BY p.reltuples) THEN
        ANALYZE observatory.obs;
    END IF;"""


def upgrade() -> None:
    op.execute(_GATHER.format(whole=_WHOLE))


def downgrade() -> None:
    op.execute(_GATHER.format(whole=""))
