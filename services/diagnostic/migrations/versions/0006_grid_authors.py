"""Who owns a grid and who wrote a version; nothing frozen in review, and four eyes, by force."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEEP = """
CREATE OR REPLACE FUNCTION diagnostic.keep_published_version() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    deeds text[] := ARRAY['status'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status = 'draft' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a version that left draft is never deleted' USING ERRCODE = '23001';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'in_review'), ('in_review', 'published'), ('in_review', 'retired'),
        ('published', 'superseded'), ('published', 'retired'), ('superseded', 'retired')
    ) THEN
        RAISE EXCEPTION 'a version never goes from % to %', OLD.status, NEW.status
            USING ERRCODE = '23001';
    END IF;
    IF OLD.status = 'in_review' AND NEW.status = 'published' THEN
        deeds := ARRAY['status', 'published_at', 'published_by', 'supersedes'];
    END IF;
    IF OLD.status <> 'draft' AND to_jsonb(NEW) - deeds IS DISTINCT FROM to_jsonb(OLD) - deeds THEN
        RAISE EXCEPTION 'a version that left draft never changes' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END
$$
"""

_KEPT_BEFORE = """
CREATE OR REPLACE FUNCTION diagnostic.keep_published_version() RETURNS trigger
LANGUAGE plpgsql AS $$
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


def upgrade():
    op.add_column(
        "questionnaire", sa.Column("tenant", sa.Text(), nullable=True), schema="diagnostic"
    )
    op.execute("UPDATE diagnostic.questionnaire SET tenant = 'vigie'")  # only shipped ones so far
    op.alter_column("questionnaire", "tenant", nullable=False, schema="diagnostic")
    op.add_column(
        "questionnaire_version",
        sa.Column("written_by", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="diagnostic",
    )
    op.add_column(
        "questionnaire_version",
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        schema="diagnostic",
    )
    op.create_check_constraint(
        op.f("ck_questionnaire_version_four_eyes"),
        "questionnaire_version",
        "published_by <> ALL (written_by)",
        schema="diagnostic",
    )
    op.create_check_constraint(
        op.f("ck_questionnaire_version_dated_when_published"),
        "questionnaire_version",
        "CASE WHEN status IN ('draft', 'in_review') THEN published_at IS NULL"
        " ELSE status = 'retired' OR published_at IS NOT NULL END",
        schema="diagnostic",
    )
    op.execute(_KEEP)
    op.execute("GRANT DELETE ON diagnostic.questionnaire_version TO diagnostic_app")
    op.execute(
        "GRANT UPDATE (written_by, edited_at) ON diagnostic.questionnaire_version TO diagnostic_app"
    )


def downgrade():
    op.execute("REVOKE DELETE ON diagnostic.questionnaire_version FROM diagnostic_app")
    op.execute(_KEPT_BEFORE)
    op.drop_constraint(
        op.f("ck_questionnaire_version_dated_when_published"),
        "questionnaire_version",
        schema="diagnostic",
    )
    op.drop_constraint(
        op.f("ck_questionnaire_version_four_eyes"), "questionnaire_version", schema="diagnostic"
    )
    op.drop_column("questionnaire_version", "edited_at", schema="diagnostic")
    op.drop_column("questionnaire_version", "written_by", schema="diagnostic")
    op.drop_column("questionnaire", "tenant", schema="diagnostic")
