"""A seat is given in one trip to PostgreSQL, with its publication, its audit and the kept answer.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TELL = """
CREATE FUNCTION diagnostic.tell_cohort(which uuid, kind text) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
    INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
    SELECT 'cohort', k.id::text, tell_cohort.kind, k.version, jsonb_build_object(
        'code', k.code, 'capacity', k.capacity, 'seats_taken', k.seats_taken,
        'waitlisted', k.waitlisted, 'starts_on', k.starts_on, 'ends_on', k.ends_on,
        'enrol_closes_at', k.enrol_closes_at, 'status', k.status)
    FROM diagnostic.cohort k WHERE k.id = which
$$"""
_ENROL = """
CREATE FUNCTION diagnostic.enrol(
    new_id uuid, wanted uuid, company uuid, owner text, client text, actor text, at timestamptz,
    key bytea DEFAULT NULL, request bytea DEFAULT NULL, headers jsonb DEFAULT NULL,
    OUT refusal text, OUT detail text, OUT kept_headers text, OUT body bytea)
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    instant CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
    cohort record;
    clash record;
    known record;
    seat integer;
    place integer;
    given diagnostic.enrolment;
BEGIN
    IF key IS NOT NULL THEN
        IF NOT pg_catalog.pg_try_advisory_xact_lock(
            ('x' || encode(substr(key, 1, 8), 'hex'))::bit(64)::bigint) THEN
            refusal := 'key-in-flight';
            RETURN;
        END IF;
        SELECT i.request, i.headers, i.body INTO known
            FROM diagnostic.idempotency_key i WHERE i.digest = key;
        IF FOUND THEN
            IF known.request <> enrol.request THEN
                refusal := 'key-reused';
            ELSE
                kept_headers := known.headers;
                body := known.body;
            END IF;
            RETURN;
        END IF;
    END IF;
    SELECT k.code, k.capacity, k.seats_taken, k.waitlisted, k.programme_id,
            daterange(k.starts_on, k.ends_on, '[]') AS days INTO cohort
        FROM diagnostic.cohort k
        WHERE k.id = wanted AND k.status = 'open' AND k.enrol_closes_at > at
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        refusal := 'cohort-closed';
        RETURN;
    END IF;
    PERFORM FROM diagnostic.organisation o WHERE o.id = company AND o.tenant = owner
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        refusal := 'organisation-unknown';
        RETURN;
    END IF;
    SELECT e.id, e.cohort_id = wanted AS is_here, k.code INTO clash
        FROM diagnostic.enrolment e JOIN diagnostic.cohort k ON k.id = e.cohort_id
        WHERE e.organisation_id = company AND e.status NOT IN ('cancelled', 'expired') AND (
            e.cohort_id = wanted OR (e.programme_id = cohort.programme_id
                AND e.status IN ('confirmed', 'attended', 'no_show') AND e.days && cohort.days))
        ORDER BY is_here DESC LIMIT 1;
    IF FOUND THEN
        refusal := CASE WHEN clash.is_here THEN 'already-enrolled' ELSE 'cohort-overlaps' END;
        detail := CASE WHEN clash.is_here THEN clash.id::text ELSE clash.code END;
        RETURN;
    END IF;
    IF cohort.seats_taken < cohort.capacity THEN
        SELECT min(n) INTO seat FROM generate_series(1, cohort.capacity) n WHERE n NOT IN (
            SELECT e.seat_no FROM diagnostic.enrolment e
            WHERE e.cohort_id = wanted AND e.seat_no IS NOT NULL);
    ELSE
        place := cohort.waitlisted + 1;
    END IF;
    UPDATE diagnostic.cohort k SET version = k.version + 1,
            seats_taken = k.seats_taken + (seat IS NOT NULL)::int,
            waitlisted = k.waitlisted + (seat IS NULL)::int
        WHERE k.id = wanted;
    INSERT INTO diagnostic.enrolment (id, cohort_id, organisation_id, tenant, status, seat_no, rank)
        VALUES (new_id, wanted, company, owner,
            CASE WHEN seat IS NULL THEN 'waitlisted' ELSE 'confirmed' END, seat, place)
        RETURNING * INTO given;
    PERFORM diagnostic.tell_cohort(wanted, 'updated');
    INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
        VALUES ('enrolment', new_id::text, 'created', given.version,
            jsonb_build_object('cohort', cohort.code, 'status', given.status));
    INSERT INTO diagnostic.audit_event (tenant, client, actor, action, entity, entity_id)
        VALUES (owner, client, actor, 'enrol', 'enrolment', new_id::text);
    body := convert_to((SELECT row_to_json(r)::text FROM (
        SELECT given.id, given.cohort_id, given.organisation_id, given.status, given.seat_no,
            given.rank, given.reason, given.version,
            to_char(given.created_at AT TIME ZONE 'UTC', instant) AS created_at,
            to_char(given.updated_at AT TIME ZONE 'UTC', instant) AS updated_at) r), 'UTF8');
    IF key IS NOT NULL THEN
        INSERT INTO diagnostic.idempotency_key (digest, request, status, headers, body)
            VALUES (key, enrol.request, 201, enrol.headers, body);
    END IF;
END $$"""


def upgrade() -> None:
    op.execute(_TELL)
    op.execute(_ENROL)


def downgrade() -> None:
    op.execute("DROP FUNCTION diagnostic.enrol")
    op.execute("DROP FUNCTION diagnostic.tell_cohort")
