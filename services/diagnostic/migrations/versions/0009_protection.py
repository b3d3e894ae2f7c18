"""What only the schema's owner may erase, and by which narrow door the service asks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ERASE = """
CREATE FUNCTION diagnostic.erase_{table}s(assessment uuid, keys text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = diagnostic, pg_temp
BEGIN ATOMIC
    UPDATE diagnostic.{table} e
    SET reason = CASE WHEN e.reason IS NULL THEN NULL ELSE '[effacé]' END,
        value = CASE WHEN e.value IS NOT NULL AND e.question IN (
            SELECT q ->> 'code'
            FROM diagnostic.assessment a
            JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
            CROSS JOIN jsonb_array_elements(v.content -> 'questions') q
            WHERE a.id = assessment AND q ->> 'type' = 'text'
        ) THEN to_jsonb('[effacé]'::text) ELSE e.value END
    WHERE {belongs} AND e.id::text = ANY (keys);
END
"""
_EVENTS = {
    "answer_event": "e.assessment_id = assessment",
    "respondent_answer_event": "e.respondent_id IN"
    " (SELECT r.id FROM diagnostic.respondent r WHERE r.assessment_id = assessment)",
}

_FORGET = """
CREATE FUNCTION diagnostic.forget_audit_events(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = diagnostic, pg_temp
BEGIN ATOMIC
    WITH old AS (
        DELETE FROM diagnostic.audit_event e WHERE e.id IN (
            SELECT x.id FROM diagnostic.audit_event x
            WHERE x.at < least(before, now() - interval '1 year')
                AND NOT (x.action IN ('give_consent', 'withdraw_consent') AND EXISTS (
                    SELECT FROM diagnostic.organisation o
                    WHERE o.id::text = x.entity_id AND o.erased_at IS NULL))
            ORDER BY x.at, x.id LIMIT at_most)
        RETURNING e.id)
    SELECT count(*) FROM old;
END
"""
_FUNCTIONS = (
    "diagnostic.erase_answer_events(uuid, text[])",
    "diagnostic.erase_respondent_answer_events(uuid, text[])",
    "diagnostic.forget_audit_events(timestamptz, integer)",
)


def upgrade() -> None:
    for table, name in (("organisation", "erased_at"), ("assessment", "anonymised_at")):
        column = sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        op.add_column(table, column, schema="diagnostic")
    op.create_index("ix_audit_event_at_id", "audit_event", ["at", "id"], schema="diagnostic")
    op.create_index(
        "ix_assessment_kept",
        "assessment",
        ["started_at", "id"],
        schema="diagnostic",
        postgresql_where=sa.text("anonymised_at IS NULL OR anonymised_at < submitted_at"),
    )
    op.create_index(
        "ix_organisation_kept",
        "organisation",
        ["updated_at", "id"],
        schema="diagnostic",
        postgresql_where=sa.text("erased_at IS NULL"),
    )
    for table, belongs in _EVENTS.items():
        op.execute(_ERASE.format(table=table, belongs=belongs))
    op.execute(_FORGET)
    for function in _FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO diagnostic_app")


def downgrade() -> None:
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_organisation_kept", schema="diagnostic")
    op.drop_index("ix_assessment_kept", schema="diagnostic")
    op.drop_index("ix_audit_event_at_id", schema="diagnostic")
    op.drop_column("assessment", "anonymised_at", schema="diagnostic")
    op.drop_column("organisation", "erased_at", schema="diagnostic")
