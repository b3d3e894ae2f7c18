"""Registering companies, and what a word about the comparison does to the feed; $1: their ids."""

REGISTER = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::int[], $11::text[], $12::text[], $13::text[],
        $14::bool[], $15::text[], $16::bytea[], $17::bytea[], $18::text[]) WITH ORDINALITY
        AS a (id, pseudonym, tenant, client, actor, siren, siret, name, naf_code, headcount,
            size_band, postcode, region_code, benchmark_consent, payload, digest, request,
            headers, place)
), made AS (
    INSERT INTO diagnostic.organisation (id, pseudonym, tenant, siren, siret, name, naf_code,
        headcount, size_band, postcode, region_code, benchmark_consent, consent_at, version)
    SELECT id, pseudonym, tenant, siren, siret, name, naf_code, headcount, size_band, postcode,
        region_code, benchmark_consent, CASE WHEN benchmark_consent THEN now() END, 1
    FROM asked
    ORDER BY tenant, siren
    ON CONFLICT (tenant, siren) DO NOTHING
    RETURNING *
), shown AS MATERIALIZED (
    SELECT id, convert_to(row_to_json(r)::text, 'UTF8') AS body FROM (
        SELECT id, siren, siret, name, naf_code, headcount, size_band, postcode, region_code,
            benchmark_consent, to_char(consent_at AT TIME ZONE 'UTC', instant) AS consent_at,
            version, to_char(created_at AT TIME ZONE 'UTC', instant) AS created_at,
            to_char(updated_at AT TIME ZONE 'UTC', instant) AS updated_at
        FROM made, (VALUES ('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) iso (instant)) r
), published AS (
    INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
    SELECT 'organisation', a.pseudonym::text, 'created', 1, a.payload::jsonb
    FROM asked a JOIN made USING (id)
    ORDER BY a.place
), audited AS (
    INSERT INTO diagnostic.audit_event (tenant, client, actor, action, entity, entity_id)
    SELECT a.tenant, a.client, a.actor, deed, 'organisation', a.id::text
    FROM asked a JOIN made USING (id),
        unnest(ARRAY['register', 'give_consent']) WITH ORDINALITY d (deed, step)
    WHERE step = 1 OR a.benchmark_consent
    ORDER BY a.place, step
), kept AS (
    INSERT INTO diagnostic.idempotency_key (digest, request, status, headers, body)
    SELECT a.digest, a.request, 201, a.headers::jsonb, s.body
    FROM asked a JOIN shown s USING (id) WHERE a.digest IS NOT NULL
    ORDER BY a.digest
)
SELECT s.body FROM asked a LEFT JOIN shown s USING (id) ORDER BY a.place
"""
"""Registers each place of its arrays, the columns of `registering.Registration`, with publication,
audit and, under the digest of an idempotency key ($16), of its request ($17) and the headers of the
answer ($18), the answer; gives it, or nothing where the tenant has the company already.

A key that is kept for another company undoes all. No table is read, only its unique indexes, so the
plan is good for ever. Each company goes before its key, each in one order: who comes at once waits.
"""

HOLD = "SELECT FROM diagnostic.assessment WHERE organisation_id = $1 ORDER BY id FOR UPDATE"
"""Waits for submissions under way, so that none slips past the change of mind."""

_SCORED = """
WITH a AS (
    UPDATE diagnostic.assessment a SET version = a.version + 1
    WHERE a.organisation_id = $1 AND a.status NOT IN ('abandoned', 'entered_in_error')
        AND EXISTS (SELECT FROM diagnostic.score s WHERE s.assessment_id = a.id)
    RETURNING a.*
)
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
"""

WITHDRAW = f"""{_SCORED}
SELECT 'assessment', a.pseudonym::text, 'deleted', a.version,
    jsonb_build_object('reason', 'consent_withdrawn')
FROM a
"""  # noqa: S608  # a piece of this file
"""Tells those who follow to drop every contribution."""

CONSENT = f"""{_SCORED}
SELECT 'assessment', a.pseudonym::text, 'updated', a.version, jsonb_build_object(
    'questionnaire', q.code, 'questionnaire_version', v.version, 'scoring_hash', v.scoring_hash,
    'milestone', a.milestone, 'programme', p.code, 'status', a.status,
    'revision', s.assessment_revision, 'benchmark_consent', true)
FROM a
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
CROSS JOIN LATERAL (
    SELECT s.assessment_revision FROM diagnostic.score s WHERE s.assessment_id = a.id
    ORDER BY s.assessment_revision DESC, s.computed_at DESC LIMIT 1
) s
"""  # noqa: S608  # pieces of this file
"""Tells again where each diagnostic is, as `scores.contributions` told it."""
