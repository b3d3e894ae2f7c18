"""Aids are written, published and withdrawn by funders, and every public version is kept.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_INSTANTS = """
UPDATE diagnostic.opportunity SET
    opens_at = opens_on::timestamp AT TIME ZONE 'Europe/Paris',
    closes_at = (closes_on + 1)::timestamp AT TIME ZONE 'Europe/Paris'
"""
_DAYS = """
UPDATE diagnostic.opportunity SET
    opens_on = (opens_at AT TIME ZONE 'Europe/Paris')::date,
    closes_on = (closes_at AT TIME ZONE 'Europe/Paris' - interval '1 second')::date
"""
_KEEP_PRESENT = """
INSERT INTO diagnostic.opportunity_version (opportunity_id, version, content, content_hash,
    published_at)
SELECT id, version, content, content_hash, updated_at FROM diagnostic.opportunity
"""


def upgrade() -> None:
    # What is there ships with the service: its tenant is the house, and all of it is public.
    for name, value in (("tenant", "vigie"), ("status", "published")):
        op.add_column(
            "opportunity",
            sa.Column(name, sa.Text(), nullable=False, server_default=value),
            schema="diagnostic",
        )
        op.alter_column("opportunity", name, server_default=None, schema="diagnostic")
    for name in ("opens_at", "closes_at"):
        op.add_column(
            "opportunity",
            sa.Column(name, sa.DateTime(timezone=True), nullable=True),
            schema="diagnostic",
        )
    op.execute(_INSTANTS)
    op.drop_column("opportunity", "opens_on", schema="diagnostic")
    op.drop_column("opportunity", "closes_on", schema="diagnostic")
    op.create_check_constraint(
        op.f("ck_opportunity_status_known"),
        "opportunity",
        "status IN ('draft', 'published', 'withdrawn')",
        schema="diagnostic",
    )
    op.create_index(
        "ix_opportunity_tenant_code", "opportunity", ["tenant", "code"], schema="diagnostic"
    )
    op.create_table(
        "opportunity_version",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["diagnostic.opportunity.id"],
            name=op.f("fk_opportunity_version_opportunity_id_opportunity"),
        ),
        sa.PrimaryKeyConstraint("opportunity_id", "version", name=op.f("pk_opportunity_version")),
        schema="diagnostic",
    )
    op.execute(_KEEP_PRESENT)
    op.execute("REVOKE UPDATE, DELETE ON diagnostic.opportunity_version FROM diagnostic_app")
    op.execute("REVOKE DELETE ON diagnostic.opportunity FROM diagnostic_app")


def downgrade() -> None:
    op.execute("GRANT DELETE ON diagnostic.opportunity TO diagnostic_app")
    op.drop_table("opportunity_version", schema="diagnostic")
    op.execute("DELETE FROM diagnostic.opportunity WHERE status <> 'published'")
    op.drop_index("ix_opportunity_tenant_code", table_name="opportunity", schema="diagnostic")
    for name in ("opens_on", "closes_on"):
        op.add_column("opportunity", sa.Column(name, sa.Date(), nullable=True), schema="diagnostic")
    op.execute(_DAYS)
    op.drop_constraint(
        op.f("ck_opportunity_status_known"), "opportunity", schema="diagnostic", type_="check"
    )
    for name in ("tenant", "status", "opens_at", "closes_at"):
        op.drop_column("opportunity", name, schema="diagnostic")
