"""The named reads of the views: one statement each, whatever the view tells."""

from typing import Final

from training.certifications.queries import BLOCS_WHOLE, DOCUMENT, GONE
from training.offers.queries import SOURCE

CERTIFICATION_FACTS: Final = f"""({DOCUMENT}::jsonb || jsonb_build_object(
  'blocs', {BLOCS_WHOLE}, 'objectives', c.objectives, 'activities', c.activities,
  'capacities', c.capacities, 'prerequisites', c.prerequisites, 'url', c.url,
  'updated_at', c.updated_at))"""
"""`CertificationFacts` of `c`; $1 is the day of its state."""

CERTIFICATION: Final = f"""
SELECT c.code, {GONE} AS gone, {CERTIFICATION_FACTS}::text AS facts
  FROM training.certification c
 WHERE c.code IN ($2::text, $3::text)
 ORDER BY c.code"""  # noqa: S608  # pieces of this file
"""$2 and $3: the codes that were meant, as in `certifications.queries.READ`."""

_QUALIOPI: Final = """coalesce((
  SELECT to_jsonb(p.qualiopi) FROM training.provider p
   WHERE p.siret = f.provider_siret AND p.withdrawn_at IS NULL
   ORDER BY p.document->>'declared_on' DESC NULLS LAST, p.activity_number
   LIMIT 1), '[]')"""

FORMATION_FACTS: Final = f"""(f.document || jsonb_build_object(
  'codes', to_jsonb(f.certifications), 'version', f.version, 'updated_at', f.updated_at,
  'source', {SOURCE}, 'qualiopi', {_QUALIOPI}, 'certifications', '[]'::jsonb))"""
"""`FormationFacts` of `f`, without its certifications."""

FORMATION_WHOLE: Final = f"""({FORMATION_FACTS} || jsonb_build_object('certifications', coalesce((
  SELECT jsonb_agg({CERTIFICATION_FACTS} ORDER BY array_position(f.certifications, c.code))
    FROM training.certification c
   WHERE c.code = ANY(f.certifications) AND c.withdrawn_on IS NULL), '[]')))"""  # noqa: S608  # likewise
"""`FormationFacts` of `f`; $1 is the day of the states of its certifications."""

FORMATION: Final = f"""
SELECT f.withdrawn_reason, {FORMATION_WHOLE}::text AS facts
  FROM training.formation f WHERE f.id = $2"""  # noqa: S608  # likewise
