"""How certifications `$1` are entered; one statement for each table of the index."""

# ruff: noqa: S608  # pieces of our own

from typing import Final

from training.indexing.vocabulary import ALWAYS, JOB, NEVER, SLOTS, THEMES

_OBJECTIVES: Final = 500
"""Characters of each text that are read: to parse the whole would double an import's time."""

_ENTERED: Final = """
  FROM training.search_entry e
  JOIN training.certification c ON c.id = e.certification_id
 WHERE e.certification_id = ANY($1::uuid[])"""

_SLOTS: Final = SLOTS.format(
    wanted="""
  SELECT c.id, 'certification' AS kind, c.id AS certification_id, NULL::uuid AS action_id,
         NULL::uuid AS formation_id, NULL::numeric AS price, NULL::int AS hours,
         greatest(0, 100 - 8 * cardinality(c.unknown)) AS quality
    FROM training.certification c JOIN unnest($1::uuid[]) one ON c.id = one
   WHERE c.withdrawn_on IS NULL"""
)

_LABELS: Final = """(
  SELECT string_agg(k.label, ', ') FROM training.classification k
   WHERE k.certification_id = c.id AND k.scheme <> 'idcc')"""
_BLOCS: Final = """(
  SELECT left(string_agg(b.title, ', ' ORDER BY b.position), 1000)
    FROM training.bloc b WHERE b.certification_id = c.id)"""
_BODIES: Final = """(
  SELECT left(string_agg(b.name, ', ' ORDER BY b.position), 300)
    FROM training.certifying_body b WHERE b.certification_id = c.id AND b.state = 'active')"""
_MARKED: Final = f"""(
  SELECT string_agg(theme.label, ', ') FROM {THEMES} WHERE theme.code = ANY(c.themes))"""
_CODES: Final = """ARRAY(
  SELECT DISTINCT lower(k.code) FROM training.classification k
   WHERE k.certification_id = c.id AND k.scheme <> 'idcc')"""

SAID: Final = f"""
SELECT c.id, concat_ws(', ', c.title, c.abbreviation) AS title,
       ARRAY[lower(c.code), c.number::text] AS title_codes,
       concat_ws(', ', c.title_en, {_LABELS}, {_MARKED}, {_BLOCS}, left(c.accessible_jobs, 500))
         AS subject,
       {_CODES} AS subject_codes,
       concat_ws(', ', left(c.objectives, {_OBJECTIVES}), left(c.capacities, {_OBJECTIVES}),
                 {_BODIES}) AS content
  FROM training.certification c WHERE c.id = ANY($1::uuid[])"""

_LAST: Final = (
    f"""coalesce(c.registration_end, make_date(c.registration_end_year, 12, 31), {NEVER})"""
)
_PERIODS: Final = f"""
INSERT INTO training.search_period (slot, number, first_start, last_start, ends_on, opens_on,
                                    closes_on)
SELECT e.slot, 0, since.day, {_LAST}, {_LAST}, since.day, {_LAST}
  FROM training.search_entry e
  JOIN training.certification c ON c.id = e.certification_id,
       LATERAL (SELECT least(coalesce(c.effective_on, c.decided_on, {ALWAYS}), {_LAST}) AS day)
         since
 WHERE e.certification_id = ANY($1::uuid[])"""
"""One may enrol until the registration ends; of a year only the last day is sure to be too late."""

MADE: Final = (_SLOTS, _PERIODS)

_CODED: Final = """
  FROM training.search_entry e
  JOIN training.classification k ON k.certification_id = e.certification_id
 WHERE e.certification_id = ANY($1::uuid[])"""

FACTS: Final = f"""
SELECT e.slot, named.facet, named.value
  FROM training.search_entry e JOIN training.certification c ON c.id = e.certification_id,
       LATERAL (VALUES ('kind', e.kind), ('directory', c.directory), ('level', c.level::text),
                       ('ai_literacy_level', c.ai_literacy_level), ('licence', c.source_licence))
         named(facet, value)
 WHERE e.certification_id = ANY($1::uuid[])
UNION ALL SELECT e.slot, 'audience', unnest(c.audience){_ENTERED}
UNION ALL SELECT e.slot, 'theme', unnest(c.themes){_ENTERED}
UNION ALL SELECT e.slot, 'rome', k.code{_CODED} AND k.scheme = 'rome'
UNION ALL SELECT e.slot, 'rome_domain', left(k.code, 3){_CODED} AND k.scheme = 'rome'
UNION ALL SELECT e.slot, 'job', {JOB.format("k.code")}{_CODED} AND k.scheme = 'rome'
UNION ALL SELECT e.slot, 'nsf', left(k.code, 3){_CODED} AND k.scheme = 'nsf'
UNION ALL SELECT e.slot, 'formacode', k.code{_CODED} AND k.scheme = 'formacode'
UNION ALL SELECT e.slot, 'formacode_field', left(k.code, 3){_CODED} AND k.scheme = 'formacode'"""

LABELS: Final = """
SELECT c.title AS label FROM training.certification c WHERE c.id = ANY($1::uuid[])
UNION ALL
SELECT k.label FROM training.classification k
 WHERE k.certification_id = ANY($1::uuid[]) AND k.scheme <> 'idcc'"""
