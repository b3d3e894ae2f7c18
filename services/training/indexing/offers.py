"""How the actions of formations `$1` are entered; one statement for each table of the index."""

# ruff: noqa: S608  # pieces of our own

from typing import Final

from training.indexing.vocabulary import ALWAYS, JOB, NEVER, SLOTS

_OBJECTIVES: Final = 300
_CONTENT_READ: Final = 500
"""Characters of each text that are read: to parse the whole would double an import's time."""

_ENTERED: Final = """
  FROM training.search_entry e
  JOIN training.action a ON a.id = e.action_id
  JOIN training.formation f ON f.id = e.formation_id
 WHERE e.formation_id = ANY($1::uuid[])"""

_SLOTS: Final = SLOTS.format(
    wanted="""
  SELECT a.id, 'offer' AS kind, NULL::uuid AS certification_id, a.id AS action_id, a.formation_id,
         a.price, a.hours, coalesce(f.quality, 0) AS quality
    FROM training.formation f
    JOIN unnest($1::uuid[]) one ON f.id = one
    JOIN training.action a ON a.formation_id = f.id
   WHERE f.withdrawn_at IS NULL"""
)

_CERTIFIED: Final = """
  FROM training.certification k WHERE k.code = ANY(f.certifications)"""
_CERTIFICATIONS: Final = f"(SELECT string_agg(k.title, ', '){_CERTIFIED})"
_JOBS: Final = """(
  SELECT string_agg(r.label, ', ') FROM training.rome r WHERE r.code = ANY(f.rome))"""
_FORMACODES: Final = """(
  SELECT string_agg(DISTINCT r.label_fr, ', ') FROM training.reference_concept r
   WHERE r.scheme = 'formacode' AND r.code = ANY(f.formacodes) AND r.withdrawn_at IS NULL)"""
_CODES: Final = """ARRAY(
  SELECT lower(code) FROM unnest(f.rome || f.nsf || f.formacodes || f.certifications) code
  UNION SELECT substring(code FROM '[0-9]+') FROM unnest(f.certifications) code)"""

SAID: Final = f"""
SELECT f.id, f.title, '{{}}'::text[] AS title_codes,
       concat_ws(', ', {_CERTIFICATIONS}, {_JOBS}, {_FORMACODES},
                 left(d.objectives, {_OBJECTIVES})) AS subject,
       {_CODES} AS subject_codes,
       concat_ws(', ', left(d.content, {_CONTENT_READ}), f.provider_name) AS content
  FROM training.formation f, jsonb_to_record(f.document) AS d(objectives text, content text)
 WHERE f.id = ANY($1::uuid[])"""
"""A formation's words once, however many actions it has, and its document unpacked once."""

_PERIODS: Final = f"""
INSERT INTO training.search_period (slot, number, first_start, last_start, ends_on, opens_on,
                                    closes_on)
SELECT e.slot, s.position, coalesce(s.starts_on, {ALWAYS}),
       CASE WHEN a.entries = 'permanent' OR s.starts_on IS NULL THEN coalesce(s.ends_on, {NEVER})
            ELSE s.starts_on END,
       coalesce(s.ends_on, {NEVER}), coalesce(s.enrolment_starts_on, {ALWAYS}),
       CASE WHEN s.recruitment_state IN ('closed', 'suspended') THEN {ALWAYS}
            WHEN s.enrolment_ends_on IS NOT NULL THEN s.enrolment_ends_on
            WHEN a.entries = 'permanent' OR s.starts_on IS NULL THEN coalesce(s.ends_on, {NEVER})
            ELSE s.starts_on END
  FROM training.search_entry e
  JOIN training.action a ON a.id = e.action_id
  JOIN training.session s ON s.action_id = a.id
 WHERE e.formation_id = ANY($1::uuid[])"""
"""With fixed dates one begins on the first day, and enrols until then; else on any day of it."""

_LOCATED: Final = """
  FROM training.search_entry e
  JOIN training.place p ON p.action_id = e.action_id
  LEFT JOIN training.commune by_code ON by_code.code = p.commune
  LEFT JOIN LATERAL (
    SELECT c.* FROM training.commune c
     WHERE by_code.code IS NULL AND c.department = p.department
       AND c.spelling = training.search_commune(p.city)
     LIMIT 1) by_name ON true
 WHERE e.formation_id = ANY($1::uuid[])"""
_PLACES: Final = f"""
INSERT INTO training.search_place (slot, number, latitude, longitude, commune)
SELECT e.slot, p.position, coalesce(p.latitude, by_code.latitude, by_name.latitude),
       coalesce(p.longitude, by_code.longitude, by_name.longitude),
       coalesce(by_code.code, by_name.code)
{_LOCATED} AND coalesce(p.latitude, by_code.latitude, by_name.latitude) IS NOT NULL
   AND coalesce(p.longitude, by_code.longitude, by_name.longitude) IS NOT NULL"""

MADE: Final = (_SLOTS, _PERIODS, _PLACES)

PRICE_BANDS: Final = """CASE WHEN {0} IS NULL THEN 'not_stated' WHEN {0} = 0 THEN 'free'
  WHEN {0} <= 500 THEN 'to_500' WHEN {0} <= 1500 THEN 'to_1500' WHEN {0} <= 5000 THEN 'to_5000'
  ELSE 'over_5000' END"""
HOURS_BANDS: Final = """CASE WHEN {0} IS NULL THEN 'not_stated' WHEN {0} <= 7 THEN 'to_7'
  WHEN {0} <= 35 THEN 'to_35' WHEN {0} <= 150 THEN 'to_150' WHEN {0} <= 600 THEN 'to_600'
  ELSE 'over_600' END"""

_LEVELS: Final = """(VALUES ('3', 2), ('4', 3), ('5', 4), ('6', 5), ('7', 6), ('8', 7), ('11', 1),
  ('12', 2), ('13', 3), ('14', 4), ('15', 5), ('16', 6), ('17', 7), ('18', 8)) known(code, level)"""
"""LHÉO's dictionary of levels, the old names and the new, as those of the French framework."""

_AUDIENCES: Final = """(VALUES ('at_work', '{80001,80002,80003,80004,80006,80008,80009,80010,80014,
  80015,80016,80017,80019,80023,80031,80032,80033,80034,80035,80036,80037,80038,80039,80043,80044,
  80045,80047,80048,80049,80051,80055,80056,80058}'::text[]),
  ('young', '{80024,80025,80026,80027,80028,80029,80052,80056}'),
  ('job_seeker', '{80007,80011,80012,80025,80030,80056,80059}'),
  ('disabled', '{80020,80056}')) audience(code, publics)"""
"""Formacode's kinds of public, V12; 80056 is everybody."""

_BY_CERTIFICATION: Final = """
  FROM training.search_entry e
  JOIN training.formation f ON f.id = e.formation_id
 CROSS JOIN LATERAL unnest(f.certifications) quoted(code)
  JOIN training.certification k ON k.code = quoted.code
 WHERE e.formation_id = ANY($1::uuid[])"""

_LEVEL: Final = f"""(
  SELECT known.level::text FROM {_LEVELS}
   WHERE known.code = d.exit_level
     AND NOT EXISTS (SELECT FROM training.certification k
                      WHERE k.code = ANY(f.certifications) AND k.level IS NOT NULL))"""
"""The certifications' levels prevail over the one that the provider gives."""

_ACCESSIBLE: Final = """EXISTS (
  SELECT FROM jsonb_array_elements(d.actions) one
   WHERE one->>'id' = a.id::text AND one ? 'disabled_access')"""

FACTS: Final = f"""
SELECT e.slot, named.facet, named.value
  FROM training.search_entry e
  JOIN training.action a ON a.id = e.action_id
  JOIN training.formation f ON f.id = e.formation_id,
       jsonb_to_record(f.document) AS d(certifying text, exit_level text, actions jsonb),
       LATERAL (VALUES ('kind', e.kind), ('mode', a.mode), ('entries', a.entries),
                       ('certifying', d.certifying), ('level', {_LEVEL}),
                       ('accessible', ({_ACCESSIBLE})::text),
                       ('price_band', {PRICE_BANDS.format("a.price")}),
                       ('hours_band', {HOURS_BANDS.format("a.hours")}),
                       ('licence', f.source_licence)) named(facet, value)
 WHERE e.formation_id = ANY($1::uuid[])
UNION ALL SELECT e.slot, 'level', k.level::text{_BY_CERTIFICATION} AND k.level IS NOT NULL
UNION ALL
SELECT e.slot, 'audience', audience.code
  FROM training.search_entry e
  JOIN training.action a ON a.id = e.action_id
  JOIN {_AUDIENCES} ON a.audiences && audience.publics
 WHERE e.formation_id = ANY($1::uuid[])
UNION ALL SELECT e.slot, 'funder', unnest(a.funders){_ENTERED}
UNION ALL SELECT e.slot, 'language', unnest(a.languages){_ENTERED}
UNION ALL SELECT e.slot, 'directory', substring(unnest(f.certifications) FROM '^[A-Z]+'){_ENTERED}
UNION ALL SELECT e.slot, 'rome', unnest(f.rome){_ENTERED}
UNION ALL SELECT e.slot, 'rome_domain', left(unnest(f.rome), 3){_ENTERED}
UNION ALL
SELECT e.slot, 'job', {JOB.format("job.code")}
  FROM training.search_entry e
  JOIN training.formation f ON f.id = e.formation_id, unnest(f.rome) job(code)
 WHERE e.formation_id = ANY($1::uuid[])
UNION ALL SELECT e.slot, 'nsf', left(unnest(f.nsf), 3){_ENTERED}
UNION ALL SELECT e.slot, 'formacode', unnest(f.formacodes){_ENTERED}
UNION ALL SELECT e.slot, 'formacode_field', left(unnest(f.formacodes), 3){_ENTERED}
UNION ALL SELECT e.slot, 'ai_literacy_level', k.ai_literacy_level{_BY_CERTIFICATION}
UNION ALL SELECT e.slot, 'theme', unnest(k.themes){_BY_CERTIFICATION}
UNION ALL SELECT e.slot, 'department', p.department{_LOCATED}
UNION ALL SELECT e.slot, 'epci', coalesce(by_code.epci, by_name.epci){_LOCATED}"""

LABELS: Final = """
SELECT f.title AS label FROM training.formation f WHERE f.id = ANY($1::uuid[])
UNION ALL
SELECT r.label FROM training.rome r
 WHERE r.code IN (SELECT unnest(f.rome) FROM training.formation f WHERE f.id = ANY($1::uuid[]))"""
