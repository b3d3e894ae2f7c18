"""Requests for seats that come at once share a transaction, whose statements are planned once.

PostgreSQL plans a statement anew when it takes its arguments to make a difference; here they make
none, and planning was a quarter of `diagnostic.enrol`.

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TELL = """
CREATE OR REPLACE FUNCTION diagnostic.tell_cohort(which uuid, kind text) RETURNS void
LANGUAGE {} SET search_path = '' AS $$ {}
    INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
    SELECT 'cohort', k.id::text, tell_cohort.kind, k.version, jsonb_build_object(
        'code', k.code, 'capacity', k.capacity, 'seats_taken', k.seats_taken,
        'waitlisted', k.waitlisted, 'starts_on', k.starts_on, 'ends_on', k.ends_on,
        'enrol_closes_at', k.enrol_closes_at, 'status', k.status)
    FROM diagnostic.cohort k WHERE k.id = which; {} $$"""

_ENROL_ALL = """
CREATE FUNCTION diagnostic.enrol_all(
    new_ids uuid[], wanted uuid[], companies uuid[], owners text[], clients text[], actors text[],
    at timestamptz[], keys bytea[], requests bytea[], headers text[])
RETURNS TABLE (refusal text, detail text, kept_headers text, body bytea)
LANGUAGE plpgsql SET search_path = '' SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM FROM diagnostic.cohort k JOIN unnest(wanted) w (id) USING (id)
        ORDER BY k.id FOR NO KEY UPDATE OF k;
    PERFORM FROM diagnostic.organisation o
        JOIN unnest(companies, owners) w (id, tenant) USING (id, tenant)
        ORDER BY o.id FOR NO KEY UPDATE OF o;
    RETURN QUERY SELECT e.refusal, e.detail, e.kept_headers, e.body
        FROM unnest(new_ids, wanted, companies, owners, clients, actors, at, keys, requests,
            headers) AS w (id, cohort, company, owner, client, actor, at, key, request, told),
        diagnostic.enrol(w.id, w.cohort, w.company, w.owner, w.client, w.actor, w.at, w.key,
            w.request, w.told::jsonb) e;
END $$"""


def upgrade() -> None:
    op.execute(_TELL.format("plpgsql", "BEGIN", "END"))  # what is in SQL is planned at each call
    op.execute("ALTER FUNCTION diagnostic.enrol SET plan_cache_mode = force_generic_plan")
    op.execute(_ENROL_ALL)


def downgrade() -> None:
    op.execute("DROP FUNCTION diagnostic.enrol_all")
    op.execute("ALTER FUNCTION diagnostic.enrol RESET plan_cache_mode")
    op.execute(_TELL.format("sql", "", ""))
