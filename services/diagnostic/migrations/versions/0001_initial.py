"""The tables of the diagnostic, and what the database itself forbids."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platformkit.db import Xid8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEEP = """
CREATE FUNCTION diagnostic.keep_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT text[] := ARRAY['draft', 'in_review', 'published', 'superseded', 'retired'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status = 'draft' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a version that left draft is never deleted' USING ERRCODE = '23001';
    END IF;
    IF array_position(ranks, NEW.status) < array_position(ranks, OLD.status) THEN
        RAISE EXCEPTION 'a version never goes back to %', NEW.status USING ERRCODE = '23001';
    END IF;
    IF OLD.status IN ('published', 'superseded', 'retired')
        AND to_jsonb(NEW) - 'status' IS DISTINCT FROM to_jsonb(OLD) - 'status'
    THEN
        RAISE EXCEPTION 'a published version never changes' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END
$$
"""

_FREEZE = """
CREATE TRIGGER keep_published_version
    BEFORE UPDATE OR DELETE ON diagnostic.questionnaire_version
    FOR EACH ROW EXECUTE FUNCTION diagnostic.keep_published_version()
"""

_APPEND_ONLY = ("answer_event", "score", "audit_event")
_NEVER_DELETED = ("questionnaire", "questionnaire_version", "assessment", "answer", "enrolment")


def _protect() -> None:
    """Take from the service what it must never do, whatever its code says."""
    op.execute(_KEEP)
    op.execute(_FREEZE)
    for table in _APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE ON diagnostic.{table} FROM diagnostic_app")
    for table in _NEVER_DELETED:
        op.execute(f"REVOKE DELETE ON diagnostic.{table} FROM diagnostic_app")
    op.execute("REVOKE UPDATE ON diagnostic.questionnaire_version FROM diagnostic_app")
    op.execute(
        "GRANT UPDATE (status, content, content_hash, scoring_hash, published_at, published_by,"
        " supersedes) ON diagnostic.questionnaire_version TO diagnostic_app"
    )


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("before_hash", sa.Text(), nullable=True),
        sa.Column("after_hash", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_audit_event_entity_entity_id",
        "audit_event",
        ["entity", "entity_id"],
        unique=False,
        schema="diagnostic",
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        schema="diagnostic",
        comment="The service's change feed, written in the transaction of each change",
    )
    op.create_index(
        op.f("ix_change_xid_seq"), "change", ["xid", "seq"], unique=False, schema="diagnostic"
    )
    op.create_table(
        "idempotency_key",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="Of caller, route and key"),
        sa.Column("request", sa.LargeBinary(), nullable=False, comment="Digest of the body"),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency_key")),
        schema="diagnostic",
        comment="First answers to POSTs that carried an Idempotency-Key, kept two days",
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"),
        "idempotency_key",
        ["created_at"],
        unique=False,
        schema="diagnostic",
    )
    op.create_table(
        "opportunity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sa.UniqueConstraint("code", name=op.f("uq_opportunity_code")),
        schema="diagnostic",
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Uuid(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("naf_code", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("size_band", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("benchmark_consent", sa.Boolean(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "size_band IN ('0', '1-9', '10-49', '50-249', '250+')",
            name=op.f("ck_organisation_size_band_known"),
        ),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_organisation_headcount_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_organisation_pseudonym")),
        sa.UniqueConstraint("tenant", "siren", name=op.f("uq_organisation_tenant_siren")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_organisation_tenant_created_at_id",
        "organisation",
        ["tenant", "created_at", "id"],
        unique=False,
        schema="diagnostic",
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
        schema="diagnostic",
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("code", name=op.f("uq_questionnaire_code")),
        schema="diagnostic",
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint(
            "questionnaire_code", "code", name=op.f("uq_recommendation_questionnaire_code_code")
        ),
        schema="diagnostic",
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("facilitator", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("waitlisted", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("enrol_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'closed', 'running', 'completed', 'cancelled')",
            name=op.f("ck_cohort_status_known"),
        ),
        sa.CheckConstraint(
            "0 <= seats_taken AND seats_taken <= capacity", name=op.f("ck_cohort_seats_in_capacity")
        ),
        sa.CheckConstraint(
            "starts_on < ends_on AND ends_on - starts_on < 7", name=op.f("ck_cohort_one_week")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["diagnostic.programme.id"],
            name=op.f("fk_cohort_programme_id_programme"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("code", name=op.f("uq_cohort_code")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_cohort_starts_on_id", "cohort", ["starts_on", "id"], unique=False, schema="diagnostic"
    )
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("scoring_hash", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'published', 'superseded', 'retired')",
            name=op.f("ck_questionnaire_version_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["diagnostic.questionnaire.id"],
            name=op.f("fk_questionnaire_version_questionnaire_id_questionnaire"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["diagnostic.questionnaire_version.id"],
            name=op.f("fk_questionnaire_version_supersedes_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint(
            "questionnaire_id",
            "version",
            name=op.f("uq_questionnaire_version_questionnaire_id_version"),
        ),
        schema="diagnostic",
    )
    op.create_index(
        "uq_questionnaire_version_published",
        "questionnaire_version",
        ["questionnaire_id"],
        unique=True,
        schema="diagnostic",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "milestone IN ('T0', 'T1', 'T2', 'ad_hoc')", name=op.f("ck_assessment_milestone_known")
        ),
        sa.CheckConstraint(
            "status IN ('in_progress', 'submitted', 'abandoned', 'entered_in_error')",
            name=op.f("ck_assessment_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["diagnostic.cohort.id"], name=op.f("fk_assessment_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["diagnostic.organisation.id"],
            name=op.f("fk_assessment_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["diagnostic.programme.id"],
            name=op.f("fk_assessment_programme_id_programme"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["diagnostic.questionnaire.id"],
            name=op.f("fk_assessment_questionnaire_id_questionnaire"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["diagnostic.questionnaire_version.id"],
            name=op.f("fk_assessment_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_assessment_pseudonym")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_assessment_tenant_started_at_id",
        "assessment",
        ["tenant", "started_at", "id"],
        unique=False,
        schema="diagnostic",
    )
    op.create_index(
        "uq_assessment_current",
        "assessment",
        ["organisation_id", "questionnaire_id", "programme_id", "milestone"],
        unique=True,
        schema="diagnostic",
        postgresql_where=sa.text("status NOT IN ('abandoned', 'entered_in_error')"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("seat_no", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'confirmed') = (seat_no IS NOT NULL)",
            name=op.f("ck_enrolment_seat_when_confirmed"),
        ),
        sa.CheckConstraint(
            "(status = 'waitlisted') = (rank IS NOT NULL)",
            name=op.f("ck_enrolment_rank_when_waiting"),
        ),
        sa.CheckConstraint(
            "status IN ('confirmed', 'waitlisted', 'cancelled')",
            name=op.f("ck_enrolment_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["diagnostic.cohort.id"], name=op.f("fk_enrolment_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["diagnostic.organisation.id"],
            name=op.f("fk_enrolment_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_enrolment_organisation_id",
        "enrolment",
        ["organisation_id"],
        unique=False,
        schema="diagnostic",
    )
    op.create_index(
        "uq_enrolment_active",
        "enrolment",
        ["cohort_id", "organisation_id"],
        unique=True,
        schema="diagnostic",
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "uq_enrolment_seat",
        "enrolment",
        ["cohort_id", "seat_no"],
        unique=True,
        schema="diagnostic",
        postgresql_where=sa.text("status = 'confirmed'"),
    )
    op.create_table(
        "answer",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('answered', 'not_applicable', 'dont_know')",
            name=op.f("ck_answer_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_answer_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_answer")),
        schema="diagnostic",
    )
    op.create_table(
        "answer_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_answer_event_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_event")),
        sa.UniqueConstraint(
            "assessment_id",
            "question",
            "version",
            name=op.f("uq_answer_event_assessment_id_question_version"),
        ),
        schema="diagnostic",
    )
    op.create_table(
        "roadmap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_revision", sa.Integer(), nullable=False),
        sa.Column("score", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unavailable", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_roadmap_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadmap")),
        sa.UniqueConstraint(
            "assessment_id",
            "assessment_revision",
            name=op.f("uq_roadmap_assessment_id_assessment_revision"),
        ),
        schema="diagnostic",
    )
    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_revision", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result_hash", sa.Text(), nullable=False),
        sa.Column(
            "computed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["diagnostic.assessment.id"],
            name=op.f("fk_score_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["diagnostic.questionnaire_version.id"],
            name=op.f("fk_score_version_id_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "assessment_id",
            "assessment_revision",
            "engine_version",
            name=op.f("uq_score_assessment_id_assessment_revision_engine_version"),
        ),
        schema="diagnostic",
    )
    op.create_table(
        "roadmap_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("roadmap_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'rejected', 'in_progress',"
            " 'done', 'on_hold', 'dropped')",
            name=op.f("ck_roadmap_action_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["roadmap_id"],
            ["diagnostic.roadmap.id"],
            name=op.f("fk_roadmap_action_roadmap_id_roadmap"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadmap_action")),
        sa.UniqueConstraint(
            "roadmap_id", "position", name=op.f("uq_roadmap_action_roadmap_id_position")
        ),
        sa.UniqueConstraint(
            "roadmap_id", "recommendation", name=op.f("uq_roadmap_action_roadmap_id_recommendation")
        ),
        schema="diagnostic",
    )
    _protect()


def downgrade() -> None:
    op.drop_table("roadmap_action", schema="diagnostic")
    op.drop_table("score", schema="diagnostic")
    op.drop_table("roadmap", schema="diagnostic")
    op.drop_table("answer_event", schema="diagnostic")
    op.drop_table("answer", schema="diagnostic")
    op.drop_index(
        "uq_enrolment_seat",
        table_name="enrolment",
        schema="diagnostic",
        postgresql_where=sa.text("status = 'confirmed'"),
    )
    op.drop_index(
        "uq_enrolment_active",
        table_name="enrolment",
        schema="diagnostic",
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.drop_index("ix_enrolment_organisation_id", table_name="enrolment", schema="diagnostic")
    op.drop_table("enrolment", schema="diagnostic")
    op.drop_index(
        "uq_assessment_current",
        table_name="assessment",
        schema="diagnostic",
        postgresql_where=sa.text("status NOT IN ('abandoned', 'entered_in_error')"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index(
        "ix_assessment_tenant_started_at_id", table_name="assessment", schema="diagnostic"
    )
    op.drop_table("assessment", schema="diagnostic")
    op.drop_index(
        "uq_questionnaire_version_published",
        table_name="questionnaire_version",
        schema="diagnostic",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_table("questionnaire_version", schema="diagnostic")
    op.drop_index("ix_cohort_starts_on_id", table_name="cohort", schema="diagnostic")
    op.drop_table("cohort", schema="diagnostic")
    op.drop_table("recommendation", schema="diagnostic")
    op.drop_table("questionnaire", schema="diagnostic")
    op.drop_table("programme", schema="diagnostic")
    op.drop_index(
        "ix_organisation_tenant_created_at_id", table_name="organisation", schema="diagnostic"
    )
    op.drop_table("organisation", schema="diagnostic")
    op.drop_table("opportunity", schema="diagnostic")
    op.drop_index(
        op.f("ix_idempotency_key_created_at"), table_name="idempotency_key", schema="diagnostic"
    )
    op.drop_table("idempotency_key", schema="diagnostic")
    op.drop_index(op.f("ix_change_xid_seq"), table_name="change", schema="diagnostic")
    op.drop_table("change", schema="diagnostic")
    op.drop_index("ix_audit_event_entity_entity_id", table_name="audit_event", schema="diagnostic")
    op.drop_table("audit_event", schema="diagnostic")
    op.execute("DROP FUNCTION diagnostic.keep_published_version()")
