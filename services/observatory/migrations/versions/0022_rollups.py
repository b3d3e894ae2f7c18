"""The national level: the registry of nodes, and roll-ups of what they publish.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SCHEMA = "observatory"
_TABLES = (
    "rollup_run",
    "rollup_figure",
    "rollup_source",
    "rollup",
    "federation_deed",
    "node_certificate",
    "node",
)

HIDE = """
CREATE FUNCTION observatory.hide_with_release(wanted uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = observatory, pg_temp AS $$
DECLARE
    unseen release%ROWTYPE;
    hidden integer;
BEGIN
    SELECT * INTO unseen FROM release WHERE id = wanted AND state = 'validated';
    INSERT INTO suppression (series_id, period_id, flow, conf, since)
    SELECT o.series_id, o.period_id, o.flow, o.conf, unseen.ordinal
      FROM obs o
     WHERE o.flow = unseen.flow AND o.rel_to IS NULL AND NOT o.deleted AND o.conf = 'C'
        ON CONFLICT (series_id, period_id) DO NOTHING;
    GET DIAGNOSTICS hidden = ROW_COUNT;
    INSERT INTO disclosure_run (release, flow, since, state, policy, source, newly_hidden, counts)
    SELECT unseen.id, unseen.flow, unseen.ordinal, 'passed', 'rollup', 'regions', hidden, '{}'
     WHERE hidden > 0;
    RETURN hidden;
END $$;

REVOKE ALL ON FUNCTION observatory.hide_with_release FROM PUBLIC;

GRANT EXECUTE ON FUNCTION observatory.hide_with_release TO observatory_app;
"""
"""The service's role may hide in every vintage what a release that nobody has seen says is
confidential; it can show nothing again, and hide nothing else."""

RIGHTS = """
REVOKE UPDATE, DELETE ON observatory.node_certificate, observatory.federation_deed,
    observatory.rollup_run FROM observatory_app;
"""


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _code(name: str, comment: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, comment=comment)


def _json(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=False, comment=comment)


def _at(name: str) -> sa.Column[object]:
    now = sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def _once(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment)


def _count(name: str, default: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _foreign(table: str, column: str, to: str, **options: str) -> sa.ForeignKeyConstraint:
    other = to.partition(".")[0]
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{SCHEMA}.{to}"], name=name, **options)


def _make(table: str, key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> None:
    primary = sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}"))
    op.create_table(table, *columns, primary, schema=SCHEMA)


def upgrade() -> None:
    _make_nodes()
    _make_rollups()
    for statement in f"{HIDE}\n\n{RIGHTS}".split(";\n\n"):
        if statement.strip():
            op.execute(statement)


def _make_nodes() -> None:
    _make(
        "node",
        ("agency",),
        *map(_text, ("agency", "tenant", "name_fr", "name_en", "region", "base_url")),
        _text("public_key", comment="Ed25519, base64url: what it signs with"),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _count("version", "1"),
        _at("updated_at"),
        sa.Column(
            "answered",
            sa.SmallInteger(),
            nullable=True,
            comment="Status of its last answer; 0 where it gave none",
        ),
    )
    _make(
        "node_certificate",
        ("seq",),
        _number("seq"),
        _text("agency"),
        _text("sha256", comment="Of the report's canonical form (RFC 8785)"),
        _json("document"),
        _at("received_at"),
        _foreign("node_certificate", "agency", "node.agency"),
    )
    index = op.f("ix_node_certificate_agency")
    op.create_index(index, "node_certificate", ["agency"], schema=SCHEMA)
    _make(
        "federation_deed",
        ("seq",),
        _number("seq"),
        _at("at"),
        *map(_text, ("client", "subject", "action", "entity", "entity_id")),
        _json("detail"),
    )


def _make_rollups() -> None:
    _make(
        "rollup",
        ("id",),
        *map(_text, ("id", "tenant")),
        _json("name"),
        _text("dataflow", comment="Ours, that the results are published in"),
        _text("source", comment="Id of the dataflow of each node"),
        _text("dimension", comment="Of the areas"),
        _text("area", comment="Code of the country"),
        _text("method"),
        _text("method_version", comment="MAJOR.MINOR"),
        _text("errors"),
        sa.Column("least_coverage", sa.Float(), nullable=False),
        sa.Column("silent_after_hours", sa.Integer(), nullable=False),
        _json("parts"),
        _count("version", "1"),
        _at("updated_at"),
        sa.CheckConstraint("errors IN ('independent', 'shared')", name=op.f("ck_rollup_errors")),
    )
    _make(
        "rollup_source",
        ("rollup", "area"),
        *map(_text, ("rollup", "area", "agency")),
        _text("since", nullable=True, comment="Vintage of the last whole round, as told"),
        _text("as_of", nullable=True, comment="Vintage of the round that is being read"),
        _count("place", "0"),
        _count("round", "0"),
        _flag("is_whole"),
        _text("etag", nullable=True),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("'-infinity'"),
            nullable=False,
        ),
        _once("current_at", "When nothing was left to read"),
        _once("whole_at", "When everything was read last"),
        _text("failure", nullable=True),
        _flag("is_refused"),
        _foreign("rollup_source", "rollup", "rollup.id", ondelete="CASCADE"),
    )
    _make(
        "rollup_figure",
        ("rollup", "key", "period", "area"),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("se", sa.REAL(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        _code("rollup"),
        _code("key", "Codes but that of the area"),
        _code("period"),
        _code("area"),
        _foreign("rollup_figure", "rollup", "rollup.id", ondelete="CASCADE"),
    )
    _make(
        "rollup_run",
        ("number",),
        _number("number"),
        _text("rollup"),
        sa.Column("release", sa.Uuid(), nullable=False),
        _at("at"),
        _text("client"),
        sa.Column("coverage", sa.Float(), nullable=False),
        _json("counts", "Cells by outcome"),
        _json("definition"),
        _json("sources"),
        _foreign("rollup_run", "rollup", "rollup.id"),
        _foreign("rollup_run", "release", "release.id"),
    )
    op.create_index(op.f("ix_rollup_run_rollup"), "rollup_run", ["rollup"], schema=SCHEMA)


def downgrade() -> None:
    op.execute("DROP FUNCTION observatory.hide_with_release")
    for table in _TABLES:
        op.drop_table(table, schema=SCHEMA)
