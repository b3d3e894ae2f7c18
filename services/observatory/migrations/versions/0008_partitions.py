"""Load faster: fill the partition of a dataflow before it has indexes, and attach it.

`CREATE TABLE … PARTITION OF` waits for every reader of `obs`, and every reader for it; attaching
does not. A series' flow was looked up once per series, though one statement writes those of one
release, whose flow is looked up; flows are never deleted.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PARTITIONS = """
CREATE FUNCTION observatory.fresh_partition(wanted smallint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM observatory.flow WHERE number = wanted) THEN
        RAISE EXCEPTION 'there is no flow %', wanted USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF to_regclass(format('observatory.obs_p%s', wanted)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE observatory.obs_p%s (LIKE observatory.obs INCLUDING DEFAULTS)',
                   wanted);
    EXECUTE format('REVOKE ALL ON observatory.obs_p%s FROM observatory_app', wanted);
    EXECUTE format('GRANT INSERT ON observatory.obs_p%s TO observatory_app', wanted);
    RETURN true;
END $$;

COMMENT ON FUNCTION observatory.fresh_partition IS
    'The service owns no table: this makes that of a flow, to be filled and joined to obs at once';

CREATE FUNCTION observatory.join_partition(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET maintenance_work_mem = '256MB' AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON observatory.obs_p%s FROM observatory_app', wanted);
    EXECUTE format('ALTER TABLE observatory.obs ATTACH PARTITION observatory.obs_p%s'
                   ' FOR VALUES IN (%s)', wanted, wanted);
END $$;

COMMENT ON FUNCTION observatory.join_partition IS
    'Builds the indexes of a filled partition; from now on it is reached through obs only';

REVOKE ALL ON FUNCTION observatory.fresh_partition, observatory.join_partition FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.fresh_partition, observatory.join_partition
    TO observatory_app;

DROP FUNCTION observatory.open_partition;

ALTER FUNCTION observatory.gather_staged SET default_statistics_target = 20;

ALTER SEQUENCE observatory.staged_observation_line_seq CACHE 1000;

ALTER TABLE observatory.series DROP CONSTRAINT fk_series_flow_flow
"""
BEFORE = """
ALTER TABLE observatory.series ADD CONSTRAINT fk_series_flow_flow
    FOREIGN KEY (flow) REFERENCES observatory.flow (number) NOT VALID;

ALTER TABLE observatory.series VALIDATE CONSTRAINT fk_series_flow_flow;

ALTER SEQUENCE observatory.staged_observation_line_seq CACHE 1;

ALTER FUNCTION observatory.gather_staged RESET default_statistics_target;

DROP FUNCTION observatory.fresh_partition, observatory.join_partition;

CREATE FUNCTION observatory.open_partition(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM observatory.flow WHERE number = wanted) THEN
        RAISE EXCEPTION 'there is no flow %', wanted USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF to_regclass(format('observatory.obs_p%s', wanted)) IS NULL THEN
        EXECUTE format('CREATE TABLE observatory.obs_p%s PARTITION OF observatory.obs'
                       ' FOR VALUES IN (%s)', wanted, wanted);
        EXECUTE format('REVOKE ALL ON observatory.obs_p%s FROM observatory_app', wanted);
    END IF;
END $$;

REVOKE ALL ON FUNCTION observatory.open_partition FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.open_partition TO observatory_app;

SELECT observatory.open_partition(number) FROM observatory.flow;
"""


def upgrade() -> None:
    _run(PARTITIONS)


def downgrade() -> None:
    _run(BEFORE)


def _run(statements: str) -> None:
    """Run one after the other: asyncpg takes one at a time."""
    for statement in statements.split(";\n\n"):
        op.execute(statement)
