"""The named reads of openings."""

from typing import Final

FORMATION: Final = """
SELECT f.certifications, f.withdrawn_reason FROM training.formation f WHERE f.id = $1"""

SESSIONS: Final = """
SELECT a.number AS action, s.id, s.number, s.starts_on, s.ends_on, s.enrolment_starts_on,
       s.enrolment_ends_on, s.recruitment_state, a.entries = 'permanent' AS permanent
  FROM training.action a JOIN training.session s ON s.action_id = a.id
 WHERE a.formation_id = $1
 ORDER BY a.position, s.position
 LIMIT 1000"""
"""No formation has more: see `offers.rules.MOST_PARTS`."""

CERTIFICATIONS: Final = """
SELECT c.code, c.effective_on, c.decided_on, c.registration_end, c.registration_end_year,
       c.delivery_limit, c.unknown
  FROM training.certification c WHERE c.code = ANY($1::text[])"""
