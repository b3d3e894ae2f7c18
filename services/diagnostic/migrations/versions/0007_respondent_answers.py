"""What each respondent answers, and how sure people are of their answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
_SURE = "confidence BETWEEN 1 AND 5"


def _now(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    for table in ("answer", "answer_event"):
        op.add_column(table, sa.Column("confidence", sa.Integer()), schema="diagnostic")
    op.execute(
        "ALTER TABLE diagnostic.answer ADD CONSTRAINT ck_answer_confidence_in_range"
        f" CHECK ({_SURE}) NOT VALID"
    )
    op.execute("ALTER TABLE diagnostic.answer VALIDATE CONSTRAINT ck_answer_confidence_in_range")
    op.create_table(
        "respondent_answer",
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", _JSON, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _now("answered_at"),
        sa.CheckConstraint(
            "state IN ('answered', 'not_applicable', 'dont_know')",
            name=op.f("ck_respondent_answer_state_known"),
        ),
        sa.CheckConstraint(_SURE, name=op.f("ck_respondent_answer_confidence_in_range")),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["diagnostic.respondent.id"],
            name=op.f("fk_respondent_answer_respondent_id_respondent"),
        ),
        sa.PrimaryKeyConstraint("respondent_id", "question", name=op.f("pk_respondent_answer")),
        schema="diagnostic",
    )
    op.create_table(
        "respondent_answer_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("respondent_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", _JSON, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        _now("at"),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["diagnostic.respondent.id"],
            name=op.f("fk_respondent_answer_event_respondent_id_respondent"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondent_answer_event")),
        sa.UniqueConstraint(
            "respondent_id",
            "question",
            "version",
            name=op.f("uq_respondent_answer_event_respondent_id_question_version"),
        ),
        schema="diagnostic",
    )
    op.execute("REVOKE DELETE ON diagnostic.respondent_answer FROM diagnostic_app")
    op.execute("REVOKE UPDATE, DELETE ON diagnostic.respondent_answer_event FROM diagnostic_app")


def downgrade() -> None:
    op.drop_table("respondent_answer_event", schema="diagnostic")
    op.drop_table("respondent_answer", schema="diagnostic")
    for table in ("answer", "answer_event"):
        op.drop_column(table, "confidence", schema="diagnostic")
