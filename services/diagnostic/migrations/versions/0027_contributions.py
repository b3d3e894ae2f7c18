"""Scores leave the feed that clients read: what contributes is told to the observatory alone.

What the feed said before is thinned in place, a row per submission, since it is read from zero; its
place in the order stays. What contributes today is told once, as it will be from now on.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KEPT = (
    "organisation", "naf_division", "size_band", "region_code", "complete", "score", "level",
    "dimensions",
)  # fmt: skip
_THIN = f"""
UPDATE diagnostic.change SET payload = payload - ARRAY[{", ".join(f"'{one}'" for one in _KEPT)}]
WHERE entity = 'assessment' AND payload ? 'score'"""  # noqa: S608  # names of ours

_SECTIONS = (
    ("A", "01", "03"), ("B", "05", "09"), ("C", "10", "33"), ("D", "35", "35"), ("E", "36", "39"),
    ("F", "41", "43"), ("G", "45", "47"), ("H", "49", "53"), ("I", "55", "56"), ("J", "58", "63"),
    ("K", "64", "66"), ("L", "68", "68"), ("M", "69", "75"), ("N", "77", "82"), ("O", "84", "84"),
    ("P", "85", "85"), ("Q", "86", "88"), ("R", "90", "93"), ("S", "94", "96"), ("T", "97", "98"),
    ("U", "99", "99"),
)  # fmt: skip
_SECTION = " ".join(
    f"WHEN left(o.naf_code, 2) BETWEEN '{first}' AND '{last}' THEN '{code}'"
    for code, first, last in _SECTIONS
)
_TELL = f"""
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT 'contribution', a.pseudonym::text, 'created', a.version, jsonb_build_object(
    'questionnaire', q.code, 'scoring_hash', v.scoring_hash, 'milestone', a.milestone,
    'programme', p.code, 'region_code', o.region_code, 'naf_section', CASE {_SECTION} END,
    'size_band', o.size_band, 'level', s.result -> 'level', 'dimensions', (
        SELECT jsonb_object_agg(d ->> 'code', d -> 'level')
        FROM jsonb_array_elements(s.result -> 'dimensions') d))
FROM diagnostic.assessment a
JOIN diagnostic.organisation o ON o.id = a.organisation_id
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
CROSS JOIN LATERAL (
    SELECT s.result FROM diagnostic.score s WHERE s.assessment_id = a.id
    ORDER BY s.assessment_revision DESC, s.computed_at DESC LIMIT 1) s
WHERE o.benchmark_consent AND a.status NOT IN ('abandoned', 'entered_in_error')
    AND (s.result ->> 'complete')::boolean AND s.result ->> 'status' = 'final'"""  # noqa: S608  # names of ours


def upgrade() -> None:
    op.execute(_THIN)
    op.execute(_TELL)


def downgrade() -> None:
    """Scores do not come back into the feed; who follows a former release reads from now on."""
    op.execute("DELETE FROM diagnostic.change WHERE entity = 'contribution'")
