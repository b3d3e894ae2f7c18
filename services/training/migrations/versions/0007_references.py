"""Draw the nomenclatures: their releases, and the codes of each.

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


def upgrade() -> None:
    op.create_table(
        "reference_version",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("producer", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("concepts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("scheme", "version", name=op.f("pk_reference_version")),
        schema="training",
    )
    op.create_table(
        "reference_concept",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=True),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("broader", sa.Text(), nullable=True),
        sa.Column("replaced_by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["scheme", "version"],
            ["training.reference_version.scheme", "training.reference_version.version"],
            name=op.f("fk_reference_concept_scheme_version_reference_version"),
        ),
        sa.PrimaryKeyConstraint("scheme", "version", "code", name=op.f("pk_reference_concept")),
        schema="training",
    )
    op.create_index(
        op.f("ix_reference_concept_scheme_code"),
        "reference_concept",
        ["scheme", "code"],
        unique=False,
        schema="training",
    )
    op.create_index(
        op.f("ix_reference_concept_scheme_version_broader_code"),
        "reference_concept",
        ["scheme", "version", "broader", "code"],
        unique=False,
        schema="training",
    )
    op.execute(
        "REVOKE DELETE ON training.reference_version, training.reference_concept FROM training_app"
    )


def downgrade() -> None:
    op.drop_table("reference_concept", schema="training")
    op.drop_table("reference_version", schema="training")
