"""The named reads of the catalogue: one statement each, the JSON rendered by PostgreSQL.

Where a state is shown, `$1` is the legal day that it is for.
"""

import uuid
from typing import Final

from platformkit.paris import day_in_sql

BLOC_IDS: Final = uuid.UUID("14ca8c91-f33e-4391-b210-e8109072f514")
"""The namespace of the identifiers of blocs, which consumers may derive themselves."""

STATE: Final = """
CASE
  WHEN coalesce(c.effective_on, c.decided_on) > $1::date THEN 'upcoming'
  WHEN c.registration_end >= $1::date THEN 'active'
  WHEN c.registration_end IS NOT NULL AND c.delivery_limit >= $1::date THEN 'delivery_only'
  WHEN c.registration_end IS NOT NULL THEN 'inactive'
  WHEN c.registration_end_year > extract(year FROM $1::date) THEN 'active'
  WHEN c.registration_end_year < extract(year FROM $1::date) THEN 'inactive'
  ELSE 'unknown'
END"""
"""The rule of `lifecycle.state` again, for lists; a test holds the two together."""

SOURCE: Final = """json_build_object(
  'kind', c.source_kind, 'name', c.source_name, 'url', c.source_url,
  'dated_on', c.source_dated_on, 'licence', c.source_licence)"""
"""Where the facts of `c` were read, with their licence."""

_TERMS = """(
  SELECT coalesce(json_agg(json_build_object('code', k.code, 'label', k.label)
                           ORDER BY k.position), '[]')
    FROM training.classification k
   WHERE k.certification_id = c.id AND k.scheme = '{scheme}')"""

_BODIES = """(
  SELECT coalesce(json_agg(json_build_object('siret', b.siret, 'name', b.name)
                           ORDER BY b.position), '[]')
    FROM training.certifying_body b WHERE b.certification_id = c.id AND b.state = 'active')"""

_BLOC_KEY = f"""md5('\\x{BLOC_IDS.hex}'::bytea || convert_to(c.code || '/' || b.code, 'UTF8'))"""
BLOC_ID: Final = f"""overlay(overlay({_BLOC_KEY} PLACING '3' FROM 13)
  PLACING translate(substr({_BLOC_KEY}, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab')
  FROM 17)::uuid"""
"""The version 3 UUID of `RNCP37873/RNCP37873BC01`; PostgreSQL has no SHA-1 for version 5."""

_BLOCS = f"""(
  SELECT coalesce(json_agg(json_build_object('id', {BLOC_ID}, 'code', b.code, 'title', b.title)
                           ORDER BY b.position), '[]')
    FROM training.bloc b WHERE b.certification_id = c.id)"""  # noqa: S608  # pieces of this file

BLOCS_WHOLE: Final = f"""(
  SELECT coalesce(json_agg(json_build_object('id', {BLOC_ID}, 'code', b.code, 'title', b.title,
                                             'competences', b.competences,
                                             'assessment', b.assessment)
                           ORDER BY b.position), '[]')
    FROM training.bloc b WHERE b.certification_id = c.id)"""  # noqa: S608  # likewise
"""The blocs of `c` with what they attest."""

_LINKED = """(
  SELECT coalesce(json_agg(s.code ORDER BY s.code), '[]')
    FROM (SELECT DISTINCT {wanted} AS code FROM training.succession WHERE {given} = c.code) s)"""

_SUMMARY_FIELDS = f"""
  'id', c.id, 'number', c.code, 'directory', c.directory,
  'title', json_build_object('fr', c.title, 'en', c.title_en),
  'level', c.level, 'state', {STATE},
  'registration_end', c.registration_end, 'registration_end_year', c.registration_end_year,
  'delivery_limit', c.delivery_limit,
  'editorial', json_build_object('themes', to_json(c.themes), 'audience', to_json(c.audience),
                                 'ai_literacy_level', c.ai_literacy_level),
  'rome', {_TERMS.format(scheme="rome")},
  'certifying_bodies', {_BODIES},
  'source', {SOURCE},
  'unknown', to_json(c.unknown)"""

_SUMMARY = f"""json_build_object({_SUMMARY_FIELDS},
  'blocs_count', (SELECT count(*) FROM training.bloc b WHERE b.certification_id = c.id))"""  # noqa: S608  # pieces of this file

DOCUMENT: Final = f"""json_build_object({_SUMMARY_FIELDS},
  'abbreviation', c.abbreviation, 'registration_type', c.registration_type,
  'decided_on', c.decided_on, 'effective_on', c.effective_on,
  'source_state', c.source_state, 'source_active', c.source_active,
  'access_routes', coalesce(to_json(c.access_routes), '[]'),
  'nsf', {_TERMS.format(scheme="nsf")}, 'formacodes', {_TERMS.format(scheme="formacode")},
  'blocs', {_BLOCS},
  'predecessors', {_LINKED.format(wanted="predecessor", given="successor")},
  'successors', {_LINKED.format(wanted="successor", given="predecessor")},
  'source_id', c.source_id, 'import_run', c.import_run_id,
  'absent_since', {day_in_sql("c.absent_since")},
  'version', c.version)"""
"""The public document of `c`; $1 is the day of its state."""

GONE: Final = f"""CASE WHEN c.withdrawn_on IS NOT NULL THEN json_build_object(
  'reason', c.withdrawn_reason, 'on', c.withdrawn_on,
  'successors', {_LINKED.format(wanted="successor", given="predecessor")})::text END"""
"""Why and when `c` was withdrawn, and what replaces it; null while it is in the catalogue."""

READ: Final = f"""
SELECT c.code, {GONE} AS gone, {DOCUMENT}::text AS document
  FROM training.certification c
 WHERE c.code IN ($2::text, $3::text)
 ORDER BY c.code"""  # noqa: S608  # pieces of this file
"""$2 and $3: the codes that were meant, the same one twice where there is no doubt.

IN instead of ANY: PostgreSQL then keeps its plan, and most of this read was planning.
"""

BLOCS: Final = f"""
SELECT c.code, {GONE} AS gone,
       json_build_object('number', c.code, 'known', NOT ('blocs' = ANY(c.unknown)),
                         'items', {BLOCS_WHOLE}, 'source', {SOURCE})::text AS document
  FROM training.certification c
 WHERE c.code IN ($1::text, $2::text)
 ORDER BY c.code"""  # noqa: S608  # pieces of this file
"""$1 and $2: the codes that were meant, as in READ."""

DESCRIPTION: Final = f"""
SELECT c.code, {GONE} AS gone, json_build_object(
  'number', c.code, 'objectives', c.objectives, 'activities', c.activities,
  'capacities', c.capacities, 'sectors', c.sectors, 'accessible_jobs', c.accessible_jobs,
  'prerequisites', c.prerequisites, 'regulations', c.regulations, 'url', c.url,
  'registration_years', c.registration_years, 'published_on', c.published_on,
  'idcc', {_TERMS.format(scheme="idcc")},
  'statistics', coalesce(c.statistics, '[]'), 'source', {SOURCE})::text AS document
  FROM training.certification c
 WHERE c.code IN ($1::text, $2::text)
 ORDER BY c.code"""  # noqa: S608  # pieces of this file
"""$1 and $2: the codes that were meant, as in READ."""

_FILTERS = f"""
  FROM training.certification c
 WHERE c.withdrawn_on IS NULL
   AND ($2::text[] IS NULL OR c.search_text LIKE ALL($2))
   AND ($3::text IS NULL OR c.directory = $3)
   AND ($4::int[] IS NULL OR c.level = ANY($4))
   AND ($5::text[] IS NULL OR c.audience && $5)
   AND ($6::text[] IS NULL OR {STATE} = ANY($6))
   AND ($11::text[] IS NULL OR c.source_licence = ANY($11))
   AND CASE WHEN $10 THEN
         ($7::text[] IS NULL AND $8::text[] IS NULL AND $9::text[] IS NULL)
         OR coalesce(c.code = ANY($7), false)
         OR coalesce(c.themes && $8, false)
         OR {{for_job}}
       ELSE
         ($7::text[] IS NULL OR c.code = ANY($7))
         AND ($8::text[] IS NULL OR c.themes && $8)
         AND ($9::text[] IS NULL OR {{for_job}})
       END"""

_FOR_JOB = """EXISTS (
   SELECT FROM training.classification k
    WHERE k.certification_id = c.id AND k.scheme = 'rome'
      AND k.code IN (SELECT unnest($9::text[])
                     UNION SELECT r.parent_code FROM training.rome r WHERE r.code = ANY($9)))"""

_MATCHING = _FILTERS.format(for_job=_FOR_JOB)

LIST: Final = f"""
SELECT c.directory, c.number, {_SUMMARY}::text AS item
{_MATCHING}
   AND ($12::text IS NULL OR (c.directory, c.number) < ($12, $13::int))
 ORDER BY c.directory DESC, c.number DESC
 LIMIT $14"""
"""RS before RNCP (short before long), newest number first.

$2 folded words as LIKE patterns, $3 directory, $4 levels, $5 audience, $6 states, $7 codes,
$8 themes, $9 ROME codes, $10 whether one of $7–$9 is enough, $11 licences, $12–$13 the last key,
$14 limit.
"""

COUNT: Final = f"SELECT count(*) {_MATCHING}"
"""$1–$11 as in LIST."""

_COLUMNS = (
    "capacities",
    "objectives",
    "activities",
    "level",
    "registration_end",
    "accessible_jobs",
    "prerequisites",
    "url",
)
_MET = {
    **{column: f"c.{column} IS NOT NULL" for column in _COLUMNS},
    "access_routes": "cardinality(c.access_routes) > 0",
    "blocs": "EXISTS (SELECT FROM training.bloc b WHERE b.certification_id = c.id)",
    "certifying_body_siret": """EXISTS (
      SELECT FROM training.certifying_body b
       WHERE b.certification_id = c.id AND b.state = 'active' AND b.siret IS NOT NULL)""",
    **{
        scheme: f"""EXISTS (SELECT FROM training.classification k
                     WHERE k.certification_id = c.id AND k.scheme = '{one}')"""
        for scheme, one in (("rome", "rome"), ("nsf", "nsf"), ("formacodes", "formacode"))
    },
}
QUALITY: Final = f"""
SELECT c.code, c.directory, {GONE} AS gone, array_remove(ARRAY[
  {", ".join(f"CASE WHEN {holds} THEN '{code}' END" for code, holds in _MET.items())}], NULL) AS met
  FROM training.certification c
 WHERE c.code IN ($1::text, $2::text)
 ORDER BY c.code"""  # noqa: S608  # likewise
"""Which criteria of `quality.CRITERIA` hold; $1 and $2 the codes that were meant, as in READ."""
