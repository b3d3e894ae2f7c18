"""The reads of share links."""

from diagnostic.assessments.access import readable

LINK = """
SELECT l.id, l.assessment_id, l.language, l.note, l.created_at, l.expires_at, l.revoked_at,
    CASE WHEN l.revoked_at IS NOT NULL THEN 'revoked' WHEN l.expires_at <= now() THEN 'expired'
        ELSE 'active' END AS state,
    u.handed_out, u.last_handed_out_at
FROM diagnostic.share_link l
CROSS JOIN LATERAL (
    SELECT count(*) AS handed_out, max(x.at) AS last_handed_out_at
    FROM diagnostic.share_access x WHERE x.link_id = l.id AND x.outcome = 'handed_out'
) u
WHERE {which}
"""

ONE = LINK.format(which="l.id = $1")
"""$1: the link's id."""

LISTED = LINK.format(
    which="l.assessment_id = $1 AND (l.created_at, l.id) > ($2, $3)"
    " ORDER BY l.created_at, l.id LIMIT $4"
)
"""$1: the diagnostic, $2 and $3: the key to go on after, $4: limit."""

COUNTED = "SELECT count(*) FROM diagnostic.share_link WHERE assessment_id = $1"

SEEN = f"SELECT a.id FROM diagnostic.assessment a WHERE a.id = $1 AND {readable('$2', '$3')}"  # noqa: S608  # a rule of ours

SHARED = """
SELECT l.id, l.assessment_id, l.language, a.tenant, CASE
        WHEN l.revoked_at IS NOT NULL THEN 'revoked'
        WHEN l.expires_at <= $2 THEN 'expired'
        WHEN a.status IN ('abandoned', 'entered_in_error') OR o.erased_at IS NOT NULL
            OR a.anonymised_at IS NOT NULL THEN 'gone'
    END AS refusal, (
        SELECT count(*) FROM diagnostic.share_access x
        WHERE x.link_id = l.id AND x.at > $2 - interval '1 hour'
    ) AS lately
FROM diagnostic.share_link l
JOIN diagnostic.assessment a ON a.id = l.assessment_id
JOIN diagnostic.organisation o ON o.id = a.organisation_id
WHERE l.digest = $1
"""
"""What a token opens now, and why not; $1: its SHA-256, $2: now. One look-up of a digest: nothing
is compared letter by letter, so the time it takes tells nothing of how near a guess was."""
