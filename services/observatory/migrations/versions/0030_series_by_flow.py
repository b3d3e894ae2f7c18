"""Keep series and their figures by dataflow, as observations are.

The four indexes of `series` cost a first release of a million series nine seconds, row by row in
those of all flows; a partition that is filled first has them in three.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CODES = tuple(f"d{place}" for place in range(1, 9))
MOVE = """
CREATE TABLE observatory.{table}_moved (LIKE observatory.{table} INCLUDING DEFAULTS
    INCLUDING COMMENTS){partition_by};

DO $$
DECLARE number smallint;
BEGIN
    FOR number IN SELECT f.number FROM observatory.flow f
                   WHERE '{partition_by}' <> ''
                     AND to_regclass(format('observatory.obs_p%s', f.number)) IS NOT NULL LOOP
        EXECUTE format('CREATE TABLE observatory.{table}_p%s'
                       ' PARTITION OF observatory.{table}_moved FOR VALUES IN (%s)',
                       number, number);
        EXECUTE format('REVOKE ALL ON observatory.{table}_p%s FROM observatory_app', number);
    END LOOP;
END $$;

INSERT INTO observatory.{table}_moved SELECT * FROM observatory.{table} ORDER BY series_id;

DROP TABLE observatory.{table};

ALTER TABLE observatory.{table}_moved RENAME TO {table};

REVOKE UPDATE ON observatory.{table} FROM observatory_app
"""
NUMBERED = """
CREATE SEQUENCE observatory.series_series_id_seq AS integer
    OWNED BY observatory.series.series_id;

SELECT setval('observatory.series_series_id_seq', 1 + coalesce(max(series_id), 0), false)
  FROM observatory.series;

ALTER TABLE observatory.series
    ALTER series_id SET DEFAULT nextval('observatory.series_series_id_seq')
"""
RIGHTS = """
GRANT SELECT ON observatory.series TO observatory_confidential;

GRANT UPDATE (rel_to) ON observatory.series_stat TO observatory_app
"""
FUNCTIONS = """
DROP FUNCTION observatory.fresh_partition(smallint);

DROP FUNCTION observatory.join_partition(smallint);

DROP FUNCTION observatory.gather_staged();

CREATE FUNCTION observatory.fresh_partition(parent text, wanted smallint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
DECLARE part text := format('%s_p%s', parent, wanted);
BEGIN
    IF parent NOT IN ('series', 'series_stat') THEN
        RAISE EXCEPTION '% is not filled so', parent USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM observatory.flow WHERE number = wanted) THEN
        RAISE EXCEPTION 'there is no flow %', wanted USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF to_regclass(format('observatory.%I', part)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE observatory.%I (LIKE observatory.%I INCLUDING DEFAULTS)',
                   part, parent);
    EXECUTE format('REVOKE ALL ON observatory.%I FROM observatory_app', part);
    EXECUTE format('GRANT INSERT ON observatory.%I TO observatory_app', part);
    RETURN true;
END $$;

COMMENT ON FUNCTION observatory.fresh_partition IS
    'The service owns no table: this makes that of a flow, to be filled and joined at once';

CREATE FUNCTION observatory.join_partition(parent text, wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET maintenance_work_mem = '256MB' AS $$
DECLARE part text := format('%s_p%s', parent, wanted);
BEGIN
    IF parent NOT IN ('series', 'series_stat', 'obs') THEN
        RAISE EXCEPTION '% is not kept by dataflow', parent USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('REVOKE ALL ON observatory.%I FROM observatory_app', part);
    EXECUTE format('ALTER TABLE observatory.%I ATTACH PARTITION observatory.%I'
                   ' FOR VALUES IN (%s)', parent, part, wanted);
END $$;

COMMENT ON FUNCTION observatory.join_partition IS
    'Builds the indexes of a filled partition; from now on it is reached through its parent only';

CREATE FUNCTION observatory.gather_staged(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET default_statistics_target = 20 AS $$
BEGIN
    ANALYZE observatory.staged_observation, observatory.staged_series,
        observatory.staged_change;
    IF to_regclass(format('observatory.series_p%s', wanted)) IS NOT NULL THEN
        EXECUTE format('ANALYZE observatory.series_p%s', wanted);
    END IF;
END $$;

CREATE FUNCTION observatory.has_grown(parent text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = observatory, pg_temp AS $$
    SELECT coalesce(sum(c.reltuples) > 1.2 * greatest(max(p.reltuples), 0), false)
      FROM pg_class p JOIN pg_inherits i ON i.inhparent = p.oid
      JOIN pg_class c ON c.oid = i.inhrelid AND c.reltuples > 0
     WHERE p.oid = format('observatory.%I', parent)::regclass
$$;

COMMENT ON FUNCTION observatory.has_grown IS
    'Whether the partitions hold a fifth more than when statistics of all were gathered';

CREATE OR REPLACE FUNCTION observatory.gather_statistics(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
DECLARE
    parent text;
    part regclass;
BEGIN
    ANALYZE observatory.period;
    FOREACH parent IN ARRAY ARRAY['series', 'series_stat', 'obs'] LOOP
        part := to_regclass(format('observatory.%I', parent || '_p' || wanted));
        IF part IS NOT NULL AND NOT observatory.has_grown(parent) THEN
            EXECUTE format('ANALYZE %s', part);
        END IF;
        IF observatory.has_grown(parent) THEN
            EXECUTE format('ANALYZE observatory.%I', parent);  -- and each partition
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION observatory.fresh_partition, observatory.join_partition,
    observatory.gather_staged, observatory.has_grown FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.fresh_partition, observatory.join_partition,
    observatory.gather_staged TO observatory_app
"""
UNNUMBERED = """
ALTER TABLE observatory.series ALTER series_id DROP DEFAULT;

DROP SEQUENCE observatory.series_series_id_seq
"""
NUMBERED_BEFORE = """
ALTER TABLE observatory.series ALTER series_id ADD GENERATED ALWAYS AS IDENTITY;

SELECT setval('observatory.series_series_id_seq', 1 + coalesce(max(series_id), 0), false)
  FROM observatory.series
"""
FUNCTIONS_BEFORE = """
DROP FUNCTION observatory.fresh_partition(text, smallint);

DROP FUNCTION observatory.join_partition(text, smallint);

DROP FUNCTION observatory.gather_staged(smallint);

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

CREATE FUNCTION observatory.join_partition(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET maintenance_work_mem = '256MB' AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON observatory.obs_p%s FROM observatory_app', wanted);
    EXECUTE format('ALTER TABLE observatory.obs ATTACH PARTITION observatory.obs_p%s'
                   ' FOR VALUES IN (%s)', wanted, wanted);
END $$;

CREATE FUNCTION observatory.gather_staged() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET default_statistics_target = 20 AS $$
BEGIN
    ANALYZE observatory.staged_observation, observatory.staged_change, observatory.series;
END $$;

CREATE OR REPLACE FUNCTION observatory.gather_statistics(wanted smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
BEGIN
    IF to_regclass(format('observatory.obs_p%s', wanted)) IS NOT NULL THEN
        EXECUTE format('ANALYZE observatory.obs_p%s', wanted);
        ANALYZE observatory.series, observatory.series_stat, observatory.period;
    END IF;
    IF (SELECT sum(c.reltuples) > 1.2 * greatest(p.reltuples, 0)
          FROM pg_class p JOIN pg_inherits i ON i.inhparent = p.oid
          JOIN pg_class c ON c.oid = i.inhrelid AND c.reltuples > 0
         WHERE p.oid = 'observatory.obs'::regclass GROUP BY p.reltuples) THEN
        ANALYZE observatory.obs;
    END IF;
END $$;

REVOKE ALL ON FUNCTION observatory.fresh_partition, observatory.join_partition,
    observatory.gather_staged FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.fresh_partition, observatory.join_partition,
    observatory.gather_staged TO observatory_app
"""


def upgrade() -> None:
    _move(" PARTITION BY LIST (flow)", ["flow"])
    _run(NUMBERED)
    _run(FUNCTIONS)


def downgrade() -> None:
    _run(UNNUMBERED)
    _move("", [])
    _run(NUMBERED_BEFORE)
    _run(FUNCTIONS_BEFORE)
    op.execute("DROP FUNCTION observatory.has_grown")


def _move(partition_by: str, also: list[str]) -> None:
    """Write both tables anew, then what holds of them."""
    for table in ("series", "series_stat"):
        _run(MOVE.format(table=table, partition_by=partition_by))
    _run(RIGHTS)
    op.create_primary_key("pk_series", "series", ["series_id", *also], schema="observatory")
    op.create_primary_key(
        "pk_series_stat", "series_stat", ["series_id", "rel_from", *also], schema="observatory"
    )
    op.create_index("uq_series_key", "series", ["flow", *CODES], unique=True, schema="observatory")
    for name in CODES[1:]:
        op.create_index(
            f"ix_series_{name}",
            "series",
            ["flow", name],
            schema="observatory",
            postgresql_where=sa.text(f"{name} <> ''"),
        )


def _run(statements: str) -> None:
    """Run one after the other: asyncpg takes one at a time."""
    for statement in statements.split(";\n\n"):
        op.execute(statement)
