"""The named reads of continuity: successions and equivalences around one certification."""

from typing import Final

from training.certifications.queries import SOURCE

FACTS: Final = """
  c.code, c.title, c.title_en, c.effective_on, c.decided_on, c.registration_end,
  c.registration_end_year, c.delivery_limit, c.unknown, c.withdrawn_on"""

_CHAIN: Final = f"""
WITH RECURSIVE chain(origin, code) AS (
    {{origins}}
  UNION
    SELECT chain.origin, s.successor
      FROM chain JOIN training.succession s ON s.predecessor = chain.code
)
SELECT chain.origin, chain.code AS asked, {FACTS}, {SOURCE}::text AS source,
       ARRAY(SELECT DISTINCT s.successor FROM training.succession s
              WHERE s.predecessor = chain.code ORDER BY 1) AS successors
  FROM (SELECT * FROM chain LIMIT {{most}}) chain
  LEFT JOIN training.certification c ON c.code = chain.code"""  # noqa: S608  # pieces of this file
"""UNION keeps each code once per origin, so that a cycle of the source ends by itself."""

CHAIN: Final = _CHAIN.format(
    origins="SELECT code, code FROM training.certification WHERE code IN ($1::text, $2::text)",
    most="$3",
)
"""$1 and $2 the codes that were meant, $3 how many rows at most."""

CHAINS: Final = _CHAIN.format(origins="SELECT one, one FROM unnest($1::text[]) one", most="$2")
"""$1 the codes of many certifications, $2 how many rows at most."""

CARRIED: Final = """
SELECT e.source, e.source_blocs, e.target, e.target_blocs
  FROM training.equivalence e
 WHERE (e.source = $1 AND e.target = ANY($2::text[]))
    OR (e.target = $1 AND e.source = ANY($2::text[]))
 ORDER BY e.source, e.position
 LIMIT $3"""
"""$1 the certification, $2 what replaces it, $3 how many rows at most."""

CARRIED_BY_ANY: Final = """
SELECT e.source, e.source_blocs, e.target, e.target_blocs
  FROM training.equivalence e
 WHERE e.source = ANY($1::text[]) OR e.target = ANY($1::text[])
 ORDER BY e.source, e.position
 LIMIT $2"""
"""$1 the certifications, $2 how many rows at most."""

FACTS_OF: Final = f"SELECT {FACTS} FROM training.certification c WHERE c.code = ANY($1::text[])"  # noqa: S608  # likewise

BLOCS_OF: Final = """
SELECT c.code AS certification, array_agg(b.code ORDER BY b.position) AS blocs
  FROM training.bloc b JOIN training.certification c ON c.id = b.certification_id
 WHERE c.code = ANY($1::text[])
 GROUP BY c.code"""

BLOCS: Final = """
SELECT b.code FROM training.bloc b JOIN training.certification c ON c.id = b.certification_id
 WHERE c.code = $1
 ORDER BY b.position"""

NAMED: Final = f"""
SELECT {FACTS} FROM training.certification c
 WHERE c.code IN ($1::text, $2::text) ORDER BY c.code"""  # noqa: S608  # likewise
"""$1 and $2 the codes that were meant."""

_EQUIVALENT: Final = """
  FROM training.equivalence e
  LEFT JOIN training.certification c
    ON c.code = CASE WHEN e.source = $1 THEN e.target ELSE e.source END
 WHERE (e.source = $1 OR e.target = $1)"""

EQUIVALENCES: Final = f"""
SELECT e.source, e.position, e.source_blocs, e.target, e.target_blocs, {FACTS}
{_EQUIVALENT}
   AND ($2::text IS NULL OR (e.source, e.position) > ($2, $3::int))
 ORDER BY e.source, e.position
 LIMIT $4"""  # likewise
"""$1 the certification, $2–$3 the last key, $4 limit."""

EQUIVALENCES_COUNT: Final = f"SELECT count(*) {_EQUIVALENT}"  # likewise

_LINKED: Final = """
  FROM (SELECT 'predecessor' AS relation, predecessor AS number, stated_by
          FROM training.succession WHERE successor = $1
        UNION ALL
        SELECT 'successor', successor, stated_by
          FROM training.succession WHERE predecessor = $1) l"""

SUCCESSION: Final = f"""
SELECT l.relation, l.number, l.stated_by, {FACTS}
  FROM (SELECT l.relation, l.number, array_agg(s.code ORDER BY s.code) AS stated_by
          {_LINKED} JOIN training.certification s ON s.id = l.stated_by
         GROUP BY l.relation, l.number) l
  LEFT JOIN training.certification c ON c.code = l.number
 WHERE $2::text IS NULL OR (l.relation, l.number) > ($2, $3::text)
 ORDER BY l.relation, l.number
 LIMIT $4"""  # noqa: S608  # likewise
"""$1 the certification, $2–$3 the last key, $4 limit."""

SUCCESSION_COUNT: Final = f"SELECT count(DISTINCT (l.relation, l.number)) {_LINKED}"  # likewise
