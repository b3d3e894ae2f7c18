"""The store: releases, series, versions of observations, and what is being loaded.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CODES = tuple(f"d{place}" for place in range(1, 9))
FLOATS, REALS, TEXTS = (
    ("value", "numerator", "denominator"),
    ("ci_low", "ci_high", "se"),
    (
        "status",
        "conf",
    ),
)

PROTECTION = """
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

COMMENT ON FUNCTION observatory.open_partition IS
    'The service owns no table: this makes the partition of a flow, reached through obs only';

REVOKE ALL ON FUNCTION observatory.open_partition FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.open_partition TO observatory_app;

CREATE FUNCTION observatory.keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN observatory.release r
                 ON r.flow = gone.flow AND r.ordinal = gone.rel_from
                WHERE r.published_at <= statement_timestamp()) THEN
        RAISE EXCEPTION 'what was published stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER keep_published AFTER DELETE ON observatory.obs
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION observatory.keep_published();

CREATE FUNCTION observatory.keep_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at <= statement_timestamp() AND
       (OLD.flow, OLD.ordinal, OLD.state, OLD.published_at, OLD.reason, OLD.method, OLD.source,
        OLD.file_sha256, OLD.n_obs, OLD.n_series)
       IS DISTINCT FROM
       (NEW.flow, NEW.ordinal, NEW.state, NEW.published_at, NEW.reason, NEW.method, NEW.source,
        NEW.file_sha256, NEW.n_obs, NEW.n_series) THEN
        RAISE EXCEPTION 'what was published stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_release BEFORE UPDATE ON observatory.release
    FOR EACH ROW EXECUTE FUNCTION observatory.keep_release();

REVOKE UPDATE, DELETE ON observatory.release_deed FROM observatory_app;

REVOKE DELETE ON observatory.release FROM observatory_app;

REVOKE UPDATE ON observatory.obs, observatory.series_stat, observatory.series,
    observatory.staged_observation, observatory.staged_change FROM observatory_app;

GRANT UPDATE (rel_to) ON observatory.obs, observatory.series_stat TO observatory_app;

GRANT TRUNCATE ON observatory.staged_observation, observatory.staged_change TO observatory_app;

GRANT UPDATE ON SEQUENCE observatory.staged_observation_line_seq TO observatory_app;

REVOKE UPDATE, DELETE ON observatory.period FROM observatory_app;
"""


def _int(name, *, nullable=True, **options):
    return sa.Column(name, sa.Integer(), nullable=nullable, **options)


def _key(name, kind=sa.Integer):
    return sa.Column(name, kind(), autoincrement=False, nullable=False)


def _measured():
    return [
        *(sa.Column(name, sa.Float()) for name in FLOATS),
        *(sa.Column(name, sa.REAL()) for name in REALS),
        *(sa.Column(name, sa.Text()) for name in TEXTS),
    ]


def upgrade() -> None:
    _releases()
    op.create_table(
        "period",
        _key("number"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_period")),
        sa.UniqueConstraint("text", name=op.f("uq_period_text")),
        schema="observatory",
    )
    _series()
    op.create_table(
        "obs",
        *(sa.Column(name, sa.Float()) for name in FLOATS),
        _key("series_id"),
        _key("period_id"),
        _key("rel_from"),
        _int("rel_to"),
        *(sa.Column(name, sa.REAL()) for name in REALS),
        _key("flow", sa.SmallInteger),
        sa.Column("deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *(sa.Column(name, sa.Text()) for name in TEXTS),
        sa.PrimaryKeyConstraint("series_id", "period_id", "rel_from", "flow", name="pk_obs"),
        schema="observatory",
        postgresql_partition_by="LIST (flow)",
    )
    op.create_index(
        "ix_obs_rel_from",
        "obs",
        ["rel_from"],
        schema="observatory",
        postgresql_where=sa.text("rel_from > 1"),
    )
    op.create_index(
        "uq_obs_live",
        "obs",
        ["series_id", "period_id", "flow"],
        unique=True,
        schema="observatory",
        postgresql_where=sa.text("rel_to IS NULL"),
    )
    op.create_table(
        "suppression",
        _key("series_id"),
        _key("period_id"),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        sa.Column("conf", sa.Text(), nullable=False, comment="Its CONF_STATUS"),
        sa.ForeignKeyConstraint(
            ["flow"], ["observatory.flow.number"], name=op.f("fk_suppression_flow_flow")
        ),
        sa.PrimaryKeyConstraint("series_id", "period_id", name=op.f("pk_suppression")),
        schema="observatory",
    )
    op.create_index("ix_suppression_flow", "suppression", ["flow"], schema="observatory")
    op.create_table(
        "staged_observation",
        sa.Column("line", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("period", sa.Text(collation="C")),
        sa.Column("action", sa.Text()),
        *(sa.Column(name, sa.Text(collation="C")) for name in CODES),
        *_measured(),
        schema="observatory",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "staged_change",
        _int("series_id", nullable=False),
        _int("period_id", nullable=False),
        sa.Column("action", sa.Text(), nullable=False, comment="A added, R revised, D deleted"),
        sa.Column("delta", sa.Float(), comment="How far the value moved"),
        *_measured(),
        schema="observatory",
        prefixes=["UNLOGGED"],
    )
    for statement in PROTECTION.split("\n\n"):  # asyncpg takes one at a time
        op.execute(statement)


def _releases() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        _int("ordinal"),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("announced_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column(
            "outcome",
            postgresql.JSONB(astext_type=sa.Text()),
            comment="Why it was rejected or withdrawn, in both languages",
        ),
        sa.Column(
            "structure",
            sa.Text(),
            nullable=False,
            comment="Version of the dataflow that it was judged by",
        ),
        sa.Column("notes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text()),
        _int("file_rows"),
        sa.Column("diff", postgresql.JSONB(astext_type=sa.Text())),
        _int("n_obs"),
        _int("n_series"),
        _int("first_period"),
        _int("last_period"),
        sa.Column(
            "present",
            postgresql.JSONB(astext_type=sa.Text()),
            comment="Codes and periods that have data, by dimension",
        ),
        sa.CheckConstraint(
            "(ordinal IS NOT NULL) = (state IN ('validated', 'published'))",
            name=op.f("ck_release_ordinal"),
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')",
            name=op.f("ck_release_published"),
        ),
        sa.CheckConstraint(
            "reason IN ('data', 'method', 'classification')", name=op.f("ck_release_reason")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'validated', 'published', 'rejected')",
            name=op.f("ck_release_state"),
        ),
        sa.ForeignKeyConstraint(
            ["flow"], ["observatory.flow.number"], name=op.f("fk_release_flow_flow")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        schema="observatory",
    )
    op.create_table(
        "release_deed",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("release", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release"], ["observatory.release.id"], name=op.f("fk_release_deed_release_release")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_release_deed")),
        schema="observatory",
    )
    op.create_index(
        op.f("ix_release_deed_release"), "release_deed", ["release"], schema="observatory"
    )
    op.create_index(
        "ix_release_published_at", "release", ["published_at", "id"], schema="observatory"
    )
    op.create_index(
        "ix_release_unannounced",
        "release",
        ["published_at"],
        schema="observatory",
        postgresql_where=sa.text("state = 'published' AND announced_at IS NULL"),
    )
    op.create_index(
        "uq_release_flow_ordinal",
        "release",
        ["flow", "ordinal"],
        unique=True,
        schema="observatory",
        postgresql_where=sa.text("ordinal IS NOT NULL"),
    )


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("series_id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        _int("since", nullable=False, comment="Ordinal of the release that brought it"),
        *(
            sa.Column(name, sa.Text(collation="C"), server_default="", nullable=False)
            for name in CODES
        ),
        sa.ForeignKeyConstraint(
            ["flow"], ["observatory.flow.number"], name=op.f("fk_series_flow_flow")
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_series")),
        schema="observatory",
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
    op.create_table(
        "series_stat",
        _key("series_id"),
        _key("rel_from"),
        _int("rel_to"),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        _int("n_obs", nullable=False),
        _int("n_versions", nullable=False, comment="Up to rel_from, deletions too"),
        _int("first_period"),
        _int("last_period"),
        sa.PrimaryKeyConstraint("series_id", "rel_from", name=op.f("pk_series_stat")),
        schema="observatory",
    )


def downgrade() -> None:
    for table in (
        "staged_change",
        "staged_observation",
        "suppression",
        "obs",
        "series_stat",
        "series",
        "period",
        "release_deed",
        "release",
    ):
        op.drop_table(table, schema="observatory")
    op.execute(
        "DROP FUNCTION observatory.open_partition, observatory.keep_published,"
        " observatory.keep_release"
    )
