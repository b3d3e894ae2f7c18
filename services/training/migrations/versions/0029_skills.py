"""Keep the skills that jobs want, and which offers and certifications teach them.

New tables only; the bootstrap that follows fills those of jobs, the service the links, behind.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def _link(name: str, owner: str, *more: sa.Column[object]) -> None:
    """Create a table of links with skills, of certifications or formations."""
    keys = [f"{owner}_id", "skill", *(one.name for one in more if not one.nullable)]
    op.create_table(
        name,
        sa.Column(f"{owner}_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        *more,
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=False),
        sa.CheckConstraint(
            "method IN ('declared', 'classified', 'extracted')", name=op.f(f"ck_{name}_method")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f(f"ck_{name}_level")),
        sa.CheckConstraint(
            "confidence > 0 AND confidence <= 1", name=op.f(f"ck_{name}_confidence")
        ),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"],
            [f"training.{owner}.id"],
            name=op.f(f"fk_{name}_{owner}_id_{owner}"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")),
        schema="training",
    )


def upgrade() -> None:
    op.create_table(
        "skill",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label_fr", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("words", postgresql.TSQUERY(), nullable=True),
        sa.Column("together", postgresql.TSQUERY(), nullable=True),
        sa.Column("lexeme", sa.Text(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("adapts_to", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
        schema="training",
    )
    op.create_index(op.f("ix_skill_lexeme"), "skill", ["lexeme"], schema="training")
    op.create_table(
        "job_skill",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("essential", sa.Boolean(), nullable=False),
        sa.Column("required", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("required BETWEEN 1 AND 4", name=op.f("ck_job_skill_required")),
        sa.PrimaryKeyConstraint("job", "skill", name=op.f("pk_job_skill")),
        schema="training",
    )
    op.create_table(
        "job_mobility",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("job", "target", name=op.f("pk_job_mobility")),
        schema="training",
    )
    op.create_table(
        "job_tension",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("tension", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_tension")),
        schema="training",
    )
    op.create_table(
        "skill_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_mark")),
        schema="training",
    )
    _link("certification_skill", "certification")
    op.create_index(
        op.f("ix_certification_skill_skill"), "certification_skill", ["skill"], schema="training"
    )
    _link(
        "formation_skill",
        "formation",
        sa.Column("prerequisite", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
    )
    op.create_check_constraint(
        op.f("ck_formation_skill_prerequisite_level"),
        "formation_skill",
        "NOT prerequisite OR level IS NOT NULL",
        schema="training",
    )
    op.create_index(
        op.f("ix_formation_skill_skill_formation_id"),
        "formation_skill",
        ["skill", "formation_id"],
        schema="training",
        postgresql_include=["level", "prerequisite"],
    )


def downgrade() -> None:
    for table in (
        "formation_skill",
        "certification_skill",
        "skill_mark",
        "job_tension",
        "job_mobility",
        "job_skill",
        "skill",
    ):
        op.drop_table(table, schema="training")
