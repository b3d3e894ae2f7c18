"""The named statements of the proposals that SQLAlchemy does not write."""

from typing import Final

_CONCEPTS: Final = """
SELECT DISTINCT ON (code) code, label_fr AS label
  FROM training.reference_concept
 WHERE scheme = '{scheme}' AND code = ANY($1::text[]) AND withdrawn_at IS NULL
 ORDER BY code, version DESC"""

LABELS: Final = {
    "rome": "SELECT code, label FROM training.rome WHERE code = ANY($1::text[])",
    "nsf": _CONCEPTS.format(scheme="nsf"),
    "formacodes": _CONCEPTS.format(scheme="formacode"),
}
"""By the name of the payload's member: $1 the codes."""

UNKNOWN: Final = """
SELECT code FROM unnest($1::text[]) code
 WHERE NOT EXISTS (SELECT FROM training.certification c WHERE c.code = code.code)"""
"""The certifications of $1 that the catalogue does not have: nobody can be habilitated for them."""

ENDED: Final = """
SELECT c.code FROM training.certification c
 WHERE c.code = ANY($1::text[])
   AND (c.withdrawn_on IS NOT NULL OR c.registration_end < $2::text::date)
 ORDER BY c.code"""
"""$1 the certifications of an offer, $2 the first day of its sessions."""

NUMBERED: Final = """
SELECT pg_advisory_xact_lock(hashtext('training.regional-certification'))"""
NEXT_NUMBER: Final = """
SELECT coalesce(max(number), 0) + 1 FROM training.certification WHERE directory = 'REG'"""
"""The next of our own numbers; the lock before it makes the numbering gap-free."""

RETIRE: Final = """
UPDATE training.formation f
   SET withdrawn_at = now(), withdrawn_reason = 'withdrawn_by_provider', version = f.version + 1,
       updated_at = now()
  FROM training.proposal p
 WHERE p.id = $1 AND f.id = p.published_as::uuid AND f.withdrawn_at IS NULL
   AND f.source_kind = 'regional_proposal'
   AND NOT EXISTS (SELECT FROM training.proposal newer
                    WHERE newer.published_as = p.published_as AND newer.state = 'published'
                      AND newer.updated_at > p.updated_at)
RETURNING f.id, f.version, f.withdrawn_at, f.provider_siret, f.number"""
"""$1 a proposal: what has come by a file or a newer proposal since is not its to retire."""

ALIKE: Final = """
SELECT c.code AS id, c.title,
       round(public.similarity(c.title, $1)::numeric, 2)::float8 AS similarity
  FROM training.certification c
 WHERE c.withdrawn_on IS NULL AND public.similarity(c.title, $1) >= $2
 ORDER BY public.similarity(c.title, $1) DESC, c.code
 LIMIT $3"""
"""$1 a title, $2 the least share of common trigrams, $3 how many at most."""
