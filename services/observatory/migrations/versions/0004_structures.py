"""Structures: agencies, artefacts in versions, codes, crosswalks, numbers of dataflows.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEEP_STABLE = """
CREATE FUNCTION observatory.keep_stable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT OLD.is_draft THEN
        RAISE EXCEPTION 'a stable artefact does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_stable BEFORE UPDATE OR DELETE ON observatory.artefact
    FOR EACH ROW EXECUTE FUNCTION observatory.keep_stable();

CREATE FUNCTION observatory.keep_stable_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM observatory.artefact
                WHERE number = (to_jsonb(OLD) ->> TG_ARGV[0])::int AND NOT is_draft) THEN
        RAISE EXCEPTION 'a stable artefact does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER keep_stable BEFORE DELETE ON observatory.code
    FOR EACH ROW EXECUTE FUNCTION observatory.keep_stable_member('codelist');

CREATE TRIGGER keep_stable BEFORE DELETE ON observatory.code_mapping
    FOR EACH ROW EXECUTE FUNCTION observatory.keep_stable_member('code_map');

REVOKE UPDATE ON observatory.code, observatory.code_mapping FROM observatory_app;

REVOKE DELETE ON observatory.agency, observatory.flow FROM observatory_app;

REVOKE INSERT, DELETE ON observatory.catalogue_revision FROM observatory_app;

INSERT INTO observatory.catalogue_revision (revision) VALUES (0);
"""


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        schema="observatory",
    )
    op.create_table(
        "catalogue_revision",
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_catalogue_revision")),
        schema="observatory",
    )
    op.create_table(
        "artefact",
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('codelist', 'concept_scheme', 'code_map', 'data_structure', 'dataflow', "
            "'indicator')",
            name=op.f("ck_artefact_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["agency"], ["observatory.agency.id"], name=op.f("fk_artefact_agency_agency")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_artefact")),
        sa.UniqueConstraint(
            "kind", "agency", "id", "version", name=op.f("uq_artefact_kind_agency_id_version")
        ),
        schema="observatory",
    )
    op.create_table(
        "flow",
        sa.Column("number", sa.SmallInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column(
            "mask_revision",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Counts the changes of what is suppressed; 0 is nothing",
        ),
        sa.ForeignKeyConstraint(
            ["agency"], ["observatory.agency.id"], name=op.f("fk_flow_agency_agency")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_flow")),
        sa.UniqueConstraint("agency", "id", "major", name=op.f("uq_flow_agency_id_major")),
        schema="observatory",
    )
    op.create_table(
        "code",
        sa.Column("codelist", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["codelist"],
            ["observatory.artefact.number"],
            name=op.f("fk_code_codelist_artefact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("codelist", "code", name=op.f("pk_code")),
        schema="observatory",
    )
    op.create_table(
        "code_mapping",
        sa.Column("code_map", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_map"],
            ["observatory.artefact.number"],
            name=op.f("fk_code_mapping_code_map_artefact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_map", "source", "target", name=op.f("pk_code_mapping")),
        schema="observatory",
    )
    for statement in KEEP_STABLE.split("\n\n"):  # asyncpg takes one at a time
        op.execute(statement)


def downgrade() -> None:
    for table in ("code_mapping", "code", "flow", "artefact", "catalogue_revision", "agency"):
        op.drop_table(table, schema="observatory")
    op.execute("DROP FUNCTION observatory.keep_stable, observatory.keep_stable_member")
