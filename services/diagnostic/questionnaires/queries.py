"""The reads of grids that everybody makes, rendered by PostgreSQL in one statement each."""

LATEST_ONLY = "v.status = 'published'"
SEEN = "(v.published_at IS NOT NULL OR q.tenant = {tenant})"
"""What was published is for every reader; drafts and refused ones are for who writes them."""

_WHOLE = """
SELECT v.content_hash || '-' || v.status AS tag, json_build_object(
    'code', q.code, 'owner', q.owner, 'version', v.version, 'status', v.status,
    'published_at', v.published_at, 'content_hash', v.content_hash,
    'scoring_hash', v.scoring_hash, 'content', v.content
)::text AS body
FROM diagnostic.questionnaire_version v
JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id
WHERE q.code = $1 AND """

LATEST = _WHOLE + LATEST_ONLY
"""$1: code of the grid."""

EXACT = _WHOLE + "v.version = $2 AND " + SEEN.format(tenant="$3")
"""$1: code of the grid, $2: version, $3: the reader's tenant."""

LISTED = """
SELECT q.code, q.owner, q.title::text AS title, v.version, v.published_at, v.content_hash,
    v.scoring_hash, jsonb_array_length(v.content -> 'questions') AS question_count
FROM diagnostic.questionnaire q
JOIN diagnostic.questionnaire_version v ON v.questionnaire_id = q.id AND v.status = 'published'
WHERE q.code > $1 ORDER BY q.code LIMIT $2
"""
"""$1: code after which to continue, $2: how many."""

COUNTED = "SELECT count(*) FROM diagnostic.questionnaire_version WHERE status = 'published'"
"""A grid has at most one published version."""

_NUMBER = "string_to_array(v.version, '.')::int[]"

VERSIONS = f"""
SELECT q.code, v.version, v.status, v.content_hash, v.scoring_hash,
    jsonb_array_length(v.content -> 'questions') AS question_count,
    v.created_at, v.edited_at, v.published_at
FROM diagnostic.questionnaire_version v
JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id
WHERE q.code = $1 AND {SEEN.format(tenant="$2")} AND {_NUMBER} > $3::int[]
ORDER BY {_NUMBER} LIMIT $4
"""  # noqa: S608  # pieces of this file
"""$1: code of the grid, $2: the reader's tenant, $3: number to go on after, $4: how many."""

VERSIONS_COUNTED = f"""
SELECT count(*) FROM diagnostic.questionnaire_version v
JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id
WHERE q.code = $1 AND {SEEN.format(tenant="$2")}
"""  # noqa: S608  # likewise
"""$1 and $2 as in VERSIONS."""
