"""Begin a dataflow by tables made `AS` a query, which several processes compute together.

`INSERT … SELECT` is computed by one. Which versions a series has is counted where its codes are
found in the file, so the observations are not read again for it.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE FUNCTION observatory.stage_series(dimensions integer, texts text[], numbers integer[])
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET parallel_tuple_cost = 0 AS $$
DECLARE
    behind integer := nextval('series_series_id_seq') - 1;
    codes text := (SELECT string_agg('d' || n, ', ' ORDER BY n)
                     FROM generate_series(1, dimensions) n);
    whole text := (SELECT string_agg('d' || n || ' IS NOT NULL', ' AND ')
                     FROM generate_series(1, dimensions) n);
    others text := (SELECT coalesce(string_agg('NULL::text COLLATE "C" AS d' || n || ',', ' '), '')
                      FROM generate_series(dimensions + 1, 8) n);
BEGIN
    DROP TABLE staged_series;
    EXECUTE format($query$
        CREATE UNLOGGED TABLE staged_series AS
        SELECT (%s + row_number() OVER (ORDER BY %2$s))::integer AS series_id, %2$s, %3$s
               n_obs, first_period, last_period
          FROM (SELECT %2$s, (count(*) FILTER (WHERE is_live))::integer AS n_obs,
                       min(p.number) FILTER (WHERE is_live) AS first_period,
                       max(p.number) FILTER (WHERE is_live) AS last_period
                  FROM (SELECT %2$s, period, coalesce(action, '') <> 'D' AS is_live
                          FROM staged_observation WHERE %4$s) f
                  LEFT JOIN unnest($1, $2) AS p (text, number) ON p.text = f.period
                 GROUP BY %2$s) g$query$, behind, codes, others, whole) USING texts, numbers;
    REVOKE INSERT, UPDATE, DELETE ON staged_series FROM observatory_app;
    PERFORM setval('series_series_id_seq', greatest(behind + 1, max(series_id)))
       FROM staged_series;
END $$;

COMMENT ON FUNCTION observatory.stage_series IS
    'Numbers the series of a first file by the order of their keys and counts what each has, by'
    ' several processes, as a table made AS a query; lines whose period is unread are in';

CREATE FUNCTION observatory.begin_versions(
        wanted smallint, dimensions integer, texts text[], numbers integer[], is_sorted boolean)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp
    SET parallel_tuple_cost = 0 SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
    part text := format('obs_p%s', wanted);
    is_fresh boolean := to_regclass(format('observatory.%I', part)) IS NULL;
    same text := (SELECT string_agg(format('s.d%1$s = coalesce(f.d%1$s, '''')', n), ' AND ')
                    FROM generate_series(1, dimensions) n);
    written bigint;
BEGIN
    EXECUTE format(CASE WHEN is_fresh THEN 'CREATE TABLE %I AS'
                        ELSE 'INSERT INTO obs (value, numerator, denominator, series_id,'
                             ' period_id, rel_from, rel_to, ci_low, ci_high, se, flow, deleted,'
                             ' status, conf)' END, part)
        || format($query$
        SELECT f.value, f.numerator, f.denominator, s.series_id, p.number AS period_id,
               1 AS rel_from, NULL::integer AS rel_to, f.ci_low, f.ci_high, f.se,
               %s::smallint AS flow, false AS deleted, coalesce(f.status, 'A') AS status,
               coalesce(f.conf, 'F') AS conf
          FROM staged_observation f
          JOIN staged_series s ON %s
          JOIN unnest($1, $2) AS p (text, number) ON p.text = f.period
         WHERE coalesce(f.action, '') <> 'D' %s$query$, wanted, same,
        CASE WHEN is_sorted THEN '' ELSE 'ORDER BY s.series_id, p.number' END)
      USING texts, numbers;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF is_fresh THEN
        -- one scan for all that joining would look for in one each
        EXECUTE format('ALTER TABLE %I ALTER series_id SET NOT NULL, ALTER period_id SET NOT NULL,'
                       ' ALTER rel_from SET NOT NULL, ALTER flow SET NOT NULL,'
                       ' ALTER deleted SET NOT NULL,'
                       ' ADD CONSTRAINT of_flow CHECK (flow IS NOT NULL AND flow = %s)',
                       part, wanted);
        PERFORM join_partition('obs', wanted);
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_flow', part);
    END IF;
    RETURN written;
END $$;

COMMENT ON FUNCTION observatory.begin_versions IS
    'Writes the first release of a flow, into a table of its own by several processes; without'
    ' coalesce, of which no statistics are kept, lines would be hashed and not their series';

REVOKE INSERT, UPDATE, DELETE ON observatory.staged_series FROM observatory_app;

REVOKE ALL ON FUNCTION observatory.stage_series, observatory.begin_versions FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.stage_series, observatory.begin_versions TO observatory_app
"""


def upgrade() -> None:
    op.create_table(
        "staged_series",
        sa.Column("series_id", sa.Integer()),
        *(sa.Column(f"d{place}", sa.Text(collation="C")) for place in range(1, 9)),
        sa.Column("n_obs", sa.Integer()),
        sa.Column("first_period", sa.Integer()),
        sa.Column("last_period", sa.Integer()),
        schema="observatory",
        prefixes=["UNLOGGED"],
    )
    for statement in FUNCTIONS.split(";\n\n"):  # asyncpg takes one at a time
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION observatory.stage_series, observatory.begin_versions")
    op.drop_table("staged_series", schema="observatory")
