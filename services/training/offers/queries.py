"""The named reads of the offers: one statement each, the JSON rendered by PostgreSQL."""

from typing import Final

SOURCE: Final = """json_build_object(
    'kind', f.source_kind, 'name', f.source_name, 'url', f.source_url,
    'dated_on', f.source_dated_on, 'licence', f.source_licence, 'import', f.import_run_id)"""
"""Where `f` was read, with its licence."""

DOCUMENT: Final = """
SELECT f.document::text AS document, f.withdrawn_reason FROM training.formation f WHERE f.id = $1"""

FLAGS: Final = """coalesce((SELECT to_json(k.flags) FROM training.formation_flags k
             WHERE k.formation_id = f.id), '[]')"""
"""What the last import found wrong with the provider's right to offer `f`."""

READ: Final = f"""
SELECT (f.document || jsonb_build_object('version', f.version, 'flags', {FLAGS},
                                         'source', {SOURCE}))::text AS document,
       f.withdrawn_reason
  FROM training.formation f WHERE f.id = $1"""  # noqa: S608  # pieces of this file

_ITEM: Final = f"""json_build_object(
  'id', f.id, 'number', f.number, 'title', f.title,
  'provider', json_build_object('siret', f.provider_siret, 'name', f.provider_name),
  'certifications', to_json(f.certifications), 'formacodes', to_json(f.formacodes),
  'departments', to_json(f.departments), 'modes', to_json(f.modes),
  'starts_on', f.starts_on, 'ends_on', f.ends_on, 'quality', f.quality, 'flags', {FLAGS},
  'version', f.version, 'source', {SOURCE})"""

_MATCHING: Final = """
  FROM training.formation f
 WHERE f.withdrawn_at IS NULL
   AND ($1::text[] IS NULL OR f.certifications && $1)
   AND ($2::text IS NULL OR f.provider_siret = $2)
   AND ($3::text IS NULL OR f.departments @> ARRAY[$3::text])
   AND ($6::int IS NULL OR f.quality >= $6)
   AND ($7::int IS NULL OR f.quality <= $7)
   AND ($8::text[] IS NULL OR f.source_licence = ANY($8))
   AND ($9::boolean IS NULL OR $9 = EXISTS (
     SELECT FROM training.formation_flags k WHERE k.formation_id = f.id AND k.flags <> '{}'))
   AND ($10::text IS NULL OR EXISTS (
     SELECT FROM training.formation_flags k
      WHERE k.formation_id = f.id AND k.flags @> ARRAY[$10::text]))
   AND (($4::date IS NULL AND $5::date IS NULL) OR EXISTS (
     SELECT FROM training.action a JOIN training.session s ON s.action_id = a.id
      WHERE a.formation_id = f.id
        AND ($4::date IS NULL OR s.ends_on IS NULL OR s.ends_on >= $4)
        AND ($5::date IS NULL OR s.starts_on IS NULL OR s.starts_on <= $5)))"""
"""$1 codes of certifications, $2 provider, $3 department, $4 and $5 days that a session meets,
$6 and $7 the score, $8 licences, $9 whether there is any flag, $10 a flag."""

LIST: Final = f"""
SELECT f.provider_siret, f.number, {_ITEM}::text AS item
{_MATCHING}
   AND ($11::text IS NULL OR (f.provider_siret, f.number) > ($11, $12::text))
 ORDER BY f.provider_siret, f.number
 LIMIT $13"""
COUNT: Final = f"SELECT count(*) {_MATCHING}"
