"""The steps of a diagnostic after its submission, and the comments to resolve on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _at(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "assessment_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        _at("at"),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_assessment_step_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_step")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_assessment_step_assessment_id_id",
        "assessment_step",
        ["assessment_id", "id"],
        schema="diagnostic",
    )
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("dimension", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=True),
        _at("created_at"),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "question IS NULL OR dimension IS NULL",
            name=op.f("ck_review_comment_about_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_review_comment_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["diagnostic.respondent.id"],
            name=op.f("fk_review_comment_respondent_id_respondent"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_review_comment_assessment_id_created_at_id",
        "review_comment",
        ["assessment_id", "created_at", "id"],
        schema="diagnostic",
    )
    op.create_index(
        "ix_review_comment_open",
        "review_comment",
        ["assessment_id"],
        schema="diagnostic",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "ix_review_comment_respondent_id", "review_comment", ["respondent_id"], schema="diagnostic"
    )
    op.execute(
        "REVOKE DELETE ON diagnostic.assessment_step, diagnostic.review_comment FROM diagnostic_app"
    )


def downgrade() -> None:
    op.drop_table("review_comment", schema="diagnostic")
    op.drop_table("assessment_step", schema="diagnostic")
