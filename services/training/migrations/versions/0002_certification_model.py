"""Give the certifications what their directory says of them.

Texts, partners with their habilitation, equivalences of blocs, the states of certifying bodies,
where each fact comes from and since when the daily file lacks it.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CERTIFICATION = (
    ("registration_years", sa.SmallInteger()),
    ("published_on", sa.Date()),
    ("objectives", sa.Text()),
    ("activities", sa.Text()),
    ("capacities", sa.Text()),
    ("sectors", sa.Text()),
    ("accessible_jobs", sa.Text()),
    ("prerequisites", sa.Text()),
    ("regulations", sa.Text()),
    ("url", sa.Text()),
    ("statistics", postgresql.JSONB()),
    ("source_id", sa.Text()),
    ("import_run_id", sa.Uuid()),
    ("absent_since", sa.DateTime(timezone=True)),
)


def _constrain(table: str, name: str, rule: str) -> None:
    """Add a rule without holding the table while its rows are looked through."""
    op.execute(
        f"ALTER TABLE training.{table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID"
    )
    op.execute(f"ALTER TABLE training.{table} VALIDATE CONSTRAINT ck_{table}_{name}")


def upgrade() -> None:
    for name, kind in _CERTIFICATION:
        op.add_column("certification", sa.Column(name, kind), schema="training")
    op.add_column("bloc", sa.Column("competences", sa.Text()), schema="training")
    op.add_column("bloc", sa.Column("assessment", sa.Text()), schema="training")
    op.add_column("classification", sa.Column("version", sa.Text()), schema="training")
    op.execute("ALTER TABLE training.classification DROP CONSTRAINT ck_classification_scheme")
    _constrain("classification", "scheme", "scheme IN ('rome', 'nsf', 'formacode', 'idcc')")
    op.add_column(
        "certifying_body",
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        schema="training",
    )
    op.add_column("certifying_body", sa.Column("state_since", sa.Date()), schema="training")
    _constrain("certifying_body", "state", "state IN ('active', 'inactive')")
    op.create_table(
        "partner",
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=True),
        sa.Column("active_since", sa.Date(), nullable=True),
        sa.CheckConstraint("role IN ('train', 'assess', 'both')", name=op.f("ck_partner_role")),
        sa.CheckConstraint("siret ~ '^[0-9]{14}$'", name=op.f("ck_partner_siret")),
        sa.CheckConstraint("state IN ('active', 'inactive')", name=op.f("ck_partner_state")),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["training.certification.id"],
            name=op.f("fk_partner_certification_id_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("certification_id", "position", name=op.f("pk_partner")),
        schema="training",
    )
    op.create_index(op.f("ix_partner_siret"), "partner", ["siret"], schema="training")
    op.create_table(
        "equivalence",
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_blocs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_blocs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["stated_by"],
            ["training.certification.id"],
            name=op.f("fk_equivalence_stated_by_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("stated_by", "position", name=op.f("pk_equivalence")),
        schema="training",
    )
    op.create_index(op.f("ix_equivalence_source"), "equivalence", ["source"], schema="training")
    op.create_index(op.f("ix_equivalence_target"), "equivalence", ["target"], schema="training")


def downgrade() -> None:
    op.drop_table("equivalence", schema="training")
    op.drop_table("partner", schema="training")
    op.drop_column("certifying_body", "state_since", schema="training")
    op.drop_column("certifying_body", "state", schema="training")
    op.execute("DELETE FROM training.classification WHERE scheme = 'idcc'")
    op.execute("ALTER TABLE training.classification DROP CONSTRAINT ck_classification_scheme")
    _constrain("classification", "scheme", "scheme IN ('rome', 'nsf', 'formacode')")
    op.drop_column("classification", "version", schema="training")
    op.drop_column("bloc", "assessment", schema="training")
    op.drop_column("bloc", "competences", schema="training")
    for name, _ in reversed(_CERTIFICATION):
        op.drop_column("certification", name, schema="training")
