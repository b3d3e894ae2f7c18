"""The named reads of habilitations: certifying bodies and partners of one certification."""

from typing import Final

from training.certifications.queries import GONE, SOURCE

_LINES: Final = """(
  SELECT 'certifying_body' AS kind, certification_id, position, name, siret, 'both' AS role, state,
         state_since, NULL::date AS active_since
    FROM training.certifying_body
  UNION ALL
  SELECT 'partner', certification_id, position, name, siret, role, state, state_since, active_since
    FROM training.partner) l"""

CERTIFICATION: Final = f"""
SELECT c.id, c.code, {GONE} AS gone, c.effective_on, c.decided_on, c.registration_end,
       c.registration_end_year, c.delivery_limit, c.unknown, {SOURCE}::text AS source,
       c.import_run_id IS NOT NULL
         OR EXISTS (SELECT FROM training.partner p WHERE p.certification_id = c.id) AS listed,
       EXISTS (SELECT FROM {_LINES}
                WHERE l.certification_id = c.id AND l.siret IS NULL AND l.state = 'active')
         AS unidentified
  FROM training.certification c
 WHERE c.code IN ($1::text, $2::text)
 ORDER BY c.code"""  # noqa: S608  # pieces of this file
"""$1 and $2 the codes that were meant."""

OF_COMPANY: Final = f"""
SELECT l.kind, l.siret, l.name, l.role, l.state, l.state_since, l.active_since
  FROM {_LINES}
 WHERE l.certification_id = $1 AND left(l.siret, 9) = left($2::text, 9)
 ORDER BY l.siret <> $2, l.kind, l.position
 LIMIT $3"""  # noqa: S608  # likewise
"""$1 the certification, $2 the SIRET, whose own lines come first, $3 how many at most."""

_LISTED: Final = f"""
  FROM {_LINES}
 WHERE l.certification_id = $1 AND ($2::text IS NULL OR l.kind = $2)
   AND ($3::text IS NULL OR l.state = $3)"""

LINES: Final = f"""
SELECT l.kind, l.position, l.siret, l.name, l.role, l.state, l.state_since, l.active_since
{_LISTED}
   AND ($4::text IS NULL OR (l.kind, l.position) > ($4, $5::int))
 ORDER BY l.kind, l.position
 LIMIT $6"""  # likewise
"""$1 the certification, $2 kind, $3 state, $4–$5 the last key, $6 limit."""

COUNT: Final = f"SELECT count(*) {_LISTED}"  # likewise
"""$1–$3 as in LINES."""
