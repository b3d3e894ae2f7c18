"""The named reads of the providers: one statement each, the JSON rendered by PostgreSQL."""

from typing import Final

from platformkit.paris import day_in_sql

_SOURCE: Final = """json_build_object(
    'name', p.source_name, 'url', p.source_url, 'dated_on', p.source_dated_on,
    'licence', p.source_licence, 'import', p.import_run_id)"""

READ: Final = f"""
SELECT (p.document || jsonb_build_object(
         'other_numbers', ARRAY(SELECT o.activity_number FROM training.provider o
                                 WHERE o.siren = p.siren AND o.withdrawn_at IS NULL
                                   AND o.activity_number <> p.activity_number
                                 ORDER BY o.activity_number LIMIT 50),
         'version', p.version, 'source', {_SOURCE}))::text AS document,
       {day_in_sql("p.withdrawn_at")} AS withdrawn_on
  FROM training.provider p
 WHERE p.activity_number = $1 OR p.siret = $1
 ORDER BY p.withdrawn_at IS NOT NULL, p.document->>'declared_on' DESC NULLS LAST, p.activity_number
 LIMIT 1"""  # noqa: S608  # pieces of this file
"""$1 an activity number, or a SIRET; of several declarations the one declared last."""

_MATCHING: Final = """
  FROM training.provider p
 WHERE p.withdrawn_at IS NULL
   AND ($1::text[] IS NULL OR p.search_text LIKE $1[1] AND p.search_text LIKE ALL($1))
   AND ($2::text IS NULL OR p.department = $2)
   AND ($3::text[] IS NULL OR p.qualiopi @> $3)
   AND ($4::text IS NULL OR p.siren = $4)"""
"""$1 folded words as LIKE patterns, $2 department, $3 categories, all of them, $4 SIREN."""

LIST: Final = f"""
SELECT p.activity_number,
       json_build_object('activity_number', p.activity_number, 'siret', p.siret, 'siren', p.siren,
                         'name', p.name, 'address', p.document->'address',
                         'qualiopi', to_json(p.qualiopi), 'version', p.version)::text AS item
{_MATCHING}
   AND ($5::text IS NULL OR p.activity_number > $5)
 ORDER BY p.activity_number
 LIMIT $6"""  # likewise
COUNT: Final = f"SELECT count(*) {_MATCHING}"  # likewise
