"""Let the service have statistics gathered during and after a load: it owns no table.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GATHER = """
CREATE FUNCTION observatory.gather_statistics(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
BEGIN
    IF to_regclass(format('observatory.obs_p%s', wanted)) IS NOT NULL THEN
        EXECUTE format('ANALYZE observatory.obs_p%s', wanted);
        ANALYZE observatory.series, observatory.series_stat, observatory.period;
    END IF;
END $$;

CREATE FUNCTION observatory.gather_staged() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
BEGIN
    ANALYZE observatory.staged_observation, observatory.staged_change, observatory.series;
END $$;

REVOKE ALL ON FUNCTION observatory.gather_statistics, observatory.gather_staged FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.gather_statistics, observatory.gather_staged
    TO observatory_app;
"""


def upgrade() -> None:
    for statement in GATHER.split("\n\n"):  # asyncpg takes one at a time
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION observatory.gather_statistics, observatory.gather_staged")
