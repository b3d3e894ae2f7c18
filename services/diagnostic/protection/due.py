"""What has been kept long enough: one condition per rule, to count it and to take a batch of it.

$1 is the present instant, $2 the months of the rule, $3 the size of the batch.
"""

_THEN = "$1::timestamptz - make_interval(months => $2::int)"
_WHOLE = "(t.anonymised_at IS NULL OR t.anonymised_at < t.submitted_at)"

_RULES = {
    "unfinished": f"""
FROM diagnostic.assessment t
WHERE {_WHOLE} AND t.status = 'in_progress' AND t.started_at < {_THEN}
    AND NOT EXISTS (
        SELECT FROM diagnostic.answer n WHERE n.assessment_id = t.id AND n.answered_at >= {_THEN})
    AND NOT EXISTS (
        SELECT FROM diagnostic.respondent r
        LEFT JOIN diagnostic.respondent_answer n ON n.respondent_id = r.id
        WHERE r.assessment_id = t.id AND greatest(r.created_at, n.answered_at) >= {_THEN})
""",  # noqa: S608  # pieces of this file
    "void": f"""
FROM diagnostic.assessment t
WHERE {_WHOLE} AND t.status IN ('abandoned', 'entered_in_error') AND t.started_at < {_THEN}
    AND NOT EXISTS (
        SELECT FROM diagnostic.assessment_step s WHERE s.assessment_id = t.id AND s.at >= {_THEN})
""",
    "scored": f"""
FROM diagnostic.assessment t
WHERE {_WHOLE} AND t.status NOT IN ('in_progress', 'abandoned', 'entered_in_error')
    AND t.started_at < {_THEN} AND t.submitted_at < {_THEN}
    AND NOT EXISTS (
        SELECT FROM diagnostic.assessment_step s WHERE s.assessment_id = t.id AND s.at >= {_THEN})
""",
    "organisations": f"""
FROM diagnostic.organisation t
WHERE t.erased_at IS NULL AND t.updated_at < {_THEN}
    AND NOT EXISTS (
        SELECT FROM diagnostic.assessment a
        WHERE a.organisation_id = t.id AND a.anonymised_at IS NULL)
    AND NOT EXISTS (
        SELECT FROM diagnostic.enrolment e JOIN diagnostic.cohort c ON c.id = e.cohort_id
        WHERE e.organisation_id = t.id AND c.ends_on >= ({_THEN})::date)
""",  # noqa: S608  # pieces of this file
}
"""By rule, what it is due for; a diagnostic submitted again after its anonymising is due again."""

_OLD = {
    "audit events": f"FROM diagnostic.audit_event t WHERE t.at < {_THEN}"  # likewise
    " AND t.action NOT IN ('give_consent', 'withdraw_consent')",
    "accesses": f"FROM diagnostic.share_access t WHERE t.at < {_THEN}",  # likewise
}
COUNTS = {rule: f"SELECT count(*) {condition}" for rule, condition in (_RULES | _OLD).items()}
BATCHES = {
    rule: f"SELECT t.id {condition} ORDER BY t.id LIMIT $3 FOR UPDATE OF t SKIP LOCKED"
    for rule, condition in _RULES.items()
}
"""Rows that another process holds are left to it."""

OLD = {
    "audit events": f"SELECT diagnostic.forget_audit_events({_THEN}, $3)",
    "accesses": f"SELECT diagnostic.forget_share_accesses({_THEN}, $3)",
}
"""Deletes a batch of what only the schema's owner may delete; the youngest the database keeps,
whatever it is asked."""
