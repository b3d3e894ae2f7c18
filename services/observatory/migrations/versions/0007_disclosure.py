"""Disclosure control: runs, what is confidential, and from which release on a mask holds.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RIGHTS = """
CREATE FUNCTION observatory.keep_mask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN observatory.release r
                 ON r.flow = gone.flow AND r.ordinal = gone.since
                WHERE r.published_at <= statement_timestamp()) THEN
        RAISE EXCEPTION 'what was hidden stays hidden' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER keep_mask AFTER DELETE ON observatory.suppression
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION observatory.keep_mask();

REVOKE INSERT, UPDATE, DELETE ON observatory.suppression, observatory.disclosure_run
  FROM observatory_app;

GRANT SELECT, INSERT, DELETE ON observatory.suppression TO observatory_confidential;

GRANT SELECT, INSERT ON observatory.disclosure_run, observatory.release_deed
   TO observatory_confidential;

GRANT SELECT ON observatory.obs, observatory.series, observatory.period, observatory.release,
    observatory.flow, observatory.artefact, observatory.code, observatory.catalogue_revision
   TO observatory_confidential;
"""
REVOKED = """
DROP TRIGGER keep_mask ON observatory.suppression;

DROP FUNCTION observatory.keep_mask;

REVOKE ALL ON observatory.suppression, observatory.release_deed, observatory.obs,
    observatory.series, observatory.period, observatory.release, observatory.flow,
    observatory.artefact, observatory.code, observatory.catalogue_revision
  FROM observatory_confidential;

GRANT INSERT, UPDATE, DELETE ON observatory.suppression TO observatory_app;
"""


def upgrade() -> None:
    op.create_table(
        "disclosure_run",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("release", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.SmallInteger(), nullable=False),
        sa.Column(
            "since",
            sa.Integer(),
            nullable=False,
            comment="Ordinal of the release, from which on its mask holds",
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False, comment="Version of the policy file"),
        sa.Column("source", sa.Text(), nullable=False, comment="Whose rules of it"),
        sa.Column(
            "newly_hidden",
            sa.Integer(),
            nullable=False,
            comment="Cells that no earlier release had hidden",
        ),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("state IN ('passed', 'failed')", name=op.f("ck_disclosure_run_state")),
        sa.ForeignKeyConstraint(
            ["flow"], ["observatory.flow.number"], name=op.f("fk_disclosure_run_flow_flow")
        ),
        sa.ForeignKeyConstraint(
            ["release"], ["observatory.release.id"], name=op.f("fk_disclosure_run_release_release")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_disclosure_run")),
        schema="observatory",
    )
    op.create_index(
        "ix_disclosure_run_flow", "disclosure_run", ["flow", "since"], schema="observatory"
    )
    op.create_index(
        op.f("ix_disclosure_run_release"), "disclosure_run", ["release"], schema="observatory"
    )
    op.create_table(
        "contribution",
        sa.Column("release", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("weight", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("release", "period", "codes", "unit", name=op.f("pk_contribution")),
        schema="confidential",
    )
    op.create_table(
        "disclosure_decision",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("units", sa.Numeric(), nullable=True, comment="Weighted number of units"),
        sa.Column("max_share", sa.Numeric(), nullable=True, comment="Of the largest unit"),
        sa.Column(
            "need", sa.Numeric(), nullable=False, comment="How uncertain it must stay, either way"
        ),
        sa.PrimaryKeyConstraint("run", "period", "codes", name=op.f("pk_disclosure_decision")),
        schema="confidential",
    )
    # nothing is hidden yet: what hides is born with this migration
    op.add_column(
        "suppression",
        sa.Column(
            "since", sa.Integer(), nullable=False, comment="Ordinal of the release that hid it"
        ),
        schema="observatory",
    )
    op.drop_index("ix_suppression_flow", table_name="suppression", schema="observatory")
    op.create_index("ix_suppression_flow", "suppression", ["flow", "since"], schema="observatory")
    op.drop_column("flow", "mask_revision", schema="observatory")
    for statement in RIGHTS.split(";\n\n"):
        op.execute(statement)


def downgrade() -> None:
    op.add_column(
        "flow",
        sa.Column(
            "mask_revision",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Counts the changes of what is suppressed; 0 is nothing",
        ),
        schema="observatory",
    )
    op.drop_index("ix_suppression_flow", table_name="suppression", schema="observatory")
    op.create_index("ix_suppression_flow", "suppression", ["flow"], schema="observatory")
    for statement in REVOKED.split(";\n\n"):
        op.execute(statement)
    op.drop_column("suppression", "since", schema="observatory")
    op.drop_table("disclosure_decision", schema="confidential")
    op.drop_table("contribution", schema="confidential")
    op.drop_table("disclosure_run", schema="observatory")
