"""The named reads of duplicates; what is compared is decided here, once for the list and for one.

Two rules are those of EDOF, which refuses such actions at import (Mon Compte Formation, 7 April
2022): 30056, nothing sets an action apart from another one of the formation; 30057, their hours
alone do, by less than ten. The others compare the titles of one company's formations.
"""

from typing import Final

CLOSE_HOURS: Final = 10
SIMILAR: Final = 0.6
"""Least share of common trigrams; `%` itself stands at 0.3, which finds any two courses."""
MOST: Final = 50
"""Duplicates of one formation that an answer shows, of each kind."""


def _apart(action: str) -> str:
    """Return what sets an action apart, beside mode, languages, price and hours."""
    return f"""(
     SELECT jsonb_build_array(jsonb_path_query_array(facts, '$.places[*].details.address'),
                              facts->'teaching_terms', facts->'teaching_codes',
                              facts->'disabled_access')
       FROM (SELECT jsonb_path_query_first(whole.actions, '$[*] ? (@.id == $id)',
                                           jsonb_build_object('id', {action})) AS facts
             OFFSET 0) found)"""  # noqa: S608  # our own names


_TWICE: Final = f"""
  SELECT pair.*
    FROM (
      SELECT a.formation_id, a.id AS one, a.number AS one_number, a.position AS one_position,
             a.hours AS one_hours, a.price AS one_price,
             b.id AS other, b.number AS other_number, b.position AS other_position,
             b.hours AS other_hours, b.price AS other_price,
             CASE WHEN (a.hours, a.price) IS NOT DISTINCT FROM (b.hours, b.price)
                  THEN 'action_identical' ELSE 'action_hours_close' END AS rule
        FROM training.formation f
        JOIN training.action a ON a.formation_id = f.id
        JOIN training.action b ON b.formation_id = a.formation_id AND b.position > a.position
             AND b.mode = a.mode AND b.languages = a.languages
       WHERE {{scope}}
         AND (abs(a.hours - b.hours) < {CLOSE_HOURS}
              OR (a.hours, a.price) IS NOT DISTINCT FROM (b.hours, b.price))) pair
   CROSS JOIN LATERAL (SELECT f.document->'actions' AS actions FROM training.formation f
                        WHERE f.id = pair.formation_id OFFSET 0) whole
   WHERE {_apart("pair.one")} = {_apart("pair.other")}"""  # noqa: S608  # pieces of this file
"""Pairs of actions that are one; what both leave out sets nothing apart. A document is opened once
a pair, and only where the columns agree."""

ACTIONS: Final = f"""
SELECT f.withdrawn_reason, p.*
  FROM training.formation f
  LEFT JOIN ({_TWICE.format(scope="f.id = $1")}
             ORDER BY one_position, other_position LIMIT {MOST}) p ON p.formation_id = f.id
 WHERE f.id = $1"""  # noqa: S608  # likewise
"""$1 the formation: one row without a pair where it has none, no row where nobody knows it."""

_SAME_COMPANY: Final = """
       g.provider_siret BETWEEN left(f.provider_siret, 9) || '00000'
                            AND left(f.provider_siret, 9) || '99999'
   AND g.id <> f.id AND g.withdrawn_at IS NULL
   AND g.certifications @> f.certifications AND g.certifications <@ f.certifications"""

_SIMILAR: Final = f"""
SELECT CASE WHEN lower(g.title) = lower(f.title) THEN 'title_identical'
            ELSE 'title_similar' END AS rule,
       g.id, g.number, g.title, g.provider_siret AS siret, g.provider_name AS name,
       round(public.similarity(g.title, f.title)::numeric, 2)::float8 AS similarity,
       ARRAY(SELECT unnest(g.departments) INTERSECT SELECT unnest(f.departments)
              ORDER BY 1) AS departments
  FROM {{formations}} f JOIN training.formation g ON {_SAME_COMPANY}
   AND g.title OPERATOR(public.%) f.title AND public.similarity(g.title, f.title) >= {SIMILAR}
 WHERE {{scope}}
 ORDER BY public.similarity(g.title, f.title) DESC, g.provider_siret, g.number
 LIMIT {MOST}"""  # noqa: S608  # likewise

SIMILAR_FORMATIONS: Final = _SIMILAR.format(formations="training.formation", scope="f.id = $1")
"""$1 the formation."""

SIMILAR_PROPOSED: Final = _SIMILAR.format(
    formations="""(
  SELECT $1::uuid AS id, $2::text AS title, $3::text AS provider_siret,
         $4::text[] AS certifications, '{}'::text[] AS departments)""",
    scope="true",
)
"""The same of an offer that is not in the catalogue: $1 the id that it would have, $2 its title,
$3 its provider, $4 its certifications."""

_FOUND: Final = f"""
WITH twice AS (
  {_TWICE.format(scope="f.withdrawn_at IS NULL AND ($1::text IS NULL OR f.provider_siret = $1)")}),
alike AS (
  SELECT f.id, f.provider_siret, f.certifications, lower(f.title) AS title,
         left(f.provider_siret, 9) AS company,
         count(*) OVER (PARTITION BY left(f.provider_siret, 9), lower(f.title)) AS number
    FROM training.formation f
   WHERE f.withdrawn_at IS NULL
     AND ($1::text IS NULL
          OR f.provider_siret BETWEEN left($1, 9) || '00000' AND left($1, 9) || '99999')),
titled AS (
  SELECT id, provider_siret,
         count(*) OVER (PARTITION BY company, title,
                        ARRAY(SELECT DISTINCT unnest(certifications) ORDER BY 1)) AS number
    FROM alike WHERE number > 1),
found AS (
  SELECT id, array_agg(rule ORDER BY rule) AS rules
    FROM (SELECT formation_id AS id, rule FROM twice
          UNION SELECT id, 'title_identical' FROM titled
           WHERE number > 1 AND ($1::text IS NULL OR provider_siret = $1)) hits
   GROUP BY id)"""  # noqa: S608  # likewise
"""What is surely given twice, set by set; $1 the provider."""

_LISTED: Final = """
  FROM found JOIN training.formation f USING (id)
 WHERE ($2::text IS NULL OR $2 = ANY(found.rules))"""
"""$2 a rule."""

LIST: Final = f"""{_FOUND}
SELECT f.provider_siret, f.number,
       json_build_object('id', f.id, 'number', f.number, 'title', f.title,
                         'provider', json_build_object('siret', f.provider_siret,
                                                       'name', f.provider_name),
                         'rules', to_json(found.rules))::text AS item
{_LISTED}
   AND ($3::text IS NULL OR (f.provider_siret, f.number) > ($3, $4::text))
 ORDER BY f.provider_siret, f.number
 LIMIT $5"""  # likewise
COUNT: Final = f"{_FOUND} SELECT count(*) {_LISTED}"  # likewise
