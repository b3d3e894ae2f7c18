"""Evidence may be of an action; the same file for the same action is one.

The unique key is built again: some hundred rows per diagnostic, as evidence is young.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_BEFORE = "uq_evidence_assessment_id_question_sha256"
_AFTER = "uq_evidence_assessment_id_question_action_id_sha256"


def upgrade() -> None:
    op.add_column("evidence", sa.Column("action_id", sa.Uuid(), nullable=True), schema="diagnostic")
    op.create_foreign_key(
        op.f("fk_evidence_action_id_roadmap_action"),
        "evidence",
        "roadmap_action",
        ["action_id"],
        ["id"],
        source_schema="diagnostic",
        referent_schema="diagnostic",
    )
    op.create_check_constraint(
        op.f("ck_evidence_of_one_thing"),
        "evidence",
        "question IS NULL OR action_id IS NULL",
        schema="diagnostic",
    )
    op.create_unique_constraint(
        op.f(_AFTER),
        "evidence",
        ["assessment_id", "question", "action_id", "sha256"],
        schema="diagnostic",
        postgresql_nulls_not_distinct=True,
    )
    op.drop_constraint(op.f(_BEFORE), "evidence", schema="diagnostic")


def downgrade() -> None:
    op.execute("DELETE FROM diagnostic.evidence WHERE action_id IS NOT NULL")
    op.create_unique_constraint(
        op.f(_BEFORE),
        "evidence",
        ["assessment_id", "question", "sha256"],
        schema="diagnostic",
        postgresql_nulls_not_distinct=True,
    )
    op.drop_constraint(op.f(_AFTER), "evidence", schema="diagnostic")
    op.drop_constraint(op.f("ck_evidence_of_one_thing"), "evidence", schema="diagnostic")
    op.drop_constraint(
        op.f("fk_evidence_action_id_roadmap_action"), "evidence", schema="diagnostic"
    )
    op.drop_column("evidence", "action_id", schema="diagnostic")
