"""Reading keys, grids and sheets beside the structures, and who wrote them by hand.

The service may add to the trail of deeds and read it, nothing else.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SCHEMA = "observatory"
_BEFORE = "'codelist', 'concept_scheme', 'code_map', 'data_structure', 'dataflow', 'indicator'"
_ADDED = "'reading_key', 'grid', 'sheet'"
_FORGET_DEPRECATIONS = """
DELETE FROM observatory.deprecation d USING observatory.artefact a
 WHERE a.number = d.artefact AND a.kind IN ('reading_key', 'grid', 'sheet')
"""
_FORGET = "DELETE FROM observatory.artefact WHERE kind IN ('reading_key', 'grid', 'sheet')"
_COUNT = "UPDATE observatory.catalogue_revision SET revision = revision + 1"


def _allow(kinds: str) -> None:
    """Change the check without reading the table under a lock that stops writers."""
    table, name = f"{SCHEMA}.artefact", "ck_artefact_kind"
    op.execute(
        f"ALTER TABLE {table} DROP CONSTRAINT {name},"
        f" ADD CONSTRAINT {name} CHECK (kind IN ({kinds})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def upgrade() -> None:
    _allow(f"{_BEFORE}, {_ADDED}")
    table = "artefact_deed"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("deed", "urn", "sha256", "client", "subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema=SCHEMA,
    )
    op.execute(f"REVOKE UPDATE, DELETE ON {SCHEMA}.{table} FROM observatory_app")


def downgrade() -> None:
    op.drop_table("artefact_deed", schema=SCHEMA)
    op.execute(_FORGET_DEPRECATIONS)
    op.execute(_FORGET)
    op.execute(_COUNT)
    _allow(_BEFORE)
