"""The named reads of offerings: sessions, in the order of their first day."""

from typing import Final

from training.facts.queries import CERTIFICATION_FACTS
from training.oeapi.queries import COURSE_FACTS, ORGANISATION_FACTS, PROGRAMMES_OF
from training.offers.queries import SOURCE

LEAST_DAY: Final = "0001-01-01"
"""The key of a session whose first day is open."""

_OFFERING: Final = f"""json_build_object(
  'id', s.id, 'number', concat_ws('/', f.number, a.number, s.number), 'title', f.title,
  'formation', f.id, 'provider', f.provider_siret, 'mode', a.mode, 'entries', a.entries,
  'languages', to_json(a.languages), 'audiences', to_json(a.audiences),
  'funders', to_json(a.funders), 'price', a.price, 'hours', a.hours,
  'starts_on', s.starts_on, 'ends_on', s.ends_on,
  'enrolment_starts_on', s.enrolment_starts_on, 'enrolment_ends_on', s.enrolment_ends_on,
  'recruitment_state', s.recruitment_state,
  'places', (SELECT coalesce(json_agg(json_build_object(
               'postcode', p.postcode, 'city', p.city, 'latitude', p.latitude,
               'longitude', p.longitude) ORDER BY p.position), '[]')
               FROM training.place p WHERE p.action_id = a.id AND p.position < 20),
  'programmes', {PROGRAMMES_OF}, 'source', {SOURCE})"""  # noqa: S608  # pieces of queries

_SESSIONS: Final = """
  FROM training.session s
  JOIN training.action a ON a.id = s.action_id
  JOIN training.formation f ON f.id = a.formation_id"""

_FIRST_DAY: Final = f"coalesce(s.starts_on, DATE '{LEAST_DAY}')"

_MATCHING: Final = """
   AND f.withdrawn_at IS NULL
   AND ($1::text IS NULL OR f.provider_siret = $1)
   AND coalesce(s.starts_on >= $2::date, true)
   AND coalesce(s.ends_on <= $3::date, true)
   AND ($4::text IS NULL OR a.mode = $4)
   AND ($5::text IS NULL OR a.languages && ARRAY[lower($5), upper($5)])
   AND ($6::boolean IS NULL OR (coalesce(s.recruitment_state, 'open') = 'open') = $6)"""
"""$1 provider, $2 and $3 days, $4 mode, $5 language, $6 whether it recruits."""

COURSE_OFFERINGS: Final = f"""
SELECT {_FIRST_DAY}::text AS first_day, s.id, {_OFFERING}::text AS facts
{_SESSIONS}
 WHERE ($7::uuid IS NULL OR a.formation_id = $7)
{_MATCHING}
   AND ({_FIRST_DAY}, s.id) > ($8::text::date, $9::uuid)
 ORDER BY {_FIRST_DAY}, s.id
OFFSET $10 LIMIT $11"""  # pieces of this file
"""$1–$6 as in _MATCHING, $7 the formation, $8–$9 the last key, $10 skip, $11 limit."""

PROGRAMME_OFFERINGS: Final = f"""
SELECT {_FIRST_DAY}::text AS first_day, s.id, c.code, c.id AS programme,
       {_OFFERING}::text AS facts
{_SESSIONS}
  JOIN training.certification c ON c.code = ANY(f.certifications) AND c.withdrawn_on IS NULL
 WHERE ($7::uuid IS NULL OR c.id = $7 AND f.certifications @> ARRAY[
          (SELECT k.code FROM training.certification k WHERE k.id = $7)])
{_MATCHING}
   AND ({_FIRST_DAY}, s.id, c.code) > ($8::text::date, $9::uuid, $10::text)
 ORDER BY {_FIRST_DAY}, s.id, c.code
OFFSET $11 LIMIT $12"""  # noqa: S608  # likewise
"""$1–$6 as in _MATCHING, $7 the certification, $8–$10 the last key, $11 skip, $12 limit."""

_EXPANDED: Final = f"""
       CASE WHEN $1 THEN {ORGANISATION_FACTS.format(siret="f.provider_siret")}::text END
         AS organisation"""

COURSE_OFFERING: Final = f"""
SELECT f.withdrawn_reason, f.id AS formation, {_OFFERING}::text AS facts, {_EXPANDED},
       CASE WHEN $2 THEN {COURSE_FACTS}::text END AS course
{_SESSIONS}
 WHERE s.id = $3"""  # likewise
"""$1 and $2 whether to expand its organisation and its course, $3 the session."""

PROGRAMME_OFFERING: Final = f"""
SELECT f.withdrawn_reason, f.id AS formation, {_OFFERING}::text AS facts,
       c.id AS programme_id, {_EXPANDED},
       CASE WHEN $3 THEN {CERTIFICATION_FACTS.replace("$1", "$2")}::text END AS programme
{_SESSIONS}
  JOIN training.certification c ON c.code = $4 AND c.code = ANY(f.certifications)
   AND c.withdrawn_on IS NULL
 WHERE s.id BETWEEN $5 AND $6
 LIMIT 1"""  # likewise
"""$1 and $3 what to expand, $2 day, $4 the certification, $5–$6 between which the session's id."""
