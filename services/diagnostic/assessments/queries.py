"""The hot statements of diagnostics: one to read everything, one to save an answer."""

from diagnostic.assessments.access import readable
from diagnostic.assessments.models import WRITABLE
from platformkit.paris import day_in_sql

ASSESSMENT = f"""
SELECT a.id, a.organisation_id, a.version_id, q.code, v.version, v.content_hash, v.scoring_hash,
    a.milestone, p.code AS programme, a.cohort_id, a.status, a.revision, a.started_at,
    a.submitted_at, {{columns}}
FROM diagnostic.assessment a
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
{{joins}}
WHERE a.id = $1 AND {readable("$2", "$3")}
"""  # noqa: S608  # a rule of ours
"""To be filled with further columns and joins; $1: id, $2 and $3: `access.seen_by`."""

ANSWERS = """(
    SELECT json_agg(json_build_object('question', n.question, 'state', n.state, 'value', n.value,
        'reason', n.reason, 'confidence', n.confidence, 'version', n.version))::text
    FROM diagnostic.answer n WHERE n.assessment_id = a.id {when}
) AS answers"""

BACKED = f"""(
    SELECT json_object_agg(b.question, b.backing)::text FROM (
        SELECT e.question,
            CASE WHEN bool_or(e.verified_at IS NOT NULL) THEN 'verified' ELSE 'document' END
                AS backing
        FROM diagnostic.evidence e
        WHERE e.assessment_id = a.id AND e.question IS NOT NULL AND e.polarity = 'positive'
            AND (e.valid_until IS NULL
                OR e.valid_until >= {day_in_sql("now()")}) {{when}}
        GROUP BY e.question) b
) AS backed"""  # noqa: S608  # a piece of the kit
"""The strongest evidence for each question that is valid today, in Paris."""

ANSWERS_THEN = """(
    SELECT json_agg(json_build_object('question', n.question, 'state', n.state, 'value', n.value,
        'reason', n.reason, 'confidence', n.confidence, 'version', n.version,
        'revision', n.revision, 'answered_at', n.at)
        ORDER BY n.question)::text
    FROM (
        SELECT DISTINCT ON (e.question) e.* FROM diagnostic.answer_event e
        WHERE e.assessment_id = a.id AND e.revision <= {revision}
        ORDER BY e.question, e.version DESC) n
) AS answers_then"""
"""The answers as they were at the end of a revision, rebuilt from every answer ever given."""

WHOLE = ASSESSMENT.format(
    columns="a.derived_from, a.prefill::text AS prefill, "
    + BACKED.format(when="")
    + ", "
    + ANSWERS.format(when=""),
    joins="",
)
"""A diagnostic with all its answers; $1: id, $2 and $3: `access.seen_by`."""

_OF_TENANT = "a.tenant = $1 AND $2::text IS NULL AND $3::uuid IS NULL"
_OF_COHORT = f"a.cohort_id = $3 AND {readable('$1', '$2')}"
_KIND = "($4::uuid IS NULL OR a.organisation_id = $4) AND ($5::text IS NULL OR a.status = $5)"

_LISTED = """
SELECT a.id, a.organisation_id, q.code AS questionnaire, v.version, a.milestone, a.status,
    a.started_at, a.submitted_at
FROM diagnostic.assessment a
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
WHERE {chosen} AND {kind} AND (a.started_at, a.id) > ($6, $7)
ORDER BY a.started_at, a.id LIMIT $8
"""
LISTED = _LISTED.format(chosen=_OF_TENANT, kind=_KIND)
"""$1: tenant, $2 and $3: null, $4: company or null, $5: status or null, $6 and $7: key to go on
after, $8: limit."""

LISTED_OF_COHORT = _LISTED.format(chosen=_OF_COHORT, kind=_KIND)
"""What was begun in cohort $3; $1 and $2: `access.seen_by`, the others as in LISTED."""

_COUNTED = "SELECT count(*) FROM diagnostic.assessment a WHERE {chosen} AND {kind}"
COUNTED = _COUNTED.format(chosen=_OF_TENANT, kind=_KIND)
"""$1 to $5 as in LISTED."""

COUNTED_OF_COHORT = _COUNTED.format(chosen=_OF_COHORT, kind=_KIND)
"""$1 to $5 as in LISTED_OF_COHORT."""

_WRITABLE = ", ".join(f"'{one}'" for one in sorted(WRITABLE))

PINNED = "SELECT version_id FROM diagnostic.assessment WHERE id = $1 AND tenant = $2"
"""The version of the grid that a diagnostic keeps for life; $1: id, $2: tenant."""

HOLD = "SELECT FROM diagnostic.assessment WHERE id = $1 FOR SHARE"
"""Keeps what a diagnostic refers to as it is until the commit; $1: id."""

SAVE = f"""
WITH held AS (
    SELECT a.status, a.revision, coalesce(n.version, 0) AS version
    FROM diagnostic.assessment a
    LEFT JOIN diagnostic.answer n ON n.assessment_id = a.id AND n.question = $2
    WHERE a.id = $1 AND a.tenant = $3
    FOR SHARE OF a
), saved AS (
    INSERT INTO diagnostic.answer AS n
        (assessment_id, question, state, value, reason, confidence, version, respondent)
    SELECT $1, $2, $4, $5::jsonb, $6, $7, held.version + 1, $8 FROM held
    WHERE $10 AND held.status IN ({_WRITABLE})
        AND ($9::text[] IS NULL OR '"' || held.version || '"' = ANY ($9))
    ON CONFLICT (assessment_id, question) DO UPDATE
        SET state = excluded.state, value = excluded.value, reason = excluded.reason,
            confidence = excluded.confidence, respondent = excluded.respondent,
            version = excluded.version, answered_at = now()
        WHERE n.version = excluded.version - 1
    RETURNING n.*
), event AS (
    INSERT INTO diagnostic.answer_event
        (assessment_id, question, version, revision, state, value, reason, confidence, respondent)
    SELECT s.assessment_id, s.question, s.version, held.revision, s.state, s.value, s.reason,
        s.confidence, s.respondent
    FROM saved s, held
    RETURNING version, at
)
SELECT held.status, event.version, event.at FROM held LEFT JOIN event ON true
"""  # noqa: S608  # states of ours
"""Saves and records an answer while no step is taken, or tells the state that forbids it.

The version is null when nothing was saved: the state, the tag or $10 forbade it, or somebody was
faster. $1: id, $2: question, $3: tenant, $4 to $7: state, value, reason, confidence, $8:
respondent, $9: tags that the caller holds (null: any), $10: whether the answer may be saved.
"""

PRESENT = """
SELECT state, value::text AS value, reason, confidence, version, answered_at
FROM diagnostic.answer WHERE assessment_id = $1 AND question = $2
"""
"""The present answer; $1: id, $2: question."""

FILES_MISSING = """
SELECT g.key FROM jsonb_each_text($2::jsonb) g
WHERE NOT EXISTS (
    SELECT FROM diagnostic.evidence e
    WHERE e.id = g.value::uuid AND e.assessment_id = $1 AND e.question = g.key)
"""
"""Which questions are answered with a file that is no evidence for them; $1: diagnostic, $2: the
files by question."""

PREFILL = """
WITH proposed AS (
    INSERT INTO diagnostic.answer
        (assessment_id, question, state, value, reason, version, respondent)
    SELECT CAST(:assessment AS uuid), n.question, n.state, n.value, NULL, 1, :respondent
    FROM diagnostic.answer n
    WHERE n.assessment_id = :earlier AND n.question = ANY(:carried)
    UNION ALL
    SELECT :assessment, f.key, 'answered', f.value, NULL, 1, :respondent
    FROM jsonb_each(CAST(:registered AS jsonb)) f
    RETURNING *
)
INSERT INTO diagnostic.answer_event
    (assessment_id, question, version, revision, state, value, reason, respondent)
SELECT assessment_id, question, version, 1, state, value, reason, respondent FROM proposed
"""
"""Copies answers of an earlier diagnostic, and writes registered facts as answers."""
